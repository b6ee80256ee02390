/**
 * All evidence of a run, read: events in the store, detections, coverage, an account of every file. What was read before under
 * the same terms is not read again. Takes nothing but the vault and what is handed down, so a replay gives the same (decisions 7).
 */
import { join } from "node:path";
import { availableParallelism } from "node:os";
import type { Ticks } from "../base/time.ts";
import { areSound, cleanSegments, publishSegments } from "../engines/store/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Evidence } from "../model/evidence.ts";
import { createVerdicts } from "../questions/answered/index.ts";
import type { Analysis } from "./analysis.ts";
import { Crew } from "./crew/crew.ts";
import type { PassedOver } from "./disk.ts";
import { storeFolder } from "./event-store.ts";
import { evidenceOf } from "./evidence.ts";
import { type FileSource, fileSource } from "./file-source.ts";
import type { Knowledge } from "./knowledge.ts";
import { openLog } from "./logs/index.ts";
import type { Pace } from "./pace.ts";
import { byRank } from "./reading/decisive.ts";
import { mergePortions } from "./reading/merge.ts";
import { type Portion, type Shelf, cleanShelf, takePortion } from "./reading/portion.ts";
import { type Workbench, readTask } from "./reading/read-task.ts";
import type { Bytes, Task, Terms } from "./reading/task.ts";
import { type AccountedTask, tasksOf } from "./reading/tasks.ts";
import { type Ledger, type StoppedContainer, type Unit, Units, sizeOf } from "./reading/units.ts";
import type { PlannedRules } from "./rules.ts";
import type { Vault } from "./vault/index.ts";

/** What one reading works with. */
export interface AnalysisInput {
  readonly vault: Vault;
  readonly caseFile: CaseFile;
  readonly knowledge: Knowledge;
  readonly planned: PlannedRules;
  readonly terms: Terms;
  readonly asOf: Ticks;
  readonly passwords: readonly string[];
  readonly stopped: readonly StoppedContainer[];
  /** Length of the journal up to which evidence is read: a run's own. */
  readonly entries: number;
  /** Up to which byte growing logs are read, by evidence hash; the others are whole. */
  readonly logs: ReadonlyMap<string, number>;
  /** What lay below the given paths and could not be taken in: a flaw each. */
  readonly passedOver: readonly PassedOver[];
  /** How many threads read; null: two where it pays. */
  readonly workers: number | null;
  /** Told what the decisive sources alone give, where the rest takes long. */
  readonly onFirst?: ((analysis: Analysis, share: ReadShare) => void) | undefined;
}

/** How much of the evidence an early answer rests on. */
export interface ReadShare {
  readonly readBytes: number;
  readonly totalBytes: number;
}

/** More than this to read, and two threads read it: below, starting them costs more than it saves. */
const CREW_BYTES_MIN = 48 << 20;
const WORKERS_MAX = 2;
/** Where this much is left when the decisive sources are read, their answers are told before the rest. */
const FIRST_BYTES_MIN = 256 << 20;

/** Where a vault keeps its portions. */
export function shelfOf(vault: Vault): Shelf {
  return { folder: join(vault.derivedFolder, "portions"), mac: (hash) => vault.mac(hash) };
}

/** Opens what a task reads of, wherever it is held. */
export function openBytes(vault: Vault, bytes: Bytes): FileSource {
  switch (bytes.kind) {
    case "object":
      return vault.openObject(bytes.object);
    case "file":
      return fileSource(bytes.path);
    case "log":
      return openLog(vault, bytes.hash, bytes.sizeBytes);
  }
}

/** Reads the evidence of a run. Replaces what an earlier reading derived, and keeps of it what still fits. */
export async function analyse(input: AnalysisInput, pace: Pace): Promise<Analysis> {
  const reading = new Reading(input, pace);
  try {
    return await reading.run();
  } finally {
    await reading.close();
  }
}

/** One reading of all evidence. */
class Reading {
  readonly #input: AnalysisInput;
  readonly #pace: Pace;
  readonly #shelf: Shelf;
  readonly #evidence: readonly Evidence[];
  readonly #ledger: Ledger = { accounts: [], flaws: [], stopped: [] };
  readonly #tasks: AccountedTask[] = [];
  /** Keys of all that is kept on the shelf. */
  readonly #used = new Set<string>();
  #crew: Crew | null = null;
  #readBytes = 0;

