/**
 * What must be true of a vault when a round is over: nothing acknowledged is lost, nothing is altered, nothing is left over, and
 * the findings are those of a twin that nobody disturbed. Asks the program as a person would; reads the journal without it.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Home } from "./home.ts";

const VERDICT = z.object({
  intact: z.boolean(),
  troubles: z.array(z.string()),
  unchecked: z.array(z.string()),
});
const MANIFEST = z.object({ id: z.string() });
const REPLAY = z.object({ findings: z.string(), identical: z.boolean() });
const FINDINGS = z.array(z.object({ id: z.string(), state: z.string() }));
const EVIDENCE = z.array(
  z.object({
    evidence: z.string(),
    member: z.string(),
    intake: z.string(),
    holds: z.array(z.object({ reason: z.string() })),
  }),
);

/** Troubles that a crash explains: work that was never acknowledged. */
const UNFINISHED = /^(truncated|added): /;
/** What verify says of a clock that was set back. */
const CLOCK = /^times: act \d+ is dated .* before act \d+/;
/** Names of files that only a step in progress has. */
const IN_PROGRESS = /(\.new|\.partial|\.tmp)$|^objects\/tmp\//;
const IN_RUN = /^run\/(lock\.sqlite(-journal)?|owner|socket|owner\.sock)$/;

/** An undisturbed vault over the same evidence. */
export interface Twin {
  readonly home: Home;
  /** Hash of its findings, as its journal has it. */
  readonly findings: string;
  /** SHA-256 of each evidence, sorted. */
  readonly evidence: readonly string[];
  /** Files of derived/, by path, sorted. */
  readonly derived: readonly string[];
}

/** What a twin is like, once it has been investigated. */
export async function twinOf(home: Home): Promise<Twin> {
  const findings = (await replayed(home)).findings;
  const { hashes } = await evidenceOf(home);
  return { home, findings, evidence: hashes, derived: derivedFiles(home) };
}

/** A dead program's vault before anybody opens it again: unfinished work at most, nothing altered. */
export async function judgeDead(home: Home): Promise<void> {
  home.see();
  if (!home.isVault) return;
  const { troubles } = await verified(home);
  for (const trouble of troubles)
    if (!UNFINISHED.test(trouble)) home.lose(`verify, right after the kill: ${trouble}`);
}

/** The vault when everything has been done again: the same as the twin. Null: no twin saw the same evidence. */
export async function judge(home: Home, twin: Twin | null): Promise<void> {
  const { findings, identical } = await replayed(home);
  if (!identical) home.lose("a replay of the last run gives other findings than the journal has");
  if (twin !== null && findings !== twin.findings)
    home.lose(`findings ${findings.slice(0, 16)}, the twin's are ${twin.findings.slice(0, 16)}`);
  if (home.hasActs || home.chance.happens(0.4)) await judgeEvidence(home, twin);
  judgeCounted(home, "incident-event", "events");
  judgeCounted(home, "finding-answered", "answers");
  if (home.acknowledged.answers > 0) await judgeAnswer(home);
  const { intact, troubles, unchecked } = await verified(home);
  if (!intact) home.lose(`verify: ${troubles.join("; ")}`);
  for (const line of unchecked)
    if (!(home.isClockSetBack && CLOCK.test(line))) home.lose(`verify did not check: ${line}`);
  judgeTimes(home, unchecked);
  judgeLeftovers(home, twin);
}

/** The evidence is the twin's; each hold that was acknowledged stands once, each that was not at most once. */
async function judgeEvidence(home: Home, twin: Twin | null): Promise<void> {
  const { hashes, holds } = await evidenceOf(home);
  if (twin !== null && hashes.join() !== twin.evidence.join())
    home.lose(`evidence ${hashes.length}, the twin has ${twin.evidence.length}, or others`);
  const count = (list: readonly string[], reason: string) =>
    list.filter((one) => one === reason).length;
  const { acknowledged, unsaid } = home;
  for (const reason of acknowledged.holds)
    if (count(holds, reason) !== 1)
      home.lose(`hold "${reason}" was acknowledged, and stands ${count(holds, reason)} times`);
  for (const reason of unsaid.holds)
    if (count(holds, reason) > 1)
      home.lose(`hold "${reason}" stands ${count(holds, reason)} times`);
}

