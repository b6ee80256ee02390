/**
 * How far the clocks of two sources of one host are apart, told by happenings that stand in both: a request with its own id in
 * the logs of front end, back end and HttpProxy, and a file's last record beside its last change. The middle of many differences, with
 * their spread and number. Refuses to correct anything, and to estimate from few or scattered differences.
 */
import { TICKS_PER_MILLISECOND, UNDATED } from "../../base/time.ts";
import type { HostSkew, SkewEstimate, SourceName } from "../../model/coverage.ts";
import type { Batch } from "../../model/event.ts";
import { type FormatId, type Place, STATE_FORMATS } from "../../model/evidence.ts";
import type { FileSpan } from "./coverage-files.ts";
import type { SampleState } from "./coverage-sample.ts";
import { type Mark, markOf, referenceTo } from "./coverage-spans.ts";

/** Request ids kept of one source while others leave room, and of all together: about 20 MB. */
export const JOINS_OF_SOURCE_MAX = 4096;
export const JOINS_MAX = 131_072;

/** Formats whose rows carry the id that Exchange gives a request; their readers name it RequestId. */
const JOINED_FORMATS: ReadonlySet<string> = new Set(["iis", "exchange"]);
const REQUEST_ID = "RequestId";
/** Formats whose times no clock of the host wrote while it happened: states, and what others say. */
const UNCLOCKED: ReadonlySet<FormatId> = new Set([...STATE_FORMATS, "m365"]);
/** In a large batch every so many rows are asked: a quarter of a quarter stands in both samples, of hundreds of thousands a day. */
const STRIDE = 4;
const SMALL_BATCH = 4096;

/** Fewer requests than these, or files, settle nothing. */
const REQUESTS_MIN = 5;
const CHANGES_MIN = 3;
/** A file is changed shortly after its last record; where these differences scatter more, somebody else changed the files. */
const CHANGES_SPREAD_MAX = 120_000;
/** A clock that is off by less is right for every purpose here: logs write whole seconds, requests take some. */
const OFF_MIN_MILLIS = 5000;
/** A last change may follow a last record by this much: what is written waits for a buffer. */
const BUFFER_MILLIS = 60_000;

/** What the case and the file system know of a source's files, beyond their records. */
export interface FileFacts {
  /** When the file was last changed where it lay; null where nobody knows. */
  modifiedAt(place: Place): bigint | null;
  /** How far the case file says that its clock was ahead, taken off already; 0 where it says nothing. */
  statedSkewMillis(file: string): number;
}

/** Nothing is known beyond the records. */
export const NO_FILE_FACTS: FileFacts = { modifiedAt: () => null, statedSkewMillis: () => 0 };

/** A source as far as its clock goes. */
export interface ClockedSource extends SourceName {
  readonly host: string;
  readonly files: SampleState<FileSpan>;
  readonly joins: SampleState<Mark>;
}

/** Gives the request ids in rows [from, to) of a batch to `keep`, with the record of each; about 1 M rows/s of IIS that are asked. */
export function findJoins(
  batch: Batch,
  from: number,
  to: number,
  keep: (id: string, mark: () => Mark) => void,
): void {
  if (!JOINED_FORMATS.has(batch.format)) return;
  const step = batch.length <= SMALL_BATCH ? 1 : STRIDE;
  for (let row = from; row < to; row += step) {
    const id = batch.field(row, REQUEST_ID);
    if (typeof id !== "string" || id === "" || batch.ticks[row] === UNDATED) continue;
    keep(id.toLowerCase(), () => markOf(batch, row));
  }
}

/** The clocks of every host with more than one source; hosts in the order of the sources. */
export function skewsOf(sources: readonly ClockedSource[], facts: FileFacts): HostSkew[] {
  return [...Map.groupBy(sources, ({ host }) => host)].flatMap(([host, own]) => {
    const changes = own.flatMap((source) => byFileChange(source, facts));
    const pairs = own.flatMap((source, at) =>
      own.slice(at + 1).flatMap((other) => byRequests(source, other, facts)),
    );
    const estimates = [...pairs, ...changes];
    const clocked = own.filter(({ format }) => host !== "" && !UNCLOCKED.has(format));
    const lone = clocked.filter(
      (source) =>
        !estimates.some(({ ahead, against }) => isOf(ahead, source) || isOf(against, source)),
    );
    const unjoined = clocked.length < 2 ? 0 : lone.length;
    return unjoined === 0 && estimates.length === 0 ? [] : [{ host, estimates, unjoined }];
  });
}

