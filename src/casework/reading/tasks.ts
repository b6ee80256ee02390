/**
 * Units as tasks: large sources in ranges, small ones together, decisive ones first. How they are cut depends on the
 * evidence alone, never on how many read it, so that the portions of yesterday still fit when a day is added.
 */
import type { Formats, Range } from "../../engines/formats/index.ts";
import type { FileSource } from "../file-source.ts";
import type { OpenAccount, Unit } from "./units.ts";
import { type Shelf, keepRanges, takeRanges } from "./portion.ts";
import { type Bytes, type Part, type Task, type Terms, keyOf, taskOf } from "./task.ts";

/** One range of a large source: about a second and a half of reading, so that two hands end together. */
const RANGE_BYTES = 32 << 20;
/** Small sources are read together up to this much: a portion and a segment for each would be thousands of files. */
const GROUP_BYTES = 8 << 20;
const GROUP_PARTS_MAX = 256;

/** What cutting needs besides the units. */
export interface Cutting {
  readonly formats: Formats;
  readonly terms: Terms;
  readonly shelf: Shelf;
  readonly open: (bytes: Bytes) => FileSource;
  /** Told the key of everything that was taken from the shelf or kept on it. */
  readonly used: (key: string) => void;
  /** Called between ranges: lets others run, and throws where it is to stop. */
  readonly breathe: () => Promise<void>;
}

/** A task, and whose counts its parts are. */
export interface AccountedTask {
  readonly task: Task;
  readonly accounts: readonly OpenAccount[];
}

/** The tasks of these units in their order; ranges of a large source are found when its turn comes. */
export async function* tasksOf(
  units: readonly Unit[],
  cutting: Cutting,
): AsyncGenerator<AccountedTask> {
  let parts: Part[] = [];
  let accounts: OpenAccount[] = [];
  let sizeBytes = 0;
  const group = (): AccountedTask => {
    const made = { task: taskOf(parts, cutting.terms), accounts };
    parts = [];
    accounts = [];
    sizeBytes = 0;
    return made;
  };
  for (const unit of units) {
    const { bytes, format, setting } = unit;
    for (const range of await rangesOf(unit, cutting)) {
      const part = { bytes, format, setting, range };
      const isLog = part.bytes.kind === "log";
      const length = part.range.end - part.range.start;
      const full = sizeBytes + length > GROUP_BYTES || parts.length === GROUP_PARTS_MAX;
      if (parts.length > 0 && (full || isLog)) yield group();
      parts.push(part);
      accounts.push(unit.account);
      sizeBytes += length;
      // What grows stands alone: its portions would change with every group that it is in.
      if (isLog) yield group();
    }
  }
  if (parts.length > 0) yield group();
}

/**
 * How a source is cut: found by counting all of its lines, so it is kept where that takes long. Of a log that grows the ranges
 * that were whole stay as they were, and only what came since is cut: a run every few seconds must not count all of it again.
 */
async function rangesOf(
  unit: Unit,
  { formats, shelf, terms, open, used, breathe }: Cutting,
): Promise<readonly Range[]> {
  const { bytes, format, setting, sizeBytes } = unit;
  const { evidence, member } = setting.place;
  const grows = bytes.kind === "log";
  const isKept = sizeBytes > RANGE_BYTES;
  const what = grows ? "log" : sizeBytes;
  const key = keyOf({ program: terms.program, evidence, member, what, format, RANGE_BYTES });
  if (isKept) used(key);
  const kept = (isKept ? takeRanges(shelf, key) : null) ?? [];
  if (kept.length > 0 && !grows) return kept;
  const ranges = kept.slice(0, -1).filter(({ end }) => end < sizeBytes);
  const reader = await formats.load(format);
  const source = open(bytes);
  try {
    for (const range of reader.ranges(source, RANGE_BYTES, ranges.at(-1) ?? null)) {
      ranges.push(range);
      await breathe();
    }
    if (isKept) keepRanges(shelf, key, ranges);
    return ranges;
  } finally {
    source.close();
  }
}
