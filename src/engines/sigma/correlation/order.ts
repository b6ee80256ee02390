/**
 * Base detections in the order in which correlations look at them: by time, then by event key. Refuses nothing; what stands there twice
 * (one record in two exports of a log, one match of a rule told again) counts once.
 */
import { byCodeUnits } from "../../../base/text.ts";
import { eventKey } from "../../../model/event.ts";
import { type FeedState, placeAt } from "./feed.ts";

const TICKS_PER_MILLI = 10_000;

/** A feed in order; a rank is a place in it, from 0. */
export interface OrderedFeed {
  readonly state: FeedState;
  readonly length: number;
  /** The entry at each rank. */
  readonly entry: Uint32Array;
  /** Its time: milliseconds since 1970, and ticks below a millisecond. */
  readonly millis: Float64Array;
  readonly rest: Int32Array;
  readonly rule: Int32Array;
}

/** Orders a feed. A million entries that come from several logs: about a second; from one log in its order: a tenth. */
export function orderFeed(state: FeedState): OrderedFeed {
  const { length } = state;
  const millis = new Float64Array(length);
  const rest = new Int32Array(length);
  splitTicks(state.ticks, millis, rest);
  const byTimeAndKey = (left: number, right: number): number =>
    (millis[left] ?? 0) - (millis[right] ?? 0) ||
    (rest[left] ?? 0) - (rest[right] ?? 0) ||
    compareKeys(state, left, right) ||
    (state.rule[left] ?? 0) - (state.rule[right] ?? 0);
  const order = Uint32Array.from({ length }, (_, at) => at);
  if (!isOrdered(order, byTimeAndKey)) order.sort(byTimeAndKey);
  const entry = withoutRepeats(state, order);
  return {
    state,
    length: entry.length,
    entry,
    millis: Float64Array.from(entry, (at) => millis[at] ?? 0),
    rest: Int32Array.from(entry, (at) => rest[at] ?? 0),
    rule: Int32Array.from(entry, (at) => state.rule[at] ?? 0),
  };
}

/** 2^32 in ticks: so many milliseconds, and so many ticks. */
const HIGH_MILLIS = 429_496;
const HIGH_REST = 7_296;

/** Milliseconds and the ticks below them, without a BigInt for each: by the two halves of the number. */
function splitTicks(ticks: BigInt64Array, millis: Float64Array, rest: Int32Array): void {
  const halves = new DataView(ticks.buffer, ticks.byteOffset, ticks.byteLength);
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  for (let at = 0; at < ticks.length; at++) {
    const low = halves.getUint32(8 * at + (isLittle ? 0 : 4), isLittle);
    const high = halves.getInt32(8 * at + (isLittle ? 4 : 0), isLittle);
    const below = high * HIGH_REST + low;
    const whole = Math.floor(below / TICKS_PER_MILLI);
    millis[at] = high * HIGH_MILLIS + whole;
    rest[at] = below - whole * TICKS_PER_MILLI;
  }
}

/** Ticks from one rank to a later one. The difference, not the times, goes through the floating point: exact to 28 years, beyond to four ticks. */
export function ticksBetween({ millis, rest }: OrderedFeed, from: number, to: number): number {
  return (
    ((millis[to] ?? 0) - (millis[from] ?? 0)) * TICKS_PER_MILLI +
    ((rest[to] ?? 0) - (rest[from] ?? 0))
  );
}

/** Whether two ranks are matches on one event. */
export function isSameEvent({ state, entry }: OrderedFeed, one: number, other: number): boolean {
  const left = entry[one] ?? 0;
  const right = entry[other] ?? 0;
  return state.place[left] === state.place[right] && state.offsets[left] === state.offsets[right];
}

function isOrdered(order: Uint32Array, compare: (left: number, right: number) => number): boolean {
  for (let at = 1; at < order.length; at++)
    if (compare(order[at - 1] ?? 0, order[at] ?? 0) > 0) return false;
  return true;
}

/** By event key, without making the keys where the places are the same. */
function compareKeys(state: FeedState, left: number, right: number): number {
  const [from, to] = [state.offsets[left] ?? 0, state.offsets[right] ?? 0];
  if (state.place[left] === state.place[right])
    return from === to ? 0 : byCodeUnits(String(from), String(to));
  return byCodeUnits(eventKey(placeAt(state, left), from), eventKey(placeAt(state, right), to));
}

/** Without matches of one rule on one event, and on records of one name in the world, but for the first. */
function withoutRepeats(state: FeedState, order: Uint32Array): Uint32Array {
  const told = new Set<string>();
  let length = 0;
  for (let at = 0; at < order.length; at++) {
    const entry = order[at] ?? 0;
    const before = order[length - 1] ?? 0;
    const repeated =
      length > 0 &&
      state.rule[entry] === state.rule[before] &&
      state.ticks[entry] === state.ticks[before] &&
      compareKeys(state, entry, before) === 0;
    if (repeated) continue;
    const name = state.recordId[entry] ?? -1;
    if (name >= 0) {
      const key = `${state.rule[entry]} ${state.channel[entry]} ${name}`;
      if (told.has(key)) continue;
      told.add(key);
    }
    order[length++] = entry;
  }
  return order.slice(0, length);
}