function isOf(name: SourceName | null, { format, channel }: SourceName): boolean {
  return name !== null && name.format === format && name.channel === channel;
}

/** One happening in two places. */
interface Difference {
  readonly millis: number;
  readonly at: readonly Mark[];
}

function byRequests(source: ClockedSource, other: ClockedSource, facts: FileFacts): SkewEstimate[] {
  const differences = [...source.joins.held].flatMap(([id, mark]): Difference[] => {
    const same = other.joins.held.get(id);
    return same === undefined
      ? []
      : [{ millis: between(mark.ticks, same.ticks), at: [mark, same] }];
  });
  if (differences.length < REQUESTS_MIN) return [];
  const { middle, spread } = middleOf(differences);
  const [ahead, against] = middle.millis >= 0 ? [source, other] : [other, source];
  return [estimateOf({ ahead, against, middle, spread, joins: differences.length }, facts)];
}

/** Logs in local time read as UTC end after their files were last changed; one whose clock is right never does. */
function byFileChange(source: ClockedSource, facts: FileFacts): SkewEstimate[] {
  const differences = [...source.files.held.values()].flatMap(({ place, span }): Difference[] => {
    const changed = span === null || place.member !== "" ? null : facts.modifiedAt(place);
    if (span === null || changed === null) return [];
    return [{ millis: between(span.last.ticks, changed), at: [span.last] }];
  });
  if (differences.length < CHANGES_MIN) return [];
  const { middle, spread } = middleOf(differences);
  if (spread > CHANGES_SPREAD_MAX || middle.millis < BUFFER_MILLIS) return [];
  const joins = differences.length;
  return [estimateOf({ ahead: source, against: null, middle, spread, joins }, facts)];
}

interface Judged {
  readonly ahead: ClockedSource;
  readonly against: ClockedSource | null;
  readonly middle: Difference;
  readonly spread: number;
  readonly joins: number;
}

function estimateOf(
  { ahead, against, middle, spread, joins }: Judged,
  facts: FileFacts,
): SkewEstimate {
  const aheadMillis = Math.abs(middle.millis);
  const statedMillis = statedOf(ahead, facts);
  const isOff = aheadMillis >= OFF_MIN_MILLIS && aheadMillis > spread;
  return {
    ahead: nameOf(ahead),
    against: against === null ? null : nameOf(against),
    aheadMillis,
    spreadMillis: spread,
    joins,
    statedMillis,
    statedAgainstMillis: against === null ? 0 : statedOf(against, facts),
    line: isOff ? lineOf(ahead, statedMillis + aheadMillis) : null,
    at: middle.at.map(referenceTo),
  };
}

function nameOf({ format, channel }: SourceName): SourceName {
  return { format, channel };
}

/** What is stated of its files, where all of them say the same. */
function statedOf({ files }: ClockedSource, facts: FileFacts): number {
  const stated = new Set(
    [...files.held.values()].map(({ place }) => facts.statedSkewMillis(place.file)),
  );
  const [only = 0] = stated;
  return stated.size === 1 ? only : 0;
}

/** An entry for `sources:` of the case file; JSON is YAML, and hostile names stay between their quotes. */
function lineOf({ files }: ClockedSource, skewMillis: number): string | null {
  const folders = new Set([...files.held.values()].map(({ place }) => patternOf(place.file)));
  const [only] = folders;
  if (only === undefined || folders.size > 1) return null;
  return `- { files: ${JSON.stringify(only)}, skew_ms: ${Math.round(skewMillis)} }`;
}

/** The files beside this one: its last folder and anything in it. */
function patternOf(file: string): string {
  const parts = file.split(/[\\/]+/);
  return parts.length < 2 ? file : `${parts.slice(-2, -1).join("/")}/*`;
}

function between(ticks: bigint, other: bigint): number {
  return Number(ticks - other) / Number(TICKS_PER_MILLISECOND);
}

/** The middle difference and the range of the middle half; of an even number the lower middle. */
function middleOf(differences: readonly Difference[]): { middle: Difference; spread: number } {
  const ordered = differences.toSorted((a, b) => a.millis - b.millis);
  const at = (share: number) => ordered[Math.floor((ordered.length - 1) * share)];
  const middle = at(0.5) ?? { millis: 0, at: [] };
  return { middle, spread: (at(0.75)?.millis ?? 0) - (at(0.25)?.millis ?? 0) };
}
