/**
 * Signs while evidence is read: what rows say of a thing, each once, or once a day. Memory is bounded, and what a limit left out is
 * counted by sign. Refuses to judge: that is for the questions. Order of reading decides nothing else.
 */
import { TICKS_PER_DAY, UNDATED, isPlausible } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { type Batch, type EventReference, referenceOf } from "../../model/event.ts";

/** What tells one sign from another. */
export interface Shown {
  /** What kind of sign it is: an id of whoever looks for it. */
  readonly sign: string;
  readonly host: string;
  readonly channel: string;
  /** What exactly: a mailbox, a version, an account; "" where the sign says it all. */
  readonly of: string;
  /** Who did it, as the record names them; "" where it names nobody. */
  readonly by: string;
}

/** One sign as data. Copies of a log in other files add nothing. */
export interface Sign extends Shown {
  /** The day (in ticks) of a sign that is told by the day, the time of any other, or UNDATED. */
  readonly bucket: bigint;
  readonly first: bigint;
  readonly last: bigint;
  readonly digits: number;
  readonly at: EventReference;
  readonly lastAt: EventReference;
}

/** What a collector has gathered, as data: for another thread, or for the next day. */
export interface SignsState {
  readonly signs: readonly Sign[];
  /** Records whose signs were not kept, by sign. */
  readonly uncounted: ReadonlyMap<string, number>;
}

/** How signs of a kind are put together: each by itself, by the day, or all that say the same. */
export type Pace = "each" | "day" | "all";

const SIGNS_MAX = 65_536;
/** What one log of one host may add of one sign: whoever can write into a log could otherwise take the room of all others. */
const OF_LOG_MAX = 8_192;

/** Signs up to a limit. */
export class Signs {
  readonly #signs = new Map<string, Sign>();
  readonly #ofLog = new Map<string, number>();
  readonly #uncounted = new Map<string, number>();

  /** Keeps what a row shows. */
  see(batch: Batch, row: number, shown: Shown, pace: Pace): void {
    const ticks = batch.ticks[row] ?? UNDATED;
    const at = referenceOf(batch, row);
    const bucket = bucketOf(isPlausible(ticks) ? ticks : UNDATED, pace);
    const time = isPlausible(ticks) ? ticks : UNDATED;
    this.#put({ ...shown, bucket, first: time, last: time, digits: batch.digits, at, lastAt: at });
  }

  state(): SignsState {
    return { signs: [...this.#signs.values()], uncounted: new Map(this.#uncounted) };
  }

  absorb({ signs, uncounted }: SignsState): void {
    for (const [sign, records] of uncounted) this.#leaveOut(sign, records);
    for (const sign of signs) this.#put(sign);
  }

  #put(sign: Sign): void {
    const { bucket, host, channel } = sign;
    const key = JSON.stringify([sign.sign, host, channel, sign.of, sign.by, String(bucket)]);
    const known = this.#signs.get(key);
    if (known !== undefined) {
      this.#signs.set(key, joined(known, sign));
      return;
    }
    const log = JSON.stringify([host, channel, sign.sign]);
    const ofLog = this.#ofLog.get(log) ?? 0;
    if (this.#signs.size >= SIGNS_MAX || ofLog >= OF_LOG_MAX) {
      this.#leaveOut(sign.sign, 1);
      return;
    }
    this.#ofLog.set(log, ofLog + 1);
    this.#signs.set(key, sign);
  }

  #leaveOut(sign: string, records: number): void {
    this.#uncounted.set(sign, (this.#uncounted.get(sign) ?? 0) + records);
  }
}

/** How many records were left out together. */
export function leftOut({ uncounted }: Pick<SignsState, "uncounted">): number {
  return [...uncounted.values()].reduce((sum, records) => sum + records, 0);
}

function bucketOf(ticks: bigint, pace: Pace): bigint {
  if (pace === "all") return UNDATED;
  return pace === "day" && ticks !== UNDATED ? ticks - (ticks % TICKS_PER_DAY) : ticks;
}

/** One sign of two that say the same, from the earlier to the later; of two at the same time the place decides. */
function joined(a: Sign, b: Sign): Sign {
  const order = byCodeUnits(a.at.key, b.at.key);
  const isFirst = a.first === b.first ? order <= 0 : isBefore(a.first, b.first);
  // UNDATED is less than every time.
  const isLast = a.last === b.last ? byCodeUnits(a.lastAt.key, b.lastAt.key) >= 0 : a.last > b.last;
  const { last, lastAt } = isLast ? a : b;
  return { ...(isFirst ? a : b), last, lastAt };
}

function isBefore(a: bigint, b: bigint): boolean {
  return a !== UNDATED && (b === UNDATED || a < b);
}
