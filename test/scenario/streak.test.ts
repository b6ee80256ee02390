/**
 * The streak against the sample's own truth: one finding with every file that the antivirus took from the mail server, open since the
 * first of them, and nothing innocent in it. Three seeds in every run; BENCH=full scores all twenty.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { memorySource } from "../../src/base/source.ts";
import { TICKS_PER_SECOND } from "../../src/base/time.ts";
import { NO_CASE_FILE, parseCaseFile, settingFor } from "../../src/casework/case-file.ts";
import { loadKnowledge } from "../../src/casework/knowledge.ts";
import { HEAD_BYTES } from "../../src/engines/formats/index.ts";
import type { CaseFile } from "../../src/model/case-file.ts";
import type { Detection } from "../../src/model/detection.ts";
import type { EvidenceHash } from "../../src/model/evidence.ts";
import { createVerdicts, findDetected, serversOf } from "../../src/questions/answered/index.ts";
import { testsOf } from "../../src/questions/cause/index.ts";
import type { SampleVariant } from "../../src/sample/index.ts";
import { shared } from "../shared.ts";
import { at, inFolder, investigatePaths } from "./investigation.ts";
import { madeSample } from "./made-sample.ts";

const SEEDS =
  process.env["BENCH"] === "full" ? Array.from({ length: 20 }, (_, at) => at + 1) : [1, 7, 16];
const WANTED = /Windows Defender%4Operational\.evtx$|MPLog-|clam/i;
const FOLDER = "evidence/";

/** The part of the truth that the streak is held against. */
interface Truth {
  readonly defender: {
    readonly files: readonly { path: string; threat: string; kind: string; first: string }[];
    readonly test_files: readonly { path: string; threat: string }[];
  };
}

const knowledge = loadKnowledge();
const verdicts = createVerdicts(knowledge.threats);

/** The verdicts of one file, through whatever reader knows it. */
async function verdictsIn(file: string, content: Uint8Array, caseFile: CaseFile) {
  const format = known(knowledge.formats.recognise(content.subarray(0, HEAD_BYTES)), file);
  const reader = await knowledge.formats.load(format);
  const evidence = createHash("sha256").update(content).digest("hex") as EvidenceHash;
  const setting = settingFor(caseFile, { evidence, member: "", file });
  const found: Detection[] = [];
  for (const piece of reader.read(memorySource(content), setting))
    if (piece.kind === "batch") verdicts.look(piece, (_, __, detection) => found.push(detection()));
  return found;
}

function findingsOf(detections: readonly Detection[], caseFile: CaseFile) {
  const { hosts } = caseFile;
  const nothing = { coverage: { sources: [] }, observations: { observations: [] } };
  return findDetected(detections, {
    knowledge: knowledge.threats,
    hosts,
    servers: serversOf({ hosts, ...nothing }, knowledge.threats),
    tests: testsOf({ detections, caseFile }),
    asOf: at("2021-12-31T00:00:00Z"),
  });
}

/** What the antivirus logs of a sample give, with the truth that nothing here was made from. */
async function readVerdicts(seed: number, variant: SampleVariant) {
  const { held, textOf } = madeSample(seed, variant);
  const caseText = textOf("case.yaml");
  const truth: Truth = JSON.parse(textOf("truth.json"));
  const isWanted = (path: string) => path.startsWith(FOLDER) && WANTED.test(path);
  const logs = [...held(isWanted)].map(({ path, content }) => ({
    path: path.slice(FOLDER.length),
    content,
  }));
  const caseFile = parseCaseFile(caseText);
  const detections: Detection[] = [];
  for (const { path, content } of logs)
    detections.push(...(await verdictsIn(path, content, caseFile)));
  return { truth, detections, findings: findingsOf(detections, caseFile), logs, caseText };
}

/** The unique (path, threat) of some detections, folded as Windows folds them. */
function filesOf(detections: readonly Detection[]): Set<string> {
  return new Set(
    detections.flatMap(({ fields }) =>
      [fields["path"]].flat().map((path) => nameOf(String(path), String(fields["threat"]))),
    ),
  );
}

function nameOf(path: string, threat: string): string {
  return `${path.toLowerCase()} ${threat}`;
}

