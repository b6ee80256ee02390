import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { inventedDossier } from "../../../test/web/invented-case.ts";
import { type Day, parseDay, toDay } from "../../base/day.ts";
import { TICKS_PER_DAY } from "../../base/time.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { MissedSignals } from "../../model/missed-signals.ts";
import { renderDossierHtml, renderDossierJson } from "./index.ts";
import { missingLogs } from "./missed-coverage.ts";

function page(dossier: Dossier): string {
  return new TextDecoder().decode(renderDossierHtml(dossier));
}

function day(text: string): Day {
  return known(parseDay(text), text);
}

const CASE = inventedDossier();
const MISSED = known(CASE.missed, "the calendar");

/** The part of the page between two anchors. */
function part(text: string, from: string, to: string): string {
  return text.slice(text.indexOf(`id="${from}"`), text.indexOf(`id="${to}"`));
}

test("every day with a signal is drawn and stands in the table, and no other day does", () => {
  const text = part(page(CASE), "missed", "streaks");
  const drawn = [...text.matchAll(/<title>(\d{4}-\d\d-\d\d), \d+ detection/g)].map(
    ([, one]) => one,
  );
  const rows = [...text.matchAll(/<tbody id="day-([\d-]+)">/g)].map(([, one]) => one);
  expect(drawn).toEqual(rows);
  expect(rows).toHaveLength(MISSED.days.length);
  expect(text.match(/<title>2021-/g)).toHaveLength(MISSED.until - MISSED.from + 1);
  expect(text.match(/, discovered<\/title>/g)).toHaveLength(1);
});

