/** Blocks of the protection log: how their dates are read is stated, with the other reading, and held by all ranges. */
import { expect, test } from "vitest";
import { NO_SETTING, readWhole } from "../../../../test/readers/trials.ts";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { formatTicks, toTicks } from "../../../base/time.ts";
import { mplogReader } from "./read.ts";

const scan = (time: string) =>
  `2021-08-14T03:12:07.123Z Engine:scan\nBegin Resource Scan\nStart Time:${time}\nEnd Scan\n`;

function timesOf(text: string, setting = NO_SETTING): (string | null)[] {
  const { events } = readWhole(mplogReader, memorySource(utf8(text)), setting);
  return events
    .filter(({ fields }) => fields["EventType"] === "ResourceScan")
    .map((event) => toTicks(event.ticks))
    .map((ticks) => (ticks === null ? null : formatTicks(ticks, 0)));
}

const orderOf = (text: string, setting = NO_SETTING) =>
  mplogReader.assumptions(utf8(text), setting).find(({ what }) => what === "day-order");

test("month first where nothing decides, and that is stated with the other reading", () => {
  const text = scan("08-04-2021 04:12:07");
  expect(timesOf(text)).toEqual(["2021-08-04T04:12:07Z"]);
  expect(orderOf(text)?.value).toBe(
    "month-first: 08-04-2021 is 4 August 2021; the other reading is 8 April 2021",
  );
  expect(orderOf("2021-08-14T03:12:07.123Z Engine:scan\n")).toBeUndefined();
});

test("the case file's order counts where the dates allow it", () => {
  const stated = { ...NO_SETTING, dayOrder: "day-first" as const };
  expect(timesOf(scan("08-04-2021 04:12:07"), stated)).toEqual(["2021-04-08T04:12:07Z"]);
  expect(timesOf(scan("08-14-2021 04:12:07"), stated)).toEqual(["2021-08-14T04:12:07Z"]);
});

test("a date that contradicts the others is a flaw, and its row undated", () => {
  const text =
    scan("08-14-2021 04:12:07") + scan("08-15-2021 04:12:07") + scan("16-08-2021 04:12:07");
  expect(timesOf(text)).toEqual(["2021-08-14T04:12:07Z", "2021-08-15T04:12:07Z", null]);
  const { flaws } = readWhole(mplogReader, memorySource(utf8(text)));
  expect(flaws.map(({ what }) => what)).toEqual(["date"]);
});

test("a log that grows is read anew where its dates come to be read the other way", () => {
  const [before, behind] = [scan("08-04-2021 04:12:07"), scan("14-08-2021 04:12:07")];
  const small = memorySource(utf8(before));
  const [after = null] = mplogReader.ranges(small, 1_000_000, null);
  const grown = memorySource(utf8(before + behind));
  const starts = [...mplogReader.ranges(grown, 1_000_000, after)].map(({ start }) => start);
  expect(starts).toEqual([0]);
  expect(timesOf(before + behind)).toEqual(["2021-04-08T04:12:07Z", "2021-08-14T04:12:07Z"]);
});
