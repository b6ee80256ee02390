/**
 * How far, and still in, against the sample's own truth: the task by which the intruder stays, the roles that were assigned and the pages
 * that were written are found with their times, as far as any evidence of them is kept. Prints recall. Six seeds; BENCH=full scores twenty.
 */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { memorySource } from "../../src/base/source.ts";
import { TICKS_PER_HOUR, TICKS_PER_SECOND } from "../../src/base/time.ts";
import { parseCaseFile, settingFor } from "../../src/casework/case-file.ts";
import { loadKnowledge } from "../../src/casework/knowledge.ts";
import { HEAD_BYTES } from "../../src/engines/formats/index.ts";
import type { Aftermath } from "../../src/model/aftermath.ts";
import type { Detection } from "../../src/model/detection.ts";
import type { EvidenceHash } from "../../src/model/evidence.ts";
import {
  createSigns,
  createStarts,
  createVerdicts,
  workerFindings,
} from "../../src/questions/answered/index.ts";
import { aftermathsOf, createChanges, createCoverage } from "../../src/questions/cause/index.ts";
import type { SampleVariant } from "../../src/sample/index.ts";
import { at } from "./investigation.ts";
import { madeSample } from "./made-sample.ts";

const SEEDS = Array.from(
  { length: process.env["BENCH"] === "full" ? 20 : 6 },
  (_, seed) => seed + 1,
);
/** The web logs say nothing of what was changed, and are most of the sample. */
const LEFT_OUT = /W3SVC|HttpProxy|\/Ews\/|\/OWA\/|TransportRoles|PROXY1|WEB1|mails\//;
const FOLDER = "evidence/";
const HOST = "MX1";

/** The part of the truth that the aftermath is held against. */
interface Truth {
  readonly first_exploitation: string | null;
  readonly persistence: { readonly uri: string; readonly registered: string } | null;
  readonly steps: readonly { kind: string; time: string; site: string; kept: boolean }[];
  readonly shells: readonly { file: string; written: string }[];
}

const knowledge = loadKnowledge();

/** What the sample's logs and files give, with the truth that none of it was made from. */
async function readSample(seed: number, variant: SampleVariant) {
  const { held, textOf } = madeSample(seed, variant);
  const caseFile = parseCaseFile(textOf("case.yaml"));
  const truth: Truth = JSON.parse(textOf("truth.json"));
  const [changes, coverage] = [createChanges(knowledge.aftermath), createCoverage()];
  const starts = createStarts(knowledge.worker);
  const signs = createSigns(knowledge.protection);
  const verdicts = createVerdicts(knowledge.threats);
  const detections: Detection[] = [];
  const isWanted = (path: string) => path.startsWith(FOLDER) && !LEFT_OUT.test(path);
  for (const { path, content } of held(isWanted)) {
    const format = knowledge.formats.recognise(content.subarray(0, HEAD_BYTES));
    if (format === null) continue;
    const reader = await knowledge.formats.load(format);
    const evidence = createHash("sha256").update(content).digest("hex") as EvidenceHash;
    const file = path.slice(FOLDER.length);
    const setting = settingFor(caseFile, { evidence, member: "", file });
    for (const piece of reader.read(memorySource(content), setting)) {
      if (piece.kind !== "batch") continue;
      changes.add(piece);
      signs.add(piece);
      coverage.add(piece);
      starts.add(piece);
      verdicts.look(piece, (_, __, detection) => detections.push(detection()));
    }
  }
  const first = truth.first_exploitation === null ? null : at(truth.first_exploitation);
  const aftermaths = aftermathsOf({
    cause: {
      first:
        first === null
          ? []
          : [
              {
                host: HOST,
                at: { rung: "executed", first, last: first, digits: 3, count: 1, at: [] },
                over: [],
                hiddenBy: [],
                earlier: [],
              },
            ],
      ownTests: [],
    },
    coverage: coverage.finish(knowledge.expected, caseFile.hosts),
    changes: changes.state(),
    signs: signs.state(),
    detections,
    tests: new Map(),
    caseFile,
    // The sample has more pages than a check lists.
    terms: knowledge.aftermath,
  });
  const worker = workerFindings(starts.state(), knowledge.worker, caseFile.hosts);
  return { truth, aftermaths, worker, changes: changes.state() };
}

function check(aftermath: Aftermath, id: string) {
  return known(
    aftermath.checks.find((each) => each.id === id),
    id,
  );
}

test.each(SEEDS)("exchange, seed %i: what was left behind is found with its time", async (seed) => {
  const { truth, aftermaths, changes } = await readSample(seed, "exchange");
  const aftermath = known(aftermaths[0], "an aftermath");
  expect([aftermaths.length, aftermath.host]).toEqual([1, HOST]);
  const since = at(known(truth.first_exploitation, "an exploitation"));

  const task = known(truth.persistence, "a task");
  const tasks = check(aftermath, "scheduled-tasks");
  const found = tasks.changes.find(({ what }) => what.includes(task.uri));
  // A task's date is local time, and the case file does not always say whose: summer is an hour off.
  const off = found === undefined ? null : found.ticks - at(task.registered);
  expect([tasks.state, off !== null && off > -TICKS_PER_SECOND && off <= TICKS_PER_HOUR]).toEqual([
    "found",
    true,
  ]);

  const roles = truth.steps.filter(({ kind, kept }) => kind === "role-assigned" && kept);
  const assigned = check(aftermath, "exchange-roles");
  const told = roles.filter(({ time }) =>
    assigned.changes.some(({ ticks }) => near(ticks, at(time), TICKS_PER_SECOND * 2n)),
  );
  expect(told.length).toBe(roles.length);
  // Administrators assign roles as well: "found" may be theirs, where none of the intruder's is kept.
  expect(assigned.state === "found").toBe(assigned.changes.length > 0);

  const pages = new Set(
    changes.signs.flatMap(({ sign, of }) =>
      sign.startsWith("web-pages/") ? [of.toLowerCase()] : [],
    ),
  );
  const written = truth.shells.filter(({ written: when }) => at(when) >= since - TICKS_PER_HOUR);
  const seen = written.filter(({ file }) =>
    [...pages].some((of) => of.includes(file.slice(2).toLowerCase())),
  );
  process.stderr.write(
    `seed ${seed}: tasks 1 of 1, roles ${told.length} of ${roles.length} kept, pages ${seen.length} of ${written.length}; ${states(aftermath)}\n`,
  );
  expect(seen.length).toBe(written.length);
  expect(check(aftermath, "web-pages").changesTotal).toBeGreaterThanOrEqual(written.length);
  // Nothing that the sample does not hold is found.
  const others = aftermath.checks.filter(({ state }) => state === "found").map(({ id }) => id);
  const expected = ["web-pages", "scheduled-tasks", "mailbox-rights", "exchange-roles"];
  expect(others.filter((id) => !expected.includes(id))).toEqual([]);
});

function near(a: bigint, b: bigint, within: bigint): boolean {
  return a - b <= within && b - a <= within;
}

function states({ checks }: Aftermath): string {
  return [...Map.groupBy(checks, ({ state }) => state)]
    .map(([state, own]) => `${own.length} ${state}`)
    .join(", ");
}

test.each([1, 2])(
  "benign, seed %i: no aftermath, and no command under the worker",
  async (seed) => {
    const { aftermaths, worker } = await readSample(seed, "benign");
    expect([aftermaths, worker]).toEqual([[], []]);
  },
);
