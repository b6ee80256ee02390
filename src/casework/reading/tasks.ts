/**
 * Units as tasks: large sources in ranges, small ones together, decisive ones first. How they are cut depends on the
 * evidence alone, never on how many read it, so that the portions of yesterday still fit when a day is added.
 */
import { loadReader } from "../../engines/formats/index.ts";
import type { FileSource } from "../file-source.ts";
import type { OpenAccount, Unit } from "./units.ts";
import { type Bytes, type Part, type Task, type Terms, taskOf } from "./task.ts";

/** One range of a large source: about a second and a half of reading, so that two hands end together. */
const RANGE_BYTES = 32 << 20;
/** Small sources are read together up to this much: a portion and a segment for each would be thousands of files. */
const GROUP_BYTES = 8 << 20;
const GROUP_PARTS_MAX = 256;

/** A task, and whose counts its parts are. */
export interface AccountedTask {
  readonly task: Task;
  readonly accounts: readonly OpenAccount[];
}

/** The tasks of these units in their order; ranges of a large source are found when its turn comes. */
export async function* tasksOf(
  units: readonly Unit[],
  terms: Terms,
  open: (bytes: Bytes) => FileSource,
): AsyncGenerator<AccountedTask> {
  let parts: Part[] = [];
  let accounts: OpenAccount[] = [];
  let sizeBytes = 0;
  const group = (): AccountedTask => {
    const made = { task: taskOf(parts, terms), accounts };
    parts = [];
    accounts = [];
    sizeBytes = 0;
    return made;
  };
  for (const unit of units) {
    for await (const part of partsOf(unit, open)) {
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

async function* partsOf(unit: Unit, open: (bytes: Bytes) => FileSource): AsyncGenerator<Part> {
  const { bytes, format, setting } = unit;
  const reader = await loadReader(format);
  const source = open(bytes);
  try {
    for (const range of reader.ranges(source, RANGE_BYTES, null))
      yield { bytes, format, setting, range };
  } finally {
    source.close();
  }
}