  constructor(input: AnalysisInput, pace: Pace) {
    this.#input = input;
    this.#pace = pace;
    const { vault, entries, logs } = input;
    this.#shelf = shelfOf(vault);
    this.#evidence = evidenceOf(vault, entries).map((item) =>
      item.holding.kind === "log"
        ? { ...item, sizeBytes: Math.min(item.sizeBytes, logs.get(item.hash) ?? item.sizeBytes) }
        : item,
    );
  }

  async run(): Promise<Analysis> {
    const { vault, caseFile, passwords, stopped, knowledge } = this.#input;
    let totalBytes = this.#totalBytes();
    this.#pace.start("reading", totalBytes);
    const units = new Units(
      { vault, formats: knowledge.formats, evidence: this.#evidence, caseFile, passwords, stopped },
      this.#ledger,
    );
    const [first = [], ...rest] = byRank(await units.loose(), knowledge.readingOrder);
    await this.#read(first);
    await this.#tellFirst();
    for (const rank of rest) await this.#read(rank);
    for await (const members of units.members(this.#pace)) {
      totalBytes += sizeOf(members);
      // Opening an archive was a phase of its own.
      this.#pace.start("reading", totalBytes);
      this.#pace.add(this.#readBytes);
      for (const rank of byRank(members, knowledge.readingOrder)) await this.#read(rank);
    }
    await this.#crew?.finish();
    const analysis = this.#merge(true);
    cleanShelf(this.#shelf, this.#used);
    return analysis;
  }

  async close(): Promise<void> {
    await this.#crew?.close();
  }

  #totalBytes(): number {
    return this.#evidence.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  async #read(units: readonly Unit[]): Promise<void> {
    const cutting = {
      formats: this.#input.knowledge.formats,
      terms: this.#input.terms,
      shelf: this.#shelf,
      open: (bytes: Bytes) => this.#open(bytes),
      used: (key: string) => this.#used.add(key),
      breathe: () => this.#pace.breathe(),
    };
    let leftBytes = sizeOf(units);
    for await (const accounted of tasksOf(units, cutting)) {
      this.#used.add(accounted.task.key);
      this.#tasks.push(accounted);
      await this.#give(accounted.task, leftBytes);
      leftBytes -= accounted.task.sizeBytes;
    }
  }

  /** Reads a task, here or in the crew, unless its portion is there; `leftBytes` may be to read from here on. */
  async #give(task: Task, leftBytes: number): Promise<void> {
    if (this.#isKept(task)) {
      this.#done(task);
      this.#pace.add(task.sizeBytes);
      await this.#pace.breathe();
      return;
    }
    const crew = task.parts.some(({ bytes }) => bytes.kind === "log")
      ? null
      : this.#hire(leftBytes);
    if (crew !== null) return crew.give(task);
    await readTask(task, this.#bench(), this.#pace);
    this.#done(task);
  }

  /** Whether an earlier reading gave this portion, and its events are still there. */
  #isKept({ key }: Task): boolean {
    const portion = takePortion(this.#shelf, key);
    return portion !== null && areSound(storeFolder(this.#input.vault), portion.segments);
  }

  #done(task: Task): void {
    this.#readBytes += task.sizeBytes;
  }

  #hire(leftBytes: number): Crew | null {
    if (this.#crew !== null) return this.#crew;
    const { vault, planned, terms, workers: wished } = this.#input;
    const workers = wished ?? Math.min(WORKERS_MAX, availableParallelism());
    if (wished === null && (workers < 2 || leftBytes < CREW_BYTES_MIN)) return null;
    const setup = {
      access: vault.access,
      derivedFolder: vault.derivedFolder,
      plan: shared(planned.bytes()),
      from: terms.from,
      to: terms.to,
    };
    this.#crew = new Crew(setup, workers, this.#pace, (task) => this.#done(task));
    return this.#crew;
  }

  #bench(): Workbench {
    const { vault, knowledge, planned, terms } = this.#input;
    return {
      open: (bytes) => this.#open(bytes),
      formats: knowledge.formats,
      plan: planned.plan,
      matcher: planned.matcher,
      verdicts: createVerdicts(knowledge.threats),
      protection: knowledge.protection,
      aftermath: knowledge.aftermath,
      worker: knowledge.worker,
      from: terms.from,
      to: terms.to,
      events: storeFolder(vault),
      shelf: this.#shelf,
    };
  }

  #open(bytes: Bytes): FileSource {
    return openBytes(this.#input.vault, bytes);
  }

  async #tellFirst(): Promise<void> {
    const { onFirst } = this.#input;
    const totalBytes = this.#totalBytes();
    if (onFirst === undefined || this.#tasks.length === 0) return;
    const left = totalBytes - this.#tasks.reduce((sum, { task }) => sum + task.sizeBytes, 0);
    if (left < FIRST_BYTES_MIN) return;
    await this.#crew?.finish();
    onFirst(this.#merge(false), { readBytes: this.#readBytes, totalBytes });
  }

  #publish(segments: Portion["segments"]): void {
    const folder = storeFolder(this.#input.vault);
    publishSegments(folder, segments);
    cleanSegments(folder, new Set(segments.map(({ file }) => file)));
  }

  /** All portions as one. With `publish` their segments are what the store answers from, and no others stay. */
  #merge(publish: boolean): Analysis {
    const { passedOver, knowledge, caseFile, planned, asOf } = this.#input;
    const { analysis, segments } = mergePortions({
      tasks: this.#tasks,
      shelf: this.#shelf,
      ledger: this.#ledger,
      evidence: this.#evidence,
      passedOver,
      knowledge,
      caseFile,
      plan: planned.plan,
      asOf,
    });
    if (publish) this.#publish(segments);
    return analysis;
  }
}

/** The same bytes for every worker, not a copy for each. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
