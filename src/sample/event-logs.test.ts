/** The event logs before they become binary: order, numbers, and what each promises. */
import { describe, expect, test } from "vitest";
import { memorySource } from "../base/source.ts";
import { makeFormats } from "../engines/formats/index.ts";
import type { EvidenceHash } from "../model/evidence.ts";
import { antivirusEvents } from "./antivirus-log.ts";
import { dayOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { makeEventLogs } from "./event-logs.ts";
import { managementEvents } from "./management-log.ts";
import { drawStory } from "./story.ts";
import type { NumberedEvent } from "./windows-event.ts";
import { securityEvents, systemEvents } from "./windows-logs.ts";

const stories = Array.from({ length: 20 }, (_, at) => drawStory(at + 1, "small", "exchange"));
const MAKERS: Readonly<Record<string, typeof systemEvents>> = {
  "Microsoft-Windows-Windows Defender/Operational": antivirusEvents,
  "MSExchange Management": managementEvents,
  Security: securityEvents,
  System: systemEvents,
};
const chance = () => new Chance(1, "test");

function field(one: NumberedEvent | undefined, name: string): string | undefined {
  return one?.event.data.find(([one]) => one === name)?.[1];
}

describe("every log", () => {
  test.each(stories.slice(0, 6))(
    "is in order and numbered without a break (seed $seed)",
    (story) => {
      for (const make of [antivirusEvents, managementEvents, securityEvents, systemEvents]) {
        const events = [...make(story, chance())];
        expect(events.length).toBeGreaterThan(50);
        const first = events[0]?.record ?? 0;
        expect(events.map(({ record }) => record - first)).toEqual(events.map((_, at) => at));
        const times = events.map(({ event }) => event.at);
        expect(times).toEqual([...times].sort((left, right) => left - right));
      }
    },
  );
});

test.each(stories)("the antivirus log names 54 files and the test file (seed $seed)", (story) => {
  const events = [...antivirusEvents(story, chance())];
  const of = (id: number) => events.filter(({ event }) => event.eventId === id);
  const files = new Set(
    [...of(1116), ...of(1117), ...of(1119)].flatMap((one) =>
      (field(one, "Path") ?? "").split("; ").map((path) => `${path}\n${field(one, "Threat Name")}`),
    ),
  );
  expect(files.size).toBe(55);
  expect(of(1119)).toHaveLength(1);
  const [first = 0, last = 0] = story.staleDays ?? [];
  const failedDays = new Set(of(2001).map(({ event }) => dayOf(event.at)));
  expect([Math.min(...failedDays), Math.max(...failedDays)]).toEqual([first, last]);
  expect(of(2000).some(({ event }) => failedDays.has(dayOf(event.at)))).toBe(false);
  const shells = of(1116).filter((one) => /\.aspx/.test(field(one, "Path") ?? ""));
  const dropper = story.actors[0]?.technique === "export" ? /MSExchangeMailboxReplication/ : /w3wp/;
  expect(field(shells[0], "Process Name")).toMatch(dropper);
});

test("the Management log starts where it rolled over, and tells the legitimate export apart", () => {
  const exported: string[] = [];
  for (const story of stories) {
    const events = [...managementEvents(story, chance())];
    expect(events[0]?.event.at).toBeGreaterThanOrEqual(story.gaps.managementFrom);
    expect(new Set(events.map(({ event }) => event.eventId))).toEqual(new Set([1, 6]));
    for (const { event } of events) {
      expect(event.data.every(([name]) => name === null)).toBe(true);
      const [cmdlet, parameters = ""] = event.data.map(([, value]) => value);
      if (cmdlet === "New-MailboxExportRequest") exported.push(parameters);
    }
  }
  const legitimate = exported.filter((parameters) => /leavers\$.*\.pst"$/.test(parameters));
  expect(legitimate.length).toBeGreaterThan(0);
  const others = exported.filter((parameters) => !legitimate.includes(parameters));
  expect(others.filter((parameters) => !/c\$\\/.test(parameters))).toEqual([]);
});

test("the EVTX reader gives back every event", async () => {
  const reader = await makeFormats([]).load("evtx");
  const story = drawStory(3, "small", "exchange");
  for (const { path, bytes } of makeEventLogs(story)) {
    const source = memorySource(Buffer.concat([...bytes]));
    const place = { evidence: "0".repeat(64) as EvidenceHash, member: "", file: path };
    let rows = 0;
    const first: string[] = [];
    for (const piece of reader.read(source, { place, host: null, zone: null, skewMillis: 0 })) {
      expect(piece.kind).toBe("batch");
      if (piece.kind === "flaw") continue;
      if (rows === 0) first.push(piece.host(0), piece.channel(0));
      rows += piece.length;
    }
    const channel = first[1] ?? "";
    expect(first[0]).toBe(`MX1.${story.cast.domain}`);
    expect(path).toContain(channel.replace("/", "%4"));
    const make = MAKERS[channel] ?? systemEvents;
    expect(rows).toBe([...make(story, new Chance(3, `${channel}/exchange`))].length);
  }
});

test("a cleared log begins with the event that says so", () => {
  const cleared = stories.flatMap((story) =>
    story.plan.clearings.map((clearing) => ({ story, clearing })),
  );
  expect(cleared.length).toBeGreaterThan(2);
  for (const { story, clearing } of cleared) {
    const make = clearing.log === "Security" ? securityEvents : systemEvents;
    const [first] = make(story, chance());
    expect(first?.event.eventId).toBe(clearing.log === "Security" ? 1102 : 104);
  }
});
