/** Scripts in parts and cmdlets, through the reader: the same whether a log is read whole or in ranges. */
import { expect, test } from "vitest";
import { NO_SETTING, readWhole } from "../../../../test/readers/trials.ts";
import { known } from "../../../base/assert.ts";
import { memorySource } from "../../../base/source.ts";
import { ticksFromMillis } from "../../../base/time.ts";
import { evtxReader } from "./read.ts";
import { type WrittenEvent, evtxFile } from "./write.ts";

const PARTS = 5;
const RANGE_BYTES = 65_536;

/** One part of a script; the text fills a third of a chunk. */
function part(number: number, block: string): WrittenEvent {
  return {
    provider: "Microsoft-Windows-PowerShell",
    eventId: 4104,
    level: 5,
    ticks: known(ticksFromMillis(1_628_827_200_000 + number), "within time"),
    channel: "Microsoft-Windows-PowerShell/Operational",
    computer: "MX1",
    data: [
      ["MessageNumber", number],
      ["MessageTotal", PARTS],
      ["ScriptBlockText", `${number}${"x".repeat(10_000)};`],
      ["ScriptBlockId", block],
      ["Path", ""],
    ],
  };
}

test("a script in five parts over several chunks is whole at its last part, in ranges too", () => {
  const numbers = Array.from({ length: PARTS }, (_, at) => at + 1);
  const events = ["a", "b"].flatMap((block) => numbers.map((number) => part(number, block)));
  const source = memorySource(evtxFile(events));
  const whole = readWhole(evtxReader, source).events;
  const scripts = whole.map(({ fields }) => fields["ScriptBlock"]);
  const expected = numbers.map((number) => `${number}${"x".repeat(10_000)};`).join("");
  expect(scripts.map((script) => script === expected)).toEqual(
    events.map((_, at) => at % PARTS === PARTS - 1),
  );

  const ranges = [...evtxReader.ranges(source, RANGE_BYTES, null)];
  expect(ranges.length).toBeGreaterThan(2);
  const parts = ranges.flatMap((range) => readWhole(evtxReader, source, NO_SETTING, range).events);
  expect(parts).toEqual(whole);
});
