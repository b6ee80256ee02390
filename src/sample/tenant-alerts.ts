/**
 * Alerts of the tenant as Graph's security/alerts_v2 gives them: what Microsoft made of the thief's sign-in and rule, and two that
 * were nothing. None where the story has no tenant.
 */
import type { MadeFile } from "../model/sample.ts";
import { DAY, MINUTE, isoOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { textFile } from "./made-file.ts";
import { tenantOf, type Tenant } from "./tenant.ts";
import type { Story } from "./story.ts";

/** The export, or nothing. */
export function makeTenantAlerts(story: Story): MadeFile[] {
  const tenant = tenantOf(story);
  if (tenant === null) return [];
  const chance = new Chance(story.seed, `alerts/${story.variant}`);
  const context = "https://graph.microsoft.com/v1.0/$metadata#security/alerts_v2";
  const value = alertsOf(story, tenant, chance)
    .toSorted((left, right) => left.at - right.at)
    .map((alert) => recordOf(alert, chance.guid()));
  return [
    textFile(
      "m365/Alerts.json",
      `${JSON.stringify({ "@odata.context": context, value }, null, 1)}\n`,
    ),
  ];
}

interface Alert {
  readonly at: number;
  readonly title: string;
  readonly category: string;
  readonly severity: "informational" | "low" | "medium" | "high";
  readonly mail: string;
  readonly address: string;
  readonly determination: string;
}

function alertsOf(
  { cast }: Story,
  { victim, address, signIns, records }: Tenant,
  chance: Chance,
): Alert[] {
  const theft = { mail: victim.mail, address, determination: "unknown" };
  const entered = signIns.filter((one) => one.address === address && one.error === 0);
  const ruled = records.filter(
    ({ isTheft, operation }) => isTheft && operation === "New-InboxRule",
  );
  const [first] = records;
  const away = chance.pick(cast.people);
  const nothing = Array.from({ length: 2 }, (_, at) => ({
    at: (first?.at ?? 0) + (at + 1) * DAY + chance.below(DAY),
    title: "Activity from infrequent country",
    category: "InitialAccess",
    severity: "low" as const,
    mail: away.mail,
    address: away.away,
    determination: "notMalicious",
  }));
  return [
    ...entered.map(({ at }) => ({
      ...theft,
      at: at + 9 * MINUTE,
      title: "Unfamiliar sign-in properties",
      category: "InitialAccess",
      severity: "medium" as const,
    })),
    ...ruled.map(({ at }) => ({
      ...theft,
      at: at + 6 * MINUTE,
      title: "Suspicious inbox manipulation rule",
      category: "DefenseEvasion",
      severity: "high" as const,
    })),
    ...nothing,
  ];
}

function recordOf({ at, mail, address, determination, ...alert }: Alert, id: string) {
  const isDone = determination !== "unknown";
  return {
    id,
    ...alert,
    status: isDone ? "resolved" : "new",
    classification: isDone ? "falsePositive" : null,
    determination,
    serviceSource: "microsoftDefenderForCloudApps",
    detectionSource: "cloudAppSecurity",
    createdDateTime: isoOf(at),
    firstActivityDateTime: isoOf(at - 8 * MINUTE),
    evidence: [
      {
        "@odata.type": "#microsoft.graph.security.userEvidence",
        userAccount: { userPrincipalName: mail },
      },
      { "@odata.type": "#microsoft.graph.security.ipEvidence", ipAddress: address },
    ],
  };
}
