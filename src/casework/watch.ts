/**
 * Logs that grow while a vault is served: their bytes committed, their new rows held against the rules at once, and every so often
 * a run that tells all questions anew. Refuses to tell of what is not committed.
 */
import { setTimeout } from "node:timers/promises";
import { formatTicks, type Ticks, toTicks } from "../base/time.ts";
import { HEAD_BYTES, type Range, loadReader, recogniseFormat } from "../engines/formats/index.ts";
import { type Matcher, detectionOf } from "../engines/sigma/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Evidence, FormatId } from "../model/evidence.ts";
import { NO_CASE_FILE, parseCaseFile, settingFor } from "./case-file.ts";
import { openEvidence } from "./evidence.ts";
import { inputText, lastRun, unpackRules } from "./inputs.ts";
import { investigate } from "./investigate.ts";
import { loadKnowledge } from "./knowledge.ts";
import { followLogs, logsOf } from "./logs/index.ts";
import type { Pace } from "./pace.ts";
import { placeOf } from "./reading/units.ts";
import { planRuleFiles } from "./rules.ts";
import type { Vault } from "./vault/index.ts";

/** What is watched, and who is told. */
export interface Watching {
  readonly paths: readonly string[];
  readonly syslog: { readonly host: string; readonly port: number } | null;
  readonly by: string;
  readonly clock: () => Ticks;
  /** A line for people. */
  readonly notice: (line: string) => void;
  readonly signal: AbortSignal;
  /** Does a piece of work in the vault in its turn. */
  turn<T>(work: () => Promise<T>): Promise<T>;
}

/** Between two runs while logs grow: the served page is never much older. */
const RUN_MILLIS = 20_000;
/** Read in one step; a log that is behind takes several. */
const STEP_BYTES = 8 << 20;

/** A first run where there is none, so that there is something to serve. Faults: as investigate. */
export async function beginRun(vault: Vault, by: string, asOf: Ticks, pace: Pace): Promise<void> {
  if (lastRun(vault) === null) await investigate(vault, emptyRequest(by, asOf), pace);
}

/** Watches until the signal. Faults: those of following, and of the vault. */
export async function watchLogs(vault: Vault, watching: Watching, pace: Pace): Promise<void> {
  const { paths, syslog, by, notice, signal } = watching;
  const live = await liveRules(vault, watching, pace);
  // What was committed before is in the runs: only what comes from now on is told line by line.
  for (const evidence of logsOf(vault)) await live.passTo(evidence);
  const following = await followLogs(vault, {
    paths,
    syslog,
    by,
    signal,
    onNotice: notice,
    onCommitted: (evidence) => live.tellUpTo(evidence),
  });
  if (following.syslogPort !== null) notice(`syslog: listening on port ${following.syslogPort}`);
  await Promise.all([following.done, keepRunning(vault, watching, pace)]);
}

/** Runs again whenever logs have grown since the last run. */
async function keepRunning(vault: Vault, watching: Watching, pace: Pace): Promise<void> {
  const { by, clock, signal, notice } = watching;
  let told = -1;
  for (;;) {
    await setTimeout(RUN_MILLIS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const bytes = logsOf(vault).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (bytes === told) continue;
    told = bytes;
    const dossier = await watching.turn(() => investigate(vault, emptyRequest(by, clock()), pace));
    notice(`run: ${dossier.findings.length} findings, ${dossier.detectionsTotal} detections`);
  }
}

function emptyRequest(by: string, asOf: Ticks) {
  const from = null;
  const to = null;
  return {
    paths: [],
    by,
    rules: null,
    caseFile: null,
    asOf,
    from,
    to,
    byReference: false,
    passwords: null,
  };
}

async function liveRules(vault: Vault, { notice }: Watching, pace: Pace): Promise<LiveRules> {
  const run = lastRun(vault);
  const files = run === null ? [] : unpackRules(vault, run.rules);
  const { matcher } = await planRuleFiles(files, loadKnowledge().logSources, pace);
  const text = run?.caseFile === null || run === null ? null : inputText(vault, run.caseFile);
  return new LiveRules(vault, matcher, text === null ? NO_CASE_FILE : parseCaseFile(text), notice);
}

/** Where the reading of one log stands. */
interface Mark {
  readonly format: FormatId;
  readonly after: Range | null;
}

/** Holds new rows of growing logs against the rules, and says what matches. */
class LiveRules {
  readonly #vault: Vault;
  readonly #matcher: Matcher;
  readonly #caseFile: CaseFile;
  readonly #notice: (line: string) => void;
  readonly #marks = new Map<string, Mark>();

  constructor(vault: Vault, matcher: Matcher, caseFile: CaseFile, notice: (line: string) => void) {
    this.#vault = vault;
    this.#matcher = matcher;
    this.#caseFile = caseFile;
    this.#notice = notice;
  }

  /** Takes the log as read up to here. */
  passTo(evidence: Evidence): Promise<void> {
    return this.#read(evidence, false);
  }

  /** Reads what is committed since, and tells each match. */
  tellUpTo(evidence: Evidence): Promise<void> {
    return this.#read(evidence, true);
  }

  async #read(evidence: Evidence, tell: boolean): Promise<void> {
    const source = openEvidence(this.#vault, evidence);
    try {
      const format =
        this.#marks.get(evidence.hash)?.format ??
        recogniseFormat(source.read(0, Math.min(source.byteLength, HEAD_BYTES)));
      // A kind that no reader knows yet may be known with its next lines.
      if (format === null) return;
      const reader = await loadReader(format);
      const setting = settingFor(this.#caseFile, placeOf(evidence));
      let after = this.#marks.get(evidence.hash)?.after ?? null;
      for (const range of reader.ranges(source, STEP_BYTES, after)) {
        after = range;
        if (!tell) continue;
        for (const piece of reader.read(source, setting, range)) {
          if (piece.kind === "flaw") continue;
          this.#matcher.match(piece, (row, rule) => {
            const { title, level, ticks, digits, host, at } = detectionOf(rule, piece, row);
            const time = toTicks(ticks);
            const when = time === null ? "undated" : formatTicks(time, digits);
            this.#notice(`detected: ${when} ${level} ${title} (${host} ${at.file} ${at.record})`);
          });
        }
      }
      this.#marks.set(evidence.hash, { format, after });
    } finally {
      source.close();
    }
  }
}
