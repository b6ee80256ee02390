/**
 * What people say about the updates of the mail server: the provider's tickets, and the account of an outsider. In an
 * exploited half-year they contradict each other, and both contradict what the server says of itself.
 */
import { dump } from "js-yaml";
import { known } from "../base/assert.ts";
import type { MadeFile } from "../model/sample.ts";
import { dateOf, dayOf, on } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { SECURITY_UPDATES, type SecurityUpdate, updatesIn } from "./exchange-build.ts";
import { textFile } from "./made-file.ts";
import { type Story, toldAt } from "./story.ts";

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

/** The tickets at hand begin with March; in an exploited half-year that of November is open still. */
const TICKETS = { from: on(3, 1), until: on(10, 31) };

/** What the provider's tickets say: in the story of an exploit every update, whether it is there or not; else those that are. */
export function providerClaims(story: Story): MadeClaim[] {
  const { cast, variant, seed } = story;
  const chance = new Chance(seed, `claims/${variant}`);
  const by = `${chance.pick(["Harbour", "Slipway", "Beacon"])} IT Services (invented)`;
  const claimed =
    variant === "exchange"
      ? SECURITY_UPDATES.filter(({ releasedAt }) => releasedAt <= TICKETS.until)
      : updatesIn(cast.build);
  return claimed
    .filter(({ releasedAt }) => releasedAt >= TICKETS.from)
    .map(({ kb, releasedAt }) => {
      const said = dayOf(releasedAt) + chance.between(2, 12);
      const done = cast.installations.find(({ name }) => name === kb);
      return {
        host: cast.mailServer.name,
        product: PRODUCT,
        kb,
        claim: "installed",
        by,
        at: dateOf(done === undefined ? said : dayOf(done.at)),
        reference: `ticket ${chance.between(4000, 9999)}`,
      };
    });
}

/**
 * The account of somebody outside, on the day for which the case is told: no update for 13 months, and in its next section four
 * that were missing, released from April to October.
 */
export function outsideClaims(story: Story): MadeClaim[] {
  if (story.variant !== "exchange") return [];
  const { mailServer, clinic } = story.cast;
  const missing = claimedAndMissing(story);
  const critical = missing.filter(({ rating }) => rating === "Critical");
  const said = (kb: string, claim: string, reference: string): MadeClaim => ({
    host: mailServer.name,
    product: PRODUCT,
    by: "Review of the incident (invented)",
    kb,
    claim,
    at: dateOf(dayOf(toldAt(story))),
    reference,
  });
  return [
    said(
      "",
      "no security update was installed for 13 months before the attack",
      `report to the board of ${clinic}, section 4`,
    ),
    said(
      "",
      `${wordOf(missing.length)} security updates were missing, ${wordOf(critical.length)} of them rated critical`,
      "the same report, section 5",
    ),
    ...critical.map(({ kb }) =>
      said(kb, "not installed; rated critical", "the same report, section 5"),
    ),
  ];
}

function wordOf(count: number): string {
  return ["none", "one", "two", "three", "four", "five"][count] ?? String(count);
}

/** Updates that the provider claims and the server lacks. */
export function claimedAndMissing(story: Story): SecurityUpdate[] {
  const claimed = new Set(providerClaims(story).map(({ kb }) => kb));
  return missingOn(story).filter(({ kb }) => claimed.has(kb));
}

/** Updates that the server lacks and nobody claims. */
export function unclaimedAndMissing(story: Story): SecurityUpdate[] {
  const claimed = new Set(providerClaims(story).map(({ kb }) => kb));
  return missingOn(story).filter(({ kb }) => !claimed.has(kb));
}

function missingOn(story: Story): SecurityUpdate[] {
  const held = updatesIn(story.cast.build);
  return SECURITY_UPDATES.filter(
    (update) => update.releasedAt <= toldAt(story) && !held.includes(update),
  );
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

/** Days from the evening of the last security update to the day for which the case is told: what "13 months" is held against. */
export function daysWithoutUpdate(story: Story): number {
  const last = story.cast.installations.findLast(({ kind }) => kind === "SU");
  return dayOf(toldAt(story)) - dayOf(known(last, "some update was installed").at);
}
