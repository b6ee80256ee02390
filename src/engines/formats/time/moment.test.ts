import { expect, test } from "vitest";
import { known } from "../../../base/assert.ts";
import { FILETIME_EPOCH, UNDATED, parseTime } from "../../../base/time.ts";
import { skewTicks, ticksUnderSkew } from "./moment.ts";

test("a FILETIME of zero is no time, and a skew never leads out of time", () => {
  const last = known(parseTime("9999-12-31T23:59:59.9999999Z"), "a time").ticks;
  const at = (ticks: bigint) => ticks + FILETIME_EPOCH;
  expect(skewTicks({ skewMillis: 1.6 })).toBe(20_000n);
  expect(ticksUnderSkew(0n, 0n)).toBe(UNDATED);
  expect(ticksUnderSkew(at(last), 0n)).toBe(last);
  expect(ticksUnderSkew(at(last), -1n)).toBe(UNDATED);
  expect(ticksUnderSkew(1n, 2n)).toBe(UNDATED);
});
