/**
 * Logs that grow while a vault is served: their bytes committed, their new rows held against the rules at once, and every so often
 * a run that tells all questions anew. Refuses to tell of what is not committed.
 */
import { setTimeout } from "node:timers/promises";
import { Fault } from "../base/fault.ts";
import { formatTicks, type Ticks, toTicks } from "../base/time.ts";
import { type Formats, headOf, type Range } from "../engines/formats/index.ts";
import { type LogSources, type Matcher, detectionOf } from "../engines/sigma/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Detection } from "../model/detection.ts";
import type { Evidence, FormatId } from "../model/evidence.ts";
import { type Verdicts, createVerdicts } from "../questions/answered/index.ts";
import { isCanaryDue } from "./canaries.ts";
import { NO_CASE_FILE, parseCaseFile, settingFor } from "./case-file.ts";
import { openEvidence } from "./evidence.ts";
import { type Run, inputText, lastRun, unpackRules } from "./inputs.ts";
import { investigate } from "./investigate.ts";
import { loadKnowledge } from "./knowledge.ts";
import { followLogs, logsOf } from "./logs/index.ts";
import type { Pace } from "./pace.ts";
import { placeOf } from "./reading/units.ts";
import { vaultPlans } from "./plan-cache.ts";
import { isLocked } from "./remove-derived.ts";
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
  /** Between two runs while logs grow; absent: 20 seconds. */
  readonly runMillis?: number;
  /** Does a piece of work in the vault in its turn. */
  turn<T>(work: () => Promise<T>): Promise<T>;
}

/** Between two runs while logs grow: the served page is never much older. */
const RUN_MILLIS = 20_000;
/** Matches of one commit that are told line by line: a scan would fill the terminal. */
const TOLD_MAX = 20;
/** Read in one step; a log that is behind takes several. */
const STEP_BYTES = 8 << 20;

/** A first run where there is none, so that there is something to serve. Faults: as investigate. */
export async function beginRun(vault: Vault, by: string, asOf: Ticks, pace: Pace): Promise<void> {
  if (lastRun(vault) === null) await investigate(vault, emptyRequest(by, asOf), pace);
}

/** Watches until the signal; when this settles, every log is closed. Faults: those of following. */
export async function watchLogs(vault: Vault, watching: Watching, pace: Pace): Promise<void> {
  const { paths, syslog, by, notice, signal } = watching;
  const live = new LiveRules(vault, notice, pace);
  // What was committed before is in the runs: only what comes from now on is told line by line.
  for (const evidence of logsOf(vault)) await live.passTo(evidence);
  const failed = new AbortController();
  const following = await followLogs(vault, {
    paths,
    syslog,
    by,
    signal: AbortSignal.any([signal, failed.signal]),
    onNotice: notice,
    onCommitted: (evidence) => live.tellUpTo(evidence),
  });
  if (following.syslogPort !== null) notice(`syslog: listening on port ${following.syslogPort}`);
  try {
    await Promise.all([following.done, keepRunning(vault, watching, pace)]);
  } finally {
    // Whatever ended it: who closes the vault next must not take it from under a commit.
    failed.abort();
    await following.done.catch(() => undefined);
  }
}

/**
 * Runs again whenever logs have grown since the last run, or a canary or a correlation has come due. A run that fails is told and tried again: the logs are
 * kept meanwhile.
 */
