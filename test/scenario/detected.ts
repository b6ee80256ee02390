/** What our rules and the antivirus's verdicts say of some files, read as an investigation reads them, without a vault; for scenarios. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { known } from "../../src/base/assert.ts";
import { memorySource } from "../../src/base/source.ts";
import { settingFor } from "../../src/casework/case-file.ts";
import { loadKnowledge } from "../../src/casework/knowledge.ts";
import { KeptDetections, OF_RULE_IN_RUN_MAX } from "../../src/casework/reading/kept-detections.ts";
import { HEAD_BYTES } from "../../src/engines/formats/index.ts";
import {
  createMatcher,
  detectionOf,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import type { CaseFile } from "../../src/model/case-file.ts";
import type { Detection } from "../../src/model/detection.ts";
import type { EvidenceHash } from "../../src/model/evidence.ts";
import { createVerdicts } from "../../src/questions/answered/index.ts";

const RULES = "rules/exchange";
const knowledge = loadKnowledge();
const verdicts = createVerdicts(knowledge.threats);
const rules = readdirSync(RULES).flatMap((name) =>
  parseRules(name, readFileSync(join(RULES, name), "utf8")),
);
const matcher = createMatcher(planRules(rules, knowledge.logSources));

/** One file with its content. */
export interface Held {
  readonly path: string;
  readonly content: Uint8Array;
}

/** All detections in these files, kept as an investigation keeps them. */
export async function detectedIn(
  files: Iterable<Held>,
  caseFile: CaseFile,
): Promise<readonly Detection[]> {
  const kept = new KeptDetections(OF_RULE_IN_RUN_MAX);
  for (const { path, content } of files) {
    const format = known(knowledge.formats.recognise(content.subarray(0, HEAD_BYTES)), path);
    const reader = await knowledge.formats.load(format);
    const evidence = createHash("sha256").update(content).digest("hex") as EvidenceHash;
    const setting = settingFor(caseFile, { evidence, member: "", file: path });
    for (const piece of reader.read(memorySource(content), setting)) {
      if (piece.kind !== "batch") continue;
      matcher.match(piece, (row, rule) => kept.add(detectionOf(rule, piece, row)));
      verdicts.look(piece, (_, __, detection) => kept.add(detection()));
    }
  }
  return kept.kept;
}
