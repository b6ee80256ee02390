/**
 * The files of a source and how it makes room: rolled by the clock, rolled by size, or overwritten in place. Told from the
 * files at hand (their first and last records, how far they reach, the number of their lowest record), and only where several
 * say the same. Refuses to guess from names.
 */
import { readableSpan, TICKS_PER_DAY, TICKS_PER_HOUR } from "../../base/time.ts";
import { count } from "../../engines/wording/index.ts";
import type { Rotation } from "../../model/coverage.ts";
import type { Batch } from "../../model/event.ts";
import type { FormatId, Place } from "../../model/evidence.ts";
import type { SampleState } from "./coverage-sample.ts";
import { byMark, joinSpans, referenceTo, type Span } from "./coverage-spans.ts";

/** Files followed of one source while others leave room, and of all together: about 20 MB. */
export const FILES_OF_SOURCE_MAX = 1024;
export const FILES_MAX = 65_536;

/** What one file holds of one source. */
export interface FileSpan {
  readonly place: Place;
  /** Null while no record of it has a time. */
  readonly span: Span | null;
  /** The highest byte at which a record of it begins. */
  readonly reachBytes: number;
  /** The numbers that its records carry where the format numbers them, as event logs do; null elsewhere. */
  readonly numbers: Numbers | null;
}

/** The numbers of a file's records: without holes they are as many as the records. */
export interface Numbers {
  readonly lowest: number;
  readonly highest: number;
  readonly records: number;
}

/** Formats whose records carry numbers that begin at 1 and go on where old records are overwritten. */
const NUMBERED: ReadonlySet<FormatId> = new Set(["evtx"]);
/** Logs that begin a new file now and then; of others, many files are many things: mails, scans, lists. */
const ROLLING: ReadonlySet<FormatId> = new Set([
  "clamav",
  "evtx",
  "exchange",
  "iis",
  "mplog",
  "ncsa",
  "syslog",
]);
/** A rolled log shows by so many files. */
const ROLLED_MIN = 3;
/** Files of a rolled log may overlap by so much: requests end after they began. */
const OVERLAP = TICKS_PER_HOUR;
/** Three of four files lie within a tenth of the middle one. */
const ALIKE = 0.1;
/** So much of the numbers must be there: fewer are an extract, which tells nothing of the log. Damage may take some. */
const WHOLE = 0.9;
/** Windows takes no smaller limit (wevtutil sl /ms): what is smaller was emptied, not overwritten. */
const LIMIT_BYTES_MIN = 1 << 20;
/** A shorter time says nothing of the rate: a first start alone writes hundreds of records. */
const RATE_MIN = TICKS_PER_DAY;
/** An event log is made of chunks behind a header; the last record begins in the last chunk. */
const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 4096;

/** The key of a file in a sample. */
export function fileKey({ evidence, member }: Place): string {
  return member === "" ? evidence : `${evidence}/${member}`;
}

/** What `records` rows in [from, to) of a batch, the first and the last among them, add to their file; `span` is that of the dated ones. */
export function fileSpanOf(
  batch: Batch,
  [from, to]: readonly [number, number],
  records: number,
  span: Span | null,
): FileSpan {
  const ends = NUMBERED.has(batch.format)
    ? [from, to - 1].map((row) => Number(batch.record(row)))
    : [];
  const numbers =
    ends.length > 0 && ends.every(Number.isSafeInteger)
      ? { lowest: Math.min(...ends), highest: Math.max(...ends), records }
      : null;
  return { place: batch.place, span, reachBytes: batch.offsets[to - 1] ?? 0, numbers };
}

/** Both as one: the same file, read in two parts. */
export function joinFiles(a: FileSpan, b: FileSpan): FileSpan {
  return {
    place: a.place,
    span: a.span === null || b.span === null ? (a.span ?? b.span) : joinSpans(a.span, b.span),
    reachBytes: Math.max(a.reachBytes, b.reachBytes),
    numbers: joinNumbers(a.numbers, b.numbers),
  };
}

function joinNumbers(a: Numbers | null, b: Numbers | null): Numbers | null {
  if (a === null || b === null) return a ?? b;
  return {
    lowest: Math.min(a.lowest, b.lowest),
    highest: Math.max(a.highest, b.highest),
    records: a.records + b.records,
  };
}

/** A file whose records have times. */
interface DatedFile extends FileSpan {
  readonly span: Span;
}

/**
 * The record numbers of each file, whichever host or log a record names: a server that was renamed after its setup goes on
 * in the same file.
 */
export function fileNumbers(
  states: readonly SampleState<FileSpan>[],
): ReadonlyMap<string, Numbers> {
  const whole = new Map<string, Numbers>();
  for (const { held } of states)
    for (const [key, { numbers }] of held) {
      const joined = joinNumbers(whole.get(key) ?? null, numbers);
      if (joined !== null) whole.set(key, joined);
    }
  return whole;
}

/**
 * The records that are here and the numbers that they span, over the files of a source in which numbers are absent: extracts, or
 * damaged ones. Null where there are none, or too many files to know.
 */