async function keepRunning(vault: Vault, watching: Watching, pace: Pace): Promise<void> {
  const { by, clock, signal, notice, runMillis = RUN_MILLIS } = watching;
  let told = -1;
  let asOf = clock();
  let due: bigint | null = null;
  const onDue = (at: bigint | null) => {
    due = at;
  };
  for (;;) {
    await setTimeout(runMillis, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const bytes = logsOf(vault).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const now = clock();
    const isDue = (due !== null && due <= now) || isCanaryDue(vault, asOf, now);
    if (bytes === told && !isDue) continue;
    try {
      const request = { ...emptyRequest(by, now), onDue };
      const dossier = await watching.turn(() => investigate(vault, request, pace));
      told = bytes;
      asOf = now;
      notice(`run: ${dossier.findings.length} findings, ${dossier.detectionsTotal} detections`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (signal.aborted) return;
      notice(`no run: ${error.message}; ${error.hint}`);
    }
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
    claims: null,
  };
}

/** Where the reading of one log stands. */
interface Mark {
  readonly format: FormatId;
  readonly after: Range | null;
}

function detectedLine({ title, level, ticks, digits, host, at }: Detection): string {
  const time = toTicks(ticks);
  const when = time === null ? "undated" : formatTicks(time, digits);
  return `detected: ${when} ${level} ${title} (${host} ${at.file} ${at.record})`;
}

/** Holds new rows of growing logs against the rules, takes verdicts of an antivirus from them, and says what it finds. */
class LiveRules {
  readonly #vault: Vault;
  readonly #notice: (line: string) => void;
  readonly #pace: Pace;
  readonly #formats: Formats;
  readonly #logSources: LogSources;
  readonly #verdicts: Verdicts;
  readonly #marks = new Map<string, Mark>();
  /** Journal length at which rules and case file were last looked for. */
  #learntAt = -1;
  #rules = "";
  #matcher: Matcher | null = null;
  #hidden: ReadonlySet<string> = new Set();
  #caseFile: CaseFile = NO_CASE_FILE;

  constructor(vault: Vault, notice: (line: string) => void, pace: Pace) {
    this.#vault = vault;
    this.#notice = notice;
    this.#pace = pace;
    const { formats, logSources, threats } = loadKnowledge();
    this.#formats = formats;
    this.#verdicts = createVerdicts(threats);
    this.#logSources = logSources;
  }

  /** Takes the log as read up to here. */
  passTo(evidence: Evidence): Promise<void> {
    return this.#read(evidence, false);
  }

  /** Reads what is committed since, and tells each match. */
  tellUpTo(evidence: Evidence): Promise<void> {
    return this.#read(evidence, true);
  }

  /** Takes over the rules and the case file of the last run: a command beside may have changed them. */
  async #learn(): Promise<Matcher> {
    const { length } = this.#vault.entries();
    const run = length === this.#learntAt ? null : lastRun(this.#vault);
    this.#learntAt = length;
    if (this.#matcher !== null && (run === null || run.rules === this.#rules)) {
      if (run !== null) this.#caseFile = this.#caseFileOf(run);
      return this.#matcher;
    }
    const files = run === null ? [] : unpackRules(this.#vault, run.rules);
    const { plan, matcher } = await planRuleFiles(
      files,
      this.#logSources,
      this.#pace,
      // What a lock removed does not come back for this.
      isLocked(this.#vault) ? null : vaultPlans(this.#vault),
    );
    this.#rules = run?.rules ?? "";
    this.#caseFile = run === null ? NO_CASE_FILE : this.#caseFileOf(run);
    this.#hidden = plan.correlations.hidden;
    this.#matcher = matcher;
    return matcher;
  }

  #caseFileOf({ caseFile }: Run): CaseFile {
    return caseFile === null ? NO_CASE_FILE : parseCaseFile(inputText(this.#vault, caseFile));
  }

  async #read(evidence: Evidence, tell: boolean): Promise<void> {
    const matcher = await this.#learn();
    let matches = 0;
    const source = openEvidence(this.#vault, evidence);
    try {
      const format =
        this.#marks.get(evidence.hash)?.format ?? this.#formats.recognise(headOf(source));
      // A kind that no reader knows yet may be known with its next lines.
      if (format === null) return;
      const reader = await this.#formats.load(format);
      const setting = settingFor(this.#caseFile, placeOf(evidence));
      let after = this.#marks.get(evidence.hash)?.after ?? null;
      for (const range of reader.ranges(source, STEP_BYTES, after)) {
        after = range;
        if (!tell) continue;
        for (const piece of reader.read(source, setting, range)) {
          if (piece.kind === "flaw") continue;
          const found = (detection: () => Detection) => {
            if (++matches <= TOLD_MAX) this.#notice(detectedLine(detection()));
          };
          matcher.match(piece, (row, rule) => {
            // What is only there for correlations is told by the next run, as far as they find it.
            if (!this.#hidden.has(rule.id)) found(() => detectionOf(rule, piece, row));
          });
          this.#verdicts.look(piece, (_, __, detection) => found(detection));
        }
      }
      this.#marks.set(evidence.hash, { format, after });
      if (matches > TOLD_MAX)
        this.#notice(
          `detected: ${matches - TOLD_MAX} more in ${evidence.file}, told by the next run`,
        );
    } finally {
      source.close();
    }
  }
}
