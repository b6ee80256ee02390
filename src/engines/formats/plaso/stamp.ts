/**
 * The time of a plaso event: `date_time`, which keeps the precision of its source, or `timestamp`, microseconds since
 * 1970. Refuses semantic times ("Not set"). Spec: dfdatetime's serialised date and time values, https://dfdatetime.readthedocs.io.
 */
import { FILETIME_EPOCH, UNDATED, parseTime, toTicks } from "../../../base/time.ts";
import { type Json, type JsonObject, isList, objectOf, stringOf } from "../json/json-value.ts";

/** When an event happened, as far as plaso knew. */
export interface Stamp {
  /** UNDATED where it is none. */
  readonly ticks: bigint;
  readonly digits: number;
  /** True: the source wrote a wall clock, and plaso read it in the time zone that it was told, by default UTC. */
  readonly isLocal: boolean;
}

const NO_STAMP: Stamp = { ticks: UNDATED, digits: 0, isLocal: false };
/** 100 ns ticks of one unit of `timestamp`, and decimals, by the class of the value. */
const COUNTED: ReadonlyMap<string, readonly [ticks: bigint, divisor: bigint, digits: number]> =
  new Map([
    ["PosixTime", [10_000_000n, 1n, 0]],
    ["PosixTimeInMilliseconds", [10_000n, 1n, 3]],
    ["PosixTimeInMicroseconds", [10n, 1n, 6]],
    ["PosixTimeInNanoseconds", [1n, 100n, 7]],
    ["JavaTime", [10_000n, 1n, 3]],
  ]);

/** The stamp of an event. */
export function stampOf(event: JsonObject): Stamp {
  if (stringOf(event["timestamp_desc"]) === "Not a time") return NO_STAMP;
  const dateTime = objectOf(event["date_time"]);
  const name = stringOf(dateTime["__class_name__"]);
  if (name === "SemanticTime" || name === "NotSet" || name === "Never") return NO_STAMP;
  const isLocal = dateTime["is_local_time"] === true;
  const precise = preciseStamp(name, dateTime);
  // A wall clock was turned into UTC by plaso: then its own count is the one that knows the zone.
  if (precise !== null && !isLocal) return precise;
  const micros = integerOf(event["timestamp"]);
  if (micros !== null) return stamp(micros * 10n, 6, isLocal) ?? NO_STAMP;
  if (precise !== null) return { ...precise, isLocal };
  const read = parseTime(stringOf(event["datetime"]));
  return read === null
    ? NO_STAMP
    : { ticks: read.ticks, digits: read.digits, isLocal: !read.zoned };
}

function preciseStamp(name: string, dateTime: JsonObject): Stamp | null {
  const count = integerOf(dateTime["timestamp"]);
  if (name === "Filetime")
    return count === null || count === 0n ? null : stamp(count - FILETIME_EPOCH, 7, false);
  const unit = COUNTED.get(name);
  if (unit !== undefined)
    return count === null ? null : stamp((count * unit[0]) / unit[1], unit[2], false);
  const parts = dateTime["time_elements_tuple"];
  if (!name.startsWith("TimeElements") || !isList(parts) || parts.length !== 6) return null;
  const [year = 0, ...rest] = parts.map(Number);
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, "0"));
  const fraction = fractionOf(dateTime);
  const read = parseTime(
    `${String(year).padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`,
  );
  return read === null ? null : { ticks: read.ticks, digits: read.digits, isLocal: false };
}

function fractionOf(dateTime: JsonObject): string {
  for (const [name, digits] of [
    ["milliseconds", 3],
    ["microseconds", 6],
  ] as const) {
    const value = integerOf(dateTime[name]);
    if (value !== null && value >= 0n)
      return `.${String(value).padStart(digits, "0").slice(0, digits)}`;
  }
  const text = stringOf(dateTime["fraction_of_second"]);
  return /^0\.\d{1,9}$/.test(text) ? text.slice(1) : "";
}

function stamp(count: bigint, digits: number, isLocal: boolean): Stamp | null {
  const ticks = toTicks(count);
  return ticks === null ? null : { ticks, digits, isLocal };
}

function integerOf(value: Json | undefined): bigint | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === "string" && /^-?\d{1,19}$/.test(value) ? BigInt(value) : null;
}