export function absentNumbers(
  { held, more }: SampleState<FileSpan>,
  files: ReadonlyMap<string, Numbers>,
): { readonly records: number; readonly numbers: number } | null {
  if (more) return null;
  const holed = [...held.keys()].flatMap((key) => {
    const numbers = files.get(key);
    return numbers === undefined || isWhole(numbers) ? [] : [numbers];
  });
  if (holed.length === 0) return null;
  return {
    records: holed.reduce((sum, { records }) => sum + records, 0),
    numbers: holed.reduce((sum, numbers) => sum + widthOf(numbers), 0),
  };
}

function isWhole(numbers: Numbers): boolean {
  return numbers.records >= WHOLE * widthOf(numbers);
}

function widthOf({ lowest, highest }: Numbers): number {
  return highest - lowest + 1;
}

/** How the source forgets, as its files show it and the numbers in them; null where they show nothing. */
export function rotationOf(
  format: FormatId,
  { held, more }: SampleState<FileSpan>,
  numbers: ReadonlyMap<string, Numbers>,
): Rotation | null {
  if (!ROLLING.has(format)) return null;
  const dated = [...held.values()]
    .filter((file): file is DatedFile => file.span !== null)
    .sort((a, b) => byMark(a.span.first, b.span.first));
  const [file] = dated;
  if (dated.length !== 1 || file === undefined) return rolledOf(dated, more);
  const lowest = numbers.get(fileKey(file.place))?.lowest ?? null;
  return lowest === null ? null : numberedOf(file, lowest, held.size, more);
}

/**
 * One event log: where its lowest number is not 1, what stood before was overwritten. Null where numbers are absent, as in an
 * extract, and where the file is smaller than any limit, as one that was emptied is.
 */
function numberedOf(
  file: DatedFile,
  lowest: number,
  files: number,
  more: boolean,
): Rotation | null {
  if (file.numbers === null || !isWhole(file.numbers)) return null;
  const { first, last } = file.span;
  const holds = last.ticks - first.ticks;
  const chunks = Math.max(1, Math.ceil((file.reachBytes - HEADER_BYTES) / CHUNK_BYTES));
  const sizeBytes = HEADER_BYTES + chunks * CHUNK_BYTES;
  const overwritten = lowest > 1;
  if (holds <= 0n || (overwritten ? sizeBytes < LIMIT_BYTES_MIN : holds < RATE_MIN)) return null;
  const why = overwritten
    ? `its lowest record has the number ${lowest}, so the records before it are gone from this file`
    : "its lowest record has the number 1, so nothing was overwritten so far";
  return {
    kind: overwritten ? "overwritten" : "growing",
    by: "size",
    files,
    more,
    holds,
    sizeBytes,
    why,
    oldest: referenceTo(first),
  };
}

/** Files that follow one another, judged by all but the newest, which may not be full. */
function rolledOf(files: readonly DatedFile[], more: boolean): Rotation | null {
  const [oldest] = files;
  if (oldest === undefined || files.length < ROLLED_MIN) return null;
  const follows = files.every(
    ({ span }, at) =>
      at === 0 || span.first.ticks >= (files[at - 1]?.span.last.ticks ?? 0n) - OVERLAP,
  );
  if (!follows) return null;
  // From the beginning of one to that of the next: what an idle night leaves out belongs to it.
  const steps = files
    .slice(1)
    .map(({ span }, at) => Number(span.first.ticks - (files[at]?.span.first.ticks ?? 0n)));
  const sizes = files.slice(0, -1).map(({ reachBytes }) => reachBytes);
  const [step, size] = [middleOf(steps), middleOf(sizes)];
  if (step <= 0) return null;
  const by = areDays(files)
    ? "time"
    : areAlike(sizes, size)
      ? "size"
      : areAlike(steps, step)
        ? "time"
        : "unclear";
  const each = {
    time: "each holds one stretch of time",
    size: `each ends at about ${megabytes(size)}`,
    unclear: "neither their size nor the clock ends them alike",
  }[by];
  return {
    kind: "rolled",
    by,
    files: files.length,
    more,
    holds: BigInt(Math.round(step)),
    sizeBytes: size,
    why: `${more ? "at least " : ""}${count(files.length, "file")} follow one another: ${each}, ${readableSpan(BigInt(Math.round(step)))} at the median`,
    oldest: referenceTo(oldest.span.first),
  };
}

/** Whether no two files share a day, and none holds two: the usual way of web servers. */
function areDays(files: readonly DatedFile[]): boolean {
  const days = files.map(({ span }) =>
    [span.first, span.last].map(({ ticks }) => ticks / TICKS_PER_DAY),
  );
  const single = days.filter(([first, last]) => first === last).length;
  return (
    single * 4 >= files.length * 3 &&
    new Set(days.map(([first]) => first)).size * 4 >= files.length * 3
  );
}

function areAlike(values: readonly number[], middle: number): boolean {
  const alike = values.filter((value) => Math.abs(value - middle) <= middle * ALIKE).length;
  return middle > 0 && alike * 4 >= values.length * 3;
}

/** The middle value; of an even number the lower of the two. */
function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
