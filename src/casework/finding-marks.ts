/** Findings as hashes: what a run journals of them, so that a replay can say whether and where it differs. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../base/text.ts";
import type { Finding } from "../model/finding.ts";

/** One finding by its id, and 16 hexadecimal digits of the hash of all that it says. */
export const FINDING_MARK = z.object({ id: z.string(), hash: z.string() });
export type FindingMark = z.infer<typeof FINDING_MARK>;

/** SHA-256 over the findings in canonical JSON, ticks as digits; hexadecimal. */
export function findingsHash(findings: readonly Finding[]): string {
  return createHash("sha256")
    .update(canonicalJson(findings.map(printed)))
    .digest("hex");
}

/** The mark of each finding, in their order. */
export function marksOf(findings: readonly Finding[]): readonly FindingMark[] {
  return findings.map((finding) => ({
    id: finding.id,
    hash: createHash("sha256")
      .update(canonicalJson(printed(finding)))
      .digest("hex")
      .slice(0, 16),
  }));
}

/** Ids that only the later marks have, only the earlier, and both with another hash. */
export function differenceOf(earlier: readonly FindingMark[], later: readonly FindingMark[]) {
  const hashes = new Map(earlier.map(({ id, hash }) => [id, hash]));
  const ids = new Set(later.map(({ id }) => id));
  const idsWhere = (list: readonly FindingMark[], test: (mark: FindingMark) => boolean) =>
    list.filter(test).map(({ id }) => id);
  return {
    added: idsWhere(later, ({ id }) => !hashes.has(id)),
    removed: idsWhere(earlier, ({ id }) => !ids.has(id)),
    changed: idsWhere(later, ({ id, hash }) => (hashes.get(id) ?? hash) !== hash),
  };
}

/** What a run found, and nothing of what people did about it since. */
function printed(finding: Finding): unknown {
  const { question, kind, id, title, level, host, rule, firstSeen, lastSeen } = finding;
  const { detections, counts, examples, why } = finding;
  const seen = { firstSeen: String(firstSeen), lastSeen: String(lastSeen) };
  return {
    question,
    kind,
    id,
    title,
    level,
    host,
    rule,
    ...seen,
    detections,
    counts,
    examples,
    why,
  };
}
