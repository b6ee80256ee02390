/**
 * What the vendor says of an exclusion, whatever the day: advised in these periods, never to be made, or unknown. Refuses to take
 * for advised what climbs out of an advised folder with `..`.
 */
import type { Level } from "../../model/detection.ts";
import { type ExclusionKind, plainExclusion } from "./exclusions-spelling.ts";
import type { AdvicePeriod, ExclusionTerms } from "./exclusions-terms.ts";

/** What is said of an exclusion. */
export type Advice =
  | { readonly kind: "advised"; readonly periods: readonly AdvicePeriod[]; readonly source: string }
  | { readonly kind: "never"; readonly level: Level; readonly why: string; readonly source: string }
  | { readonly kind: "unknown" };

/** What is said of an exclusion of this kind and value. */
export function adviceOn(kind: ExclusionKind, value: string, terms: ExclusionTerms): Advice {
  const plain = plainExclusion(kind, value);
  const isPlain = !plain.split("\\").includes("..");
  const advised = terms.advised.find(
    (entry) => entry.kind === kind && entry.values.some((said) => covers(kind, said, plain)),
  );
  if (advised !== undefined && isPlain)
    return { kind: "advised", periods: advised.periods, source: advised.source };
  const never = terms.never.find(
    (entry) =>
      entry.kind === kind &&
      entry.values.some((said) => {
        if (kind === "process") return nameOf(plain) === said;
        return entry.how === "within" ? covers(kind, said, plain) : said === plain;
      }),
  );
  if (never === undefined) return { kind: "unknown" };
  return { kind: "never", level: never.level, why: never.why, source: never.source };
}

/** A folder covers what lies below it; a program named without a folder is the one of that name. */
function covers(kind: ExclusionKind, said: string, plain: string): boolean {
  if (said === plain) return true;
  switch (kind) {
    case "path":
      return said.endsWith("*")
        ? plain.startsWith(said.slice(0, -1))
        : plain.startsWith(`${said}\\`);
    case "process":
      return !plain.includes("\\") && nameOf(said) === plain;
    case "extension":
      return false;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("\\") + 1);
}