test.each(SEEDS)(
  "exchange, seed %i: one streak with every file, and nothing else",
  async (seed) => {
    const { truth, detections, findings } = await readVerdicts(seed, "exchange");
    const streaks = findings.filter(({ kind }) => kind === "streak");
    const [streak] = streaks;
    expect(streaks.length).toBe(1);
    const ids = new Set<string>(streak?.detections);
    const told = filesOf(detections.filter(({ id }) => ids.has(id)));
    const { files, test_files } = truth.defender;
    const wanted = new Set(files.map(({ path, threat }) => nameOf(path, threat)));
    const right = [...told].filter((name) => wanted.has(name)).length;
    const [recall, precision] = [right / wanted.size, right / told.size];
    process.stderr.write(
      `seed ${seed}: ${told.size} files in the streak; recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}\n`,
    );
    expect([wanted.size, recall, precision]).toEqual([54, 1, 1]);
    const ofKind = (kind: string) => files.filter((file) => file.kind === kind).length;
    expect(streak).toMatchObject({
      host: "MX1",
      level: "critical",
      counts: {
        files: 54,
        shells: ofKind("shell"),
        compiled: ofKind("compiled"),
        // A miner is a program too.
        tools: ofKind("tool") + ofKind("miner"),
      },
    });
    const first = files.map((file) => at(file.first)).reduce((a, b) => (a < b ? a : b));
    const open = known(streak, "a streak").firstSeen;
    expect(open - first).toBeLessThan(TICKS_PER_SECOND);
    expect(first - open).toBeLessThan(TICKS_PER_SECOND);
    expect(detections.find(({ id }) => id === streak?.id)?.ticks).toBe(open);
    // What the administrator tried has findings of its own, which no streak hides and none needs.
    const tried = detections.filter(({ id }) => !ids.has(id));
    expect(
      findings.filter(({ kind }) => kind !== "streak").map(({ rule, level }) => [rule, level]),
    ).toEqual(Array.from({ length: 2 }, () => ["verdict/test", "informational"]));
    for (const { path, threat } of test_files)
      expect(filesOf(tried)).toContain(nameOf(path, threat));
  },
);

test.each(SEEDS)(
  "benign, seed %i: the antivirus found nothing, and nothing is told",
  async (seed) => {
    const { findings, logs } = await readVerdicts(seed, "benign");
    expect(logs.length).toBeGreaterThan(0);
    expect(findings).toEqual([]);
  },
);

test("the whole investigation tells the same streak as its readers", async () => {
  const { logs, caseText, truth } = await readVerdicts(1, "exchange");
  const dossier = await inFolder((folder) => {
    const evidence = join(folder, "evidence");
    for (const { path, content } of logs) {
      mkdirSync(dirname(join(evidence, path)), { recursive: true });
      writeFileSync(join(evidence, path), content);
    }
    return investigatePaths(folder, [evidence], caseText);
  });
  const streaks = dossier.findings.filter(({ kind }) => kind === "streak");
  expect(streaks.map(({ host, level, counts }) => [host, level, counts["files"]])).toEqual([
    ["MX1", "critical", truth.defender.files.length],
  ]);
  const [streak] = streaks;
  expect(streak?.why).toContain("as of 31 December 2021");
  expect(dossier.findings.some(({ rule }) => rule === "verdict/test")).toBe(true);
});

const DEFENDER = ["evtx", "mitre", "Antivirus", "ID1116-1117-Defender_threat_detected.evtx"];

test.skipIf(shared(...DEFENDER) === null)("six real events of Defender are findings", async () => {
  const content = readFileSync(shared(...DEFENDER) ?? "");
  const detections = await verdictsIn("defender.evtx", content, NO_CASE_FILE);
  const findings = findingsOf(detections, NO_CASE_FILE);
  expect(detections.length).toBe(6);
  expect(findings.flatMap(({ detections: ids }) => ids).toSorted()).toEqual(
    detections.map(({ id }) => id).toSorted(),
  );
  // mimikatz.exe, mimidrv.sys and mimilib.dll, under two names, within minutes.
  expect(findings.map(({ kind, counts }) => [kind, counts])).toMatchObject([
    ["streak", { files: 3, tools: 3, threats: 2, records: 6 }],
  ]);
});

test("a line of ClamAV and one of the protection log are findings", async () => {
  const told = [];
  for (const name of ["clamav/found.case", "mplog/resources.case"]) {
    const text = readFileSync(join("testkit", name), "utf8");
    const content = Buffer.from(text.slice(text.indexOf("\n\n") + 2));
    const detections = await verdictsIn(name, content, NO_CASE_FILE);
    told.push(...findingsOf(detections, NO_CASE_FILE).map(({ title }) => title));
  }
  expect(told).toEqual([
    "Web shell: 1 file",
    "Streak of verdicts on a host that nothing names: 2 files (1 page in a web folder and 1 archive)",
  ]);
});
