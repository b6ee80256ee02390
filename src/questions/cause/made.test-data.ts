/** Batches and detections made by hand for the tests of these rooms. */
import { TICKS_PER_HOUR, UNDATED, formatTicks, toTicks } from "../../base/time.ts";
import type { SourceCoverage } from "../../model/coverage.ts";
import type { Detection, DetectionId } from "../../model/detection.ts";
import { type Batch, type EventReference, eventKey, type FieldValue } from "../../model/event.ts";
import type { EvidenceHash, FormatId, Place } from "../../model/evidence.ts";

export interface MadeRow {
  /** ISO 8601 in UTC, ticks, or null for a row without a time. */
  readonly at: string | bigint | null;
  readonly host?: string;
  readonly channel?: string;
  readonly eventId?: number;
  readonly provider?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

export function place(file: string): Place {
  const hash = Buffer.from(file).toString("hex").padEnd(64, "0").slice(0, 64);
  return { evidence: hash as EvidenceHash, member: "", file };
}

export function ticks(iso: string): bigint {
  return BigInt(Date.parse(iso)) * 10_000n;
}

export function iso(at: bigint): string {
  return formatTicks(toTicks(at) ?? (0n as never), 0);
}

/** Rows of one file; the offset of a row is a hundred times its number. */
export function batch(
  rows: readonly MadeRow[],
  {
    format = "iis",
    file = "u_ex.log",
    from = 0,
  }: { format?: FormatId; file?: string; from?: number } = {},
): Batch {
  const row = (at: number): MadeRow => rows[at] ?? { at: null };
  return {
    kind: "batch",
    format,
    place: place(file),
    length: rows.length,
    ticks: BigInt64Array.from(
      rows.map(({ at }) => (at === null ? UNDATED : typeof at === "string" ? ticks(at) : at)),
    ),
    digits: 0,
    zoneAssumed: null,
    offsets: Float64Array.from(rows, (_, at) => (from + at) * 100),
    record: (at) => String(from + at + 1),
    host: (at) => row(at).host ?? "MX1",
    channel: (at) => row(at).channel ?? "W3SVC1",
    eventId: (at) => row(at).eventId ?? -1,
    provider: (at) => row(at).provider ?? "",
    field: (at, name) => row(at).fields?.[name],
    names: (at) => Object.keys(row(at).fields ?? {}),
    putFields: (at, out) => out.put(JSON.stringify(row(at).fields ?? {})),
  };
}

/** One row every `step` from `from` until before `to`. */
export function every(
  step: bigint,
  from: string,
  to: string,
  row: Omit<MadeRow, "at"> = {},
): MadeRow[] {
  const rows: MadeRow[] = [];
  for (let at = ticks(from); at < ticks(to); at += step) rows.push({ at, ...row });
  return rows;
}

export const HOUR = TICKS_PER_HOUR;
export const MINUTE = HOUR / 60n;
export const DAY = 24n * HOUR;

export function reference(file: string, offset: number): EventReference {
  const at = place(file);
  return { key: eventKey(at, offset), evidence: at.evidence, file, record: String(offset), offset };
}

let made = 0;

/** A detection; every call makes another record unless `offset` says which. */
export function detection(
  at: string,
  parts: Partial<Omit<Detection, "id" | "at" | "ticks">> & {
    rung?: string;
    offset?: number;
    file?: string;
    ticks?: bigint;
  } = {},
): Detection {
  const { rung, offset = ++made * 10, file = "u_ex.log", ...rest } = parts;
  const rule = rest.rule ?? `rule-${rung ?? "any"}`;
  const record = reference(file, offset);
  return {
    title: `Title of ${rule}`,
    level: "high",
    tags: rung === undefined ? [] : [`breakwater.rung.${rung}`],
    ticks: ticks(at),
    digits: 0,
    host: "MX1",
    channel: "W3SVC1",
    fields: {},
    ...rest,
    rule,
    id: `${rule}@${record.key}` as DetectionId,
    at: record,
  };
}

/** A source that covers a stretch without gaps. */
export function source(
  channel: string,
  first: string,
  last: string,
  parts: Partial<SourceCoverage> = {},
): SourceCoverage {
  return {
    host: "MX1",
    format: "iis",
    channel,
    events: 1000,
    undated: 0,
    first: ticks(first),
    last: ticks(last),
    firstAt: reference(channel, 0),
    lastAt: reference(channel, 99_900),
    rhythm: HOUR,
    gaps: [],
    rotation: null,
    ...parts,
  };
}

/** A copy in another order, the same for the same seed. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const copy = [...items];
  let state = seed >>> 0 || 1;
  for (let at = copy.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    const [a, b] = [copy[at], copy[other]];
    if (a !== undefined && b !== undefined) [copy[at], copy[other]] = [b, a];
  }
  return copy;
}
