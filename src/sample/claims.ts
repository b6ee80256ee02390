/**
 * What people say about the updates of the mail server: the provider's tickets, and the account of an outsider. In an
 * exploited half-year they contradict each other, and both contradict what the server says of itself.
 */
import { dump } from "js-yaml";
import type { MadeFile } from "../model/sample.ts";
import { DAY, dateOf, dayOf, on } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { LATER_UPDATES, type SecurityUpdate, updatesIn } from "./exchange-build.ts";
import { textFile } from "./made-file.ts";
import type { Story } from "./story.ts";

/** One statement, by the names of its columns. */
export interface MadeClaim {
  readonly host: string;
  readonly product: string;
  readonly kb: string;
  readonly claim: string;
  readonly by: string;
  readonly at: string;
  readonly reference: string;
}

const PRODUCT = "Exchange Server";

/** What the provider's tickets say: every update, whether it is there or not, where the story is one of an exploit. */
export function providerClaims(story: Story): MadeClaim[] {
  const { cast, variant, seed } = story;
  const chance = new Chance(seed, `claims/${variant}`);
  const by = `${chance.pick(["Harbour", "Slipway", "Beacon"])} IT Services (invented)`;
  const claimed: readonly SecurityUpdate[] =
    variant === "exchange" ? LATER_UPDATES : updatesIn(cast.build);
  const march = { kb: "KB5000871", releasedAt: on(3, 2) };
  return [march, ...claimed].map(({ kb, releasedAt }) => ({
    host: cast.mailServer.name,
    product: PRODUCT,
    kb,
    claim: "installed",
    by,
    at: dateOf(dayOf(releasedAt) + chance.between(2, 12)),
    reference: `ticket ${chance.between(4000, 9999)}`,
  }));
}

/** The account of somebody outside, written when all was over: no update for 13 months. */
export function outsideClaims(story: Story): MadeClaim[] {
  if (story.variant !== "exchange") return [];
  const { mailServer, clinic } = story.cast;
  const said = { host: mailServer.name, product: PRODUCT, by: "Review of the incident (invented)" };
  const at = dateOf(dayOf(on(12, 20)));
  return [
    {
      ...said,
      kb: "",
      claim: "no security update was installed for 13 months before the attack",
      at,
      reference: `report to the board of ${clinic}, section 4`,
    },
    ...LATER_UPDATES.slice(0, 1).map(({ kb, rating }) => ({
      ...said,
      kb,
      claim: `not installed; rated ${rating.toLowerCase()}`,
      at,
      reference: "the same report, section 5",
    })),
  ];
}

/** `claims.csv` of the provider and, where there is one, `claims.yaml` of the review. */
export function makeClaims(story: Story, notice: string): MadeFile[] {
  const outside = outsideClaims(story);
  return [
    textFile("claims.csv", csvOf(providerClaims(story))),
    ...(outside.length === 0
      ? []
      : [textFile("claims.yaml", `# ${notice}\n${dump({ claims: outside }, { lineWidth: 110 })}`)]),
  ];
}

/** `note` labels each line, for a CSV has no comments. */
function csvOf(claims: readonly MadeClaim[]): string {
  const names = ["host", "product", "kb", "claim", "by", "at", "reference"] as const;
  const rows = claims.map((claim) => [...names.map((name) => claim[name]), "synthetic"].join(","));
  return [[...names, "note"].join(","), ...rows, ""].join("\r\n");
}

/** How long before the review the last update of a build had come, in days: what "13 months" is held against. */
export function daysWithoutUpdate(story: Story): number {
  const last = updatesIn(story.cast.build).at(-1)?.releasedAt ?? on(3, 2);
  return Math.round((on(12, 10) - last) / DAY);
}
