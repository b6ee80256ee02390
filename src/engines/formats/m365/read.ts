/**
 * Reads exports of Microsoft 365: JSON of any form, CSV of the audit log, results of ScubaGear. Refuses what is no record of
 * a known kind; gives a record that stands twice in a file once. Spec and decisions: docs/formats/m365.md.
 */
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import { type Assumption, NO_EVIDENCE, type Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { HEAD_BYTES, type Range, type Reader } from "../format.ts";
import { wholeRange } from "../text/line-reading.ts";
import { auditHeaderOf } from "./audit-header.ts";
import { CsvReading } from "./csv-reading.ts";
import { JsonReading } from "./json-reading.ts";
import { ScubaReading, isScuba } from "./scuba-reading.ts";
import { unitsOf } from "./units.ts";

/** Reads exports of Microsoft 365. */
export const m365Reader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readingOf(upTo(source, range.end), setting, range.start).pieces(),
  ranges,
  assumptions,
};

/** A reading of one source, and up to where it holds when the source grows. */
interface Reading {
  readonly safeEnd: number;
  pieces(): Iterable<Piece>;
}

/** Reads all of a source, because a record is left out that stood before; gives what begins at byte `from` or behind. */
function readingOf(source: Source, setting: Setting, from: number): Reading {
  const units = unitsOf(source);
  const head = units.read(0, Math.min(units.byteLength, HEAD_BYTES));
  if (isScuba(head)) return new ScubaReading(source, setting, from);
  return auditHeaderOf(head) === null
    ? new JsonReading(source, setting, from)
    : new CsvReading(source, setting, from);
}

function upTo(source: Source, byteLength: number): Source {
  return byteLength === source.byteLength
    ? source
    : { byteLength, read: (start, end) => source.read(start, end) };
}

/**
 * One range for all that is there: whether a record was given before only a reading from the start can tell. Of a source
 * that has grown, what follows the last record that was whole.
 */
function* ranges(source: Source, _: number, after: Range | null): Generator<Range> {
  const end = source.byteLength;
  if (after === null) yield wholeRange(source);
  if (after === null || after.end >= end) return;
  const before = readingOf(upTo(source, after.end), UNSET, after.end);
  for (const _piece of before.pieces());
  yield { start: before.safeEnd, end, line: 0, header: "" };
}

/** Where records end is the same whatever the case file says. */
const UNSET: Setting = {
  place: { evidence: NO_EVIDENCE, member: "", file: "" },
  host: null,
  zone: null,
  skewMillis: 0,
};

/** Nothing about times: every service writes UTC by its schema. A zone of the case file is for other sources. */
function assumptions(_: Uint8Array, setting: Setting): readonly Assumption[] {
  const found = assumptionsOfSetting({ ...setting, zone: null }, false);
  if (setting.zone === null) return found;
  const why = "the services write UTC by their schemas; the case file's zone is not applied";
  return [{ file: setting.place.file, what: "zone", value: "UTC", why }, ...found];
}
