/**
 * When the rows of a batch happened: by their bytes where those say it, else by their text. Refuses to lose a row for its
 * time: what is none leaves it undated, with a flaw.
 */
import { UNDATED } from "../../../base/time.ts";
import { MILLIS_MAX, MILLIS_MIN, putTicks } from "../time/byte-time.ts";
import type { NotRead } from "../json/json-value.ts";
import { type Dating, type Plan, momentOf } from "./row.ts";
import type { Table } from "./table.ts";
import { type UsualTime, noTime, readCount, readIso, readNumbers } from "./usual-time.ts";

/** Takes why the row that starts at a byte has no time. */
export type Refuse = (offset: number, why: Omit<NotRead, "kind">) => void;

/** Whether the bytes are a time that reads one way whatever the order of days is. */
export function readTold(
  bytes: Uint8Array,
  from: number,
  to: number,
  { time: written }: Table,
  time: UsualTime,
): boolean {
  switch (written?.written) {
    case "epoch-seconds":
      if (readCount(bytes, from, to, 1000, time)) return true;
      break;
    case "epoch-millis":
      if (readCount(bytes, from, to, 1, time)) return true;
      break;
    case "filetime":
    case "text":
    case undefined:
      break;
  }
  return readIso(bytes, from, to, time);
}

/** Times of rows; used again for the next. */
export class Stamps {
  readonly ticks: BigInt64Array;
  /** The same in halves: a BigInt for each row costs more than all the rest. */
  readonly #halves: Int32Array;
  /** Per row: decimals of the second, and whether the zone was taken for granted. Rows of one batch share both. */
  readonly #digits: Uint8Array;
  readonly #isAssumed: Uint8Array;
  readonly #dating: Dating;
  readonly #skewMillis: number;
  readonly #time = noTime();

  constructor(rowsMax: number, dating: Dating) {
    this.ticks = new BigInt64Array(rowsMax);
    this.#halves = new Int32Array(this.ticks.buffer);
    this.#digits = new Uint8Array(rowsMax);
    this.#isAssumed = new Uint8Array(rowsMax);
    this.#dating = dating;
    this.#skewMillis = Math.round(dating.setting.skewMillis);
  }

  /** Dates a row by bytes[from..to); false where they alone do not say what time is meant. */
  byBytes(row: number, bytes: Uint8Array, from: number, to: number, plan: Plan): boolean {
    // A time of day of its own stands in another column.
    if (plan.clock.length > 0 || from >= to) return false;
    const { setting, order } = this.#dating;
    const time = this.#time;
    const isRead =
      readTold(bytes, from, to, plan.table, time) || readNumbers(bytes, from, to, order, time);
    // Other times are turned by the clock of the case file's zone.
    if (!isRead || (setting.zone !== null && time.zone !== "offset")) return false;
    const millis = time.millis - this.#skewMillis;
    if (millis < MILLIS_MIN || millis > MILLIS_MAX) return false;
    putTicks(this.#halves, row, millis, time.ticks);
    this.#digits[row] = time.digits;
    this.#isAssumed[row] = time.zone === "none" && plan.table.time?.zone !== "utc" ? 1 : 0;
    return true;
  }

  byText(row: number, text: string, { table }: Plan, offset: number, refuse: Refuse): void {
    const read = momentOf(text, table, this.#dating, (why) => refuse(offset, why));
    this.ticks[row] = read.ticks;
    this.#digits[row] = read.digits;
    this.#isAssumed[row] = read.zoneAssumed === null ? 0 : 1;
  }

  undated(row: number): void {
    this.ticks[row] = UNDATED;
    this.#digits[row] = 0;
    this.#isAssumed[row] = 0;
  }

  /** The row behind the last of those from `from` on, of `length`, that share precision and zone. */
  endOfAlike(from: number, length: number): number {
    let to = from + 1;
    while (
      to < length &&
      this.#digits[from] === this.#digits[to] &&
      this.#isAssumed[from] === this.#isAssumed[to]
    )
      to++;
    return to;
  }

  digits(row: number): number {
    return this.#digits[row] ?? 0;
  }

  zoneAssumed(row: number): string | null {
    return this.#isAssumed[row] === 1 ? (this.#dating.setting.zone ?? "UTC") : null;
  }
}