/** Each act of a kind that was acknowledged is there once, each that was not at most once. */
function judgeCounted(home: Home, act: string, what: "events" | "answers"): void {
  const { acknowledged, unsaid } = home;
  const there = home.see().acts.filter(({ kind }) => kind === act).length;
  const most = acknowledged[what] + unsaid[what];
  if (there < acknowledged[what] || there > most)
    home.lose(`${acknowledged[what]} to ${most} ${what} were recorded, ${there} are there`);
}

/** A finding that was answered stays answered, over evidence that says nothing new of it. */
async function judgeAnswer(home: Home): Promise<void> {
  const text = await home.must("findings", "list", "--vault", home.vault, "--format", "json");
  const findings = FINDINGS.safeParse(parsed(text));
  const state = findings.data?.find(({ id }) => id === home.finding)?.state;
  if (state !== "answered") home.lose(`the finding that was answered is ${state ?? "gone"}`);
}

/** Where an act is dated before the act before it, verify says so. */
function judgeTimes(home: Home, unchecked: readonly string[]): void {
  const times = home.see().acts.map(({ time }) => time);
  const at = times.findIndex((time, index) => index > 0 && time < (times[index - 1] ?? ""));
  if (at > 0 && !unchecked.some((line) => CLOCK.test(line)))
    home.lose(`act ${at} is of ${times[at]}, the one before of ${times[at - 1]}; nobody says so`);
}

function judgeLeftovers(home: Home, twin: Twin | null): void {
  for (const path of home.files()) {
    if (IN_PROGRESS.test(path) || path.startsWith("derived.removing"))
      home.lose(`left over: ${path}`);
    if (path.startsWith("run/") && !IN_RUN.test(path)) home.lose(`left over: ${path}`);
  }
  const temporary = readdirSync(join(home.folder, "tmp"));
  if (temporary.length > 0) home.lose(`left over in the temporary folder: ${temporary.join(", ")}`);
  judgeKeys(home);
  if (twin === null) return;
  const derived = derivedFiles(home);
  if (derived.join() !== twin.derived.join()) {
    const more = derived.filter((path) => !twin.derived.includes(path));
    const fewer = twin.derived.filter((path) => !derived.includes(path));
    home.lose(`derived: ${more.join(", ")} more, and ${fewer.join(", ")} fewer than the twin`);
  }
}

/** Beside the key of the vault lies its checkpoint; a key whose vault was never acknowledged may be left, for a person to remove. */
function judgeKeys(home: Home): void {
  const { id } = MANIFEST.parse(parsed(readFileSync(join(home.vault, "vault.json"), "utf8")));
  const files = home.files(join(home.folder, "config", "breakwater", "keys"));
  const own = files.filter((name) => name.startsWith(id));
  if (own.join() !== [`${id}.checkpoint`, `${id}.key`].join())
    home.lose(`beside the key: ${own.join(", ")}`);
  const others = new Set(
    files.filter((name) => !name.startsWith(id)).map((name) => name.slice(0, 32)),
  );
  if (others.size > home.abandoned) home.lose(`${others.size} keys of vaults that never were`);
}

/** Portions and segments are named by what was read and by objects of their own vault: only how many there are is comparable. */
function derivedFiles(home: Home): readonly string[] {
  const files = home.files(join(home.vault, "derived"));
  return files.map((path) => path.replace(/\/[0-9a-f]{32}(?=[-.])/, "/KEY")).sort();
}

async function verified(home: Home) {
  const { stdout, stderr } = await home.run(["verify", home.vault, "--format", "json"]);
  const verdict = VERDICT.safeParse(parsed(stdout));
  if (verdict.success) return verdict.data;
  home.lose(`verify gave no verdict: ${stderr.trim()}`);
  return { intact: false, troubles: [], unchecked: [] };
}

async function replayed(home: Home) {
  const text = await home.must("unlock", "--vault", home.vault, "--format", "json");
  const replay = REPLAY.safeParse(parsed(text));
  return replay.success ? replay.data : { findings: "", identical: false };
}

async function evidenceOf(home: Home) {
  const text = await home.must("evidence", "list", "--vault", home.vault, "--format", "json");
  const rows = EVIDENCE.safeParse(parsed(text));
  const whole = rows.success ? rows.data.filter(({ member }) => member === "") : [];
  const own = whole.filter(({ intake }) => intake !== "duplicate");
  return {
    hashes: own.map(({ evidence }) => evidence).sort(),
    holds: own.flatMap((row) => row.holds.map(({ reason }) => reason)),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
