/** Ties held against a naive follower that compares each record with every other. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "../../../base/assert.ts";
import { causeOf } from "../cause.ts";
import { shuffled } from "../made.test-data.ts";
import { tracesOf } from "../traces.ts";
import { NO_COVERAGE, NO_TESTS, WORLD, made } from "./made.test-data.ts";
import { type JoinRecord, recordOf } from "./record.ts";
import { type Tie, tiesOf } from "./ties.ts";

/** Which records are on one way, by comparing each with every other: what the ties must come to. */
function naiveWays(
  records: readonly JoinRecord[],
  joined: (a: JoinRecord, b: JoinRecord) => boolean,
) {
  const group = records.map((_, at) => at);
  for (const [a, one] of records.entries())
    for (const [b, two] of records.entries())
      if (a < b && joined(one, two)) {
        const [from, to] = [group[b], group[a]];
        for (const [at, own] of group.entries()) if (own === from) group[at] = known(to, "a group");
      }
  return group;
}

function waysBy(ties: readonly Tie[], length: number): readonly number[] {
  const group = Array.from({ length }, (_, at) => at);
  for (const { earlier, later } of ties) {
    const [from, to] = [group[later], group[earlier]];
    for (const [at, own] of group.entries()) if (own === from) group[at] = known(to, "a group");
  }
  return group;
}

function samePairs(a: readonly number[], b: readonly number[]): boolean {
  return a.every((_, x) => a.every((__, y) => (a[x] === a[y]) === (b[x] === b[y])));
}

const MINUTES = 600_000_000n;

/** The rules of joining in the words of the design, pair by pair; programs are left to their own test. */
function isJoined(a: JoinRecord, b: JoinRecord): boolean {
  const apart = b.detection.ticks - a.detection.ticks;
  if (a.requestId !== null && a.requestId === b.requestId && apart <= 1440n * MINUTES) return true;
  if (a.client !== null && a.client === b.client && apart <= 60n * MINUTES) return true;
  if (a.accounts.some((name) => b.accounts.includes(name)) && apart <= 5n * MINUTES) return true;
  const isPage = a.pages.some((page) => b.pages.includes(page));
  if (isPage && ((!a.isInVain && !b.isInVain) || apart <= 60n * MINUTES)) return true;
  const compiles = (one: JoinRecord, other: JoinRecord) =>
    one.compiled !== null &&
    !other.isInVain &&
    other.pages.some((page) => `owa${page.slice(9)}` === one.compiled);
  return compiles(a, b) || compiles(b, a) || (a.compiled !== null && a.compiled === b.compiled);
}

test("ties come to the same as comparing each record with every other", () => {
  const withoutPrograms = WORLD.map((all) => all.filter(({ kind }) => kind !== "shell"));
  fc.assert(
    fc.property(withoutPrograms, (world) => {
      const records = tracesOf(world.map(made), NO_TESTS, (host) => host).flatMap(
        (trace) => recordOf([trace], () => false) ?? [],
      );
      const naive = naiveWays(records, isJoined);
      expect(samePairs(naive, waysBy(tiesOf(records), records.length))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("the order of detections changes nothing", () => {
  fc.assert(
    fc.property(WORLD, fc.integer({ min: 1, max: 1_000_000 }), (world, seed) => {
      const detections = world.map(made);
      const one = causeOf({ detections, coverage: NO_COVERAGE, caseFile: NO_TESTS });
      const other = causeOf({
        detections: shuffled(detections, seed),
        coverage: NO_COVERAGE,
        caseFile: NO_TESTS,
      });
      expect(other).toEqual(one);
    }),
    { numRuns: 200 },
  );
});
