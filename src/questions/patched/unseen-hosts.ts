/** Hosts of which no build is shown, and names that may be one host's. Refuses to join two names on a likeness. */
import { byCodeUnits } from "../../base/text.ts";
import { spell } from "../../engines/wording/index.ts";
import type { Observation } from "../../model/observation.ts";
import type { HostPatches, HostRemark } from "../../model/patch.ts";
import { likeNames } from "./hosts.ts";

/** What one name may be like: more is noise. */
const REMARKS_MAX = 5;

/** A host that something speaks of, and of which nothing shows a build. */
export function unseen(host: string): HostPatches {
  return {
    host,
    product: "",
    build: "",
    observedAt: null,
    decidedBy: null,
    strength: "none",
    revisionStrength: "none",
    spans: [],
    unfixed: 0,
    critical: 0,
    unknown: 0,
    next: null,
    remarks: [
      {
        kind: "no-inventory",
        text: `${host === "" ? "A host that is not named" : host}: nothing here shows what is installed on it.`,
        at: [],
      },
    ],
  };
}

/** Hosts of the logs that no observation speaks of. */
export function withoutInventory(
  seenHosts: readonly string[],
  byHost: ReadonlyMap<string, readonly Observation[]>,
): string[] {
  const known = new Set(
    [...byHost]
      .filter(([, own]) => own.some(({ strength }) => strength !== "none"))
      .map(([host]) => host.toLowerCase()),
  );
  return [...new Set(seenHosts)]
    .filter((host) => host !== "" && !known.has(host.toLowerCase()))
    .sort(byCodeUnits);
}

/** By host: of which other name it may be. */
export function twoNames(names: readonly string[]): ReadonlyMap<string, readonly HostRemark[]> {
  const remarks = new Map<string, HostRemark[]>();
  for (const pair of likeNames(names)) {
    const [short, long] = pair.map((name) => spell(name));
    const text = `${short} and ${long} may be one host under two names; they are kept apart until the case file says so (aliases).`;
    for (const name of pair) {
      const own = remarks.get(name);
      if (own === undefined) remarks.set(name, [{ kind: "two-names", text, at: [] }]);
      else if (own.length < REMARKS_MAX) own.push({ kind: "two-names", text, at: [] });
    }
  }
  return remarks;
}
