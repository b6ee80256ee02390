/**
 * Claims that stand alone: of updates that nothing else speaks of, of a later day, of nothing that is known here. Refuses to read a
 * verdict into silence.
 */
import { type Day, formatDay } from "../../base/day.ts";
import { byCodeUnits } from "../../base/text.ts";
import { count, spell } from "../../engines/wording/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { PatchItem } from "../../model/patch.ts";
import { readClaim } from "./claim-words.ts";

/** The items of a host's claims that no observation here can be held against. */
export function aloneItems(host: string, claims: readonly Claim[]): PatchItem[] {
  return [...Map.groupBy(claims, ({ kb }) => kb.toUpperCase())]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([kb, own]) => {
      const isInstalled = own.some(({ claim }) => readClaim(claim, "named").says === "installed");
      return {
        ...NOTHING,
        host,
        product: own[0]?.product ?? "",
        kb,
        kbs: [kb],
        verdict: isInstalled ? "unverified" : "unknown",
        claims: own,
        why: "Nothing here but the claim speaks of it: no observation shows a build of this host that a catalogue here knows for it",
      };
    });
}

const NOTHING: Omit<PatchItem, "host" | "product" | "kb" | "kbs" | "verdict" | "claims" | "why"> = {
  build: "",
  observedAt: null,
  strength: null,
  update: "",
  vulnerabilities: [],
  severity: "none",
  rank: "none",
  released: null,
  requires: [],
  excuses: [],
  exposure: null,
  known: [],
  deadline: null,
  at: [],
};

const SHOWN_MAX = 5;

/** What is left open by claims that were made after the day. */
export function untimely(later: readonly Claim[], asOf: Day): string[] {
  return later.length === 0
    ? []
    : [
        `What to make of ${count(later.length, "claim")} made after ${formatDay(asOf)}: ${shown(later.map(placeOf), "; ")}.`,
      ];
}

/** What is left open by claims that fit nothing. */
export function unfitting(left: readonly Claim[]): string[] {
  const said = left.map((claim) => `“${spell(claim.claim || claim.kb)}” (${placeOf(claim)})`);
  return left.length === 0
    ? []
    : [
        `Whether ${count(left.length, "claim")} can be held against anything: ${shown(said)}. No host, update or number in ${left.length === 1 ? "it" : "them"} fits what the records show.`,
      ];
}

/** The first ones, and how many more there are. */
function shown(texts: readonly string[], between = ", "): string {
  const more = texts.length - SHOWN_MAX;
  return `${texts.slice(0, SHOWN_MAX).join(between)}${more > 0 ? ` and ${count(more, "other")}` : ""}`;
}

function placeOf({ file, record }: Claim): string {
  return `${file}, ${record}`;
}