test("a silent log hatches the days that it lacks, a log that begins late is named", () => {
  const text = part(page(CASE), "missed", "streaks");
  expect(text.match(/day-cell hole" x/g)).toHaveLength(6);
  expect(text).toContain("HVC-MAIL01 W3SVC2: ");
  expect(text).toContain("HVC-DC01 Security: from ");
});

test("a day that no log reaches looks like one, and states of things reach none", () => {
  const [source] = CASE.coverage.sources;
  if (source === undefined) throw new Error("the invented case has sources");
  const at = (text: string) => BigInt(day(text)) * TICKS_PER_DAY;
  const log = { ...source, gaps: [], first: at("2021-08-10"), last: at("2021-08-12") + 5n };
  const state = { ...log, format: "registry" as const, first: at("2018-01-01") };
  const { lackOn, late } = missingLogs([log, state], day("2021-08-09"), day("2021-08-13"));
  const days = ["09", "10", "11", "12", "13"].map((one) => lackOn(day(`2021-08-${one}`)));
  expect(days).toEqual(["no-log", null, null, null, "no-log"]);
  expect(late).toHaveLength(1);
});

test("a log says nothing of the days of its own silence", () => {
  const [, web] = CASE.coverage.sources;
  if (web === undefined) throw new Error("the invented case has sources");
  const { lackOn } = missingLogs([web], day("2021-08-12"), day("2021-08-13"));
  expect([lackOn(day("2021-08-12")), lackOn(day("2021-08-13"))]).toEqual(["no-log", null]);
});

test("a log that was emptied is named as one that begins late, even after the discovery, and hatches nothing", () => {
  const [source] = CASE.coverage.sources;
  const [gap] = CASE.coverage.sources.flatMap(({ gaps }) => gaps);
  if (source === undefined || gap === undefined) throw new Error("the invented case has gaps");
  const at = (text: string) => BigInt(day(text)) * TICKS_PER_DAY;
  const whole = { ...source, gaps: [], first: at("2021-08-01"), last: at("2021-09-01") };
  const cleared = {
    ...gap,
    kind: "cleared" as const,
    from: at("2021-08-01"),
    to: at("2021-08-30"),
  };
  const emptied = { ...whole, channel: "Security", first: at("2021-08-30"), gaps: [cleared] };
  const { lackOn, holes, late } = missingLogs(
    [whole, emptied],
    day("2021-08-10"),
    day("2021-08-20"),
  );
  expect([lackOn(day("2021-08-12")), holes.length]).toEqual([null, 0]);
  expect(late.map(({ log }) => log)).toEqual([expect.stringContaining("Security")]);
  // What was cleared in the middle of a log is a hole in it.
  const middle = {
    ...emptied,
    first: at("2021-08-01"),
    gaps: [{ ...cleared, from: at("2021-08-05") }],
  };
  expect(
    missingLogs([whole, middle], day("2021-08-10"), day("2021-08-20")).lackOn(day("2021-08-12")),
  ).toBe("hole");
});

test("half a day of silence is the day's, an hour is not", () => {
  const [source] = CASE.coverage.sources;
  const [gap] = CASE.coverage.sources.flatMap(({ gaps }) => gaps);
  if (source === undefined || gap === undefined) throw new Error("the invented case has gaps");
  const hour = TICKS_PER_DAY / 24n;
  const start = BigInt(day("2021-08-20")) * TICKS_PER_DAY;
  const gaps = [
    { ...gap, kind: "quiet" as const, from: start + 23n * hour, to: start + 40n * hour },
  ];
  const { lackOn } = missingLogs(
    [source, { ...source, gaps }],
    day("2021-08-20"),
    day("2021-08-22"),
  );
  expect(["20", "21", "22"].map((one) => lackOn(day(`2021-08-${one}`)))).toEqual([
    null,
    "hole",
    null,
  ]);
});

test("without a calendar the page says why, and a discovery that nobody recorded is said", () => {
  expect(page({ ...CASE, missed: null })).toContain("no day on which one was missed");
  const open = page({ ...CASE, missed: { ...MISSED, discovered: null } });
  expect(open).toContain("Nobody has recorded when it was discovered: told up to ");
  expect(open).not.toContain('class="day-found" x="');
});

test("ten years with a signal a day: the drawing and the table stay short, and say what they leave out", () => {
  const from = day("2011-12-09");
  const [first] = MISSED.days;
  if (first === undefined) throw new Error("the invented case has signals");
  const days = Array.from({ length: MISSED.until - from + 1 }, (_, at) => ({
    day: known(toDay(from + at), "day"),
    signals: Array.from({ length: 40 }, () => first.signals).flat(),
  }));
  const missed: MissedSignals = { ...MISSED, from, days };
  const start = performance.now();
  const text = page({ ...CASE, missed });
  expect(performance.now() - start).toBeLessThan(2000);
  expect(text.length).toBeLessThan(3_000_000);
  expect(text).toContain("The first 200 of 3,654 days");
  expect(text).toContain("85 months of 121 not drawn");
  expect(text).toContain("28 further signals of this day in dossier.json");
  expect(part(text, "missed", "streaks")).toContain("discovered on 2021-12-09");
});

test("years in which nothing was visible are left out first", () => {
  const missed = { ...MISSED, from: day("2011-12-09") };
  const text = page({ ...CASE, missed });
  expect(text).toContain("not drawn: nothing was visible in them");
  expect(text).toContain("August 2021: something visible on 7 days, at most critical");
});

test("a finding that the page does not show is named, never a dead link", () => {
  const text = part(page({ ...CASE, findings: [] }), "missed", "findings");
  expect(text).not.toContain('href="#finding-');
  expect(text).toContain("<code>f-");
});

test("a webhook is named without its path", () => {
  const text = page(CASE);
  expect(text).toContain("webhook https://chat.clinic.example");
  expect(text).not.toContain("not-to-be-shown");
});

test("JSON: days are days, times are times, names are in snake_case", () => {
  const { dossier } = JSON.parse(new TextDecoder().decode(renderDossierJson(CASE)));
  const { missed, takings, aftermaths, canaries, deliveries, containment, cause } = dossier;
  expect(missed).toMatchObject({
    from: "2021-08-07",
    discovered: "2021-12-09",
    until: "2021-12-09",
  });
  expect(missed.days).toHaveLength(MISSED.days.length);
  expect(missed.days[0]).toMatchObject({
    day: "2021-08-07",
    signals: [{ alarms: false, answered: { in_time: true, at: "2021-08-10T08:15:00.0000000Z" } }],
  });
  expect(takings[0]).toMatchObject({ sent_bytes: 1_734_202_118, first: "2021-08-13T04:12:33Z" });
  expect(takings[1].sent_bytes).toBeNull();
  expect(aftermaths[0].checks[0]).toMatchObject({ state: "found", changes_total: 14 });
  expect(canaries[1]).toMatchObject({ seen: [], due: "2021-12-17T10:05:00.0000000Z" });
  expect(deliveries[1]).toMatchObject({ outcome: "failed", step: 1 });
  expect(containment[0]).toMatchObject({ kind: "isolated", recorded_at: expect.any(String) });
  expect(cause.chains[0].links[2]).toMatchObject({
    joined_by: "request id 5b7c",
    rung: "executed",
  });
});
