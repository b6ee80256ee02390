import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { UNDATED } from "../../base/time.ts";
import type { Coverage, Rotation, SourceCoverage } from "../../model/coverage.ts";
import type { DyingSource } from "../../model/dying.ts";
import { causeOf } from "./cause.ts";
import { parseExpectedEvidence } from "./coverage-expected.ts";
import { dyingOf } from "./dying.ts";
import { parseLifetimes } from "./lifetimes.ts";
import { DAY, HOUR, detection, iso, reference, source, ticks } from "./made.test-data.ts";

const read = (name: string) => JSON.parse(readFileSync(`knowledge/${name}.json`, "utf8"));
const EXPECTED = parseExpectedEvidence(read("expected-evidence"));
const LIFETIMES = parseLifetimes(read("lifetimes"));
const NO_CASE = {
  name: "",
  jurisdictions: [],
  hosts: [],
  sources: [],
  frontDoors: [],
  tests: [],
  staffNetworks: [],
  custodians: [],
  synthetic: true,
};

function coverageOf(sources: readonly SourceCoverage[], absent: readonly string[] = []): Coverage {
  const expected = absent.map((id) => ({ id, host: "MX1", what: id, why: "" }));
  return { sources, cleared: [], skews: [], clockChanges: [], expected, limits: [] };
}

interface Asking {
  readonly from?: string;
  readonly to?: string;
  readonly asOf: string;
  readonly exploited?: string;
  readonly suspected?: string;
}

function dying(coverage: Coverage, { from, to, asOf, exploited, suspected }: Asking) {
  const detections = exploited === undefined ? [] : [detection(exploited, { rung: "executed" })];
  const at = (time: string | undefined) => (time === undefined ? null : ticks(time));
  return dyingOf({
    coverage,
    cause: causeOf({ detections, coverage, caseFile: NO_CASE }),
    incident:
      suspected === undefined
        ? []
        : [
            {
              kind: "suspected",
              at: ticks(suspected) as never,
              recordedAt: ticks(suspected) as never,
              by: "",
              note: "",
              law: null,
            },
          ],
    expected: EXPECTED,
    lifetimes: LIFETIMES,
    asked: from === undefined && to === undefined ? null : { from: at(from), to: at(to) },
    asOf: ticks(asOf),
  });
}

function of(evidence: string, coverage: Coverage, asking: Asking): DyingSource {
  const found = dying(coverage, asking).sources.find((each) => each.evidence === evidence);
  return known(found, `${evidence} is told`);
}

const AUGUST = { from: "2021-08-14T09:00:00Z", to: "2021-08-14T09:00:00Z" };

test("every expected evidence has a lifetime, and every lifetime an evidence", () => {
  const ids = EXPECTED.entries.map(({ id }) => id).sort();
  expect([...LIFETIMES.keys()].sort()).toEqual(ids);
});

test("knowledge that is not as specified is refused by the name of its field", () => {
  const json = read("lifetimes");
  json.entries[0].keeps = { kind: "forever" };
  expect(() => parseLifetimes(json)).toThrow(/entries\.0\.keeps/);
  const twice = read("lifetimes");
  twice.entries.push(twice.entries[0]);
  expect(() => parseLifetimes(twice)).toThrow(/stands twice/);
});

test("absent logs of a known lifetime have an hour, before it, past it, and in between", () => {
  const coverage = coverageOf([], ["http-proxy"]);
  const before = of("http-proxy", coverage, { ...AUGUST, asOf: "2021-09-01T00:00:00Z" });
  expect([before.state, iso(known(before.gone, "an hour"))]).toEqual([
    "waiting",
    "2021-09-13T09:00:00Z",
  ]);
  expect(before.why).toContain(
    "Not here. Records of 14 August 2021 are deleted on 13 September 2021, 09:00 UTC at the latest: collect now.",
  );
  const after = of("http-proxy", coverage, { ...AUGUST, asOf: "2021-12-15T00:00:00Z" });
  expect(after.state).toBe("gone");
  // Its usual lifetime is over: that they are deleted nobody here can know.
  expect(after.why).toContain(
    "are past their time since 13 September 2021, 09:00 UTC: look whether they were kept longer.",
  );
  const wide = { from: "2021-08-14T09:00:00Z", to: "2021-11-20T00:00:00Z" };
  const within = of("http-proxy", coverage, { ...wide, asOf: "2021-12-15T00:00:00Z" });
  expect(within.state).toBe("going");
  expect(within.why).toContain("the last of them, of 20 November 2021, are deleted by 20 December");
});

test("an earlier setting counts for what was made under it; variants are told with their own hours", () => {
  const coverage = coverageOf([], ["unified-audit", "sign-in-log"]);
  const made = (at: string) => ({ from: at, to: at, asOf: "2026-01-01T00:00:00Z" });
  const day = (evidence: string, at: string) => {
    const { gone } = of(evidence, coverage, made(at));
    return iso(known(gone, "an hour")).slice(0, 10);
  };
  expect(day("unified-audit", "2023-10-01T00:00:00Z")).toBe("2023-12-30");
  expect(day("unified-audit", "2024-01-01T00:00:00Z")).toBe("2024-06-29");
  expect(of("unified-audit", coverage, made("2023-10-01T00:00:00Z")).why).toContain(
    "It keeps 180 days, 90 days what was made before 17 October 2023, unless somebody set it otherwise",
  );
  expect(of("unified-audit", coverage, made("2024-01-01T00:00:00Z")).why).toContain(
    "It keeps 180 days unless somebody set it otherwise",
  );
  expect(of("sign-in-log", coverage, made("2024-01-01T00:00:00Z")).why).toContain(
    "Without an Entra ID P1 or P2 licence it keeps 7 days: until 8 January 2024",
  );
});

const ROTATION: Rotation = {
  kind: "overwritten",
  by: "size",
  files: 1,
  more: false,
  holds: 3n * DAY,
  sizeBytes: 20 << 20,
  why: "its lowest record has the number 9",
  oldest: reference("Security.evtx", 0),
};

test("a log that overwrites itself is measured: what is missing was gone when it was taken", () => {
  const log = source("Security", "2021-12-12T00:00:00Z", "2021-12-15T00:00:00Z", {
    format: "evtx",
    rotation: ROTATION,
  });
  const told = of("security-log", coverageOf([log]), { ...AUGUST, asOf: "2021-12-15T00:00:00Z" });
  expect([told.state, told.basis, told.keeps]).toEqual(["gone", "measured", 3n * DAY]);
  expect(iso(told.oldest)).toBe("2021-12-12T00:00:00Z");
  expect(told.why).toContain("At its present rate it holds 3 days");
});

test("a log that is not full is measured against its usual limit", () => {
  const rotation: Rotation = { ...ROTATION, kind: "growing", sizeBytes: 5 << 20 };
  const log = source("Security", "2021-12-12T00:00:00Z", "2021-12-15T00:00:00Z", {
    format: "evtx",
    rotation,
  });
  const window = { from: "2021-12-12T00:00:00Z", to: "2021-12-20T00:00:00Z" };
  const told = of("security-log", coverageOf([log]), { ...window, asOf: "2021-12-20T00:00:00Z" });
  expect([told.state, told.keeps]).toEqual(["waiting", 12n * DAY]);
  const nearlyEmpty = { ...log, rotation: { ...rotation, sizeBytes: 1 << 20 } };
  const guess = of("security-log", coverageOf([nearlyEmpty]), {
    ...window,
    asOf: "2021-12-20T00:00:00Z",
  });
  expect([guess.state, guess.keeps]).toEqual(["open", null]);
});

test("what is here is held, also where a quiet night stands at its end; its holes are missing", () => {
  const window = { from: "2021-08-01T00:00:00Z", to: "2021-08-31T00:00:00Z" };
  const asking = { ...window, asOf: "2021-09-01T00:00:00Z" };
  const night = { rhythm: 9n * HOUR };
  const whole = source("W3SVC1", "2021-08-01T06:00:00Z", "2021-08-30T20:00:00Z", night);
  const held = of("iis-front-end", coverageOf([whole]), asking);
  expect([held.state, held.why]).toEqual(["held", "All of the window is here."]);
  // A log that never rests, and ends hours before: what came then is missing.
  const cut = of("iis-front-end", coverageOf([{ ...whole, rhythm: HOUR }]), asking);
  expect(cut.missing.map(({ from, to }) => [iso(from), iso(to)])).toEqual([
    ["2021-08-01T00:00:00Z", "2021-08-01T05:00:00Z"],
    ["2021-08-30T21:00:00Z", "2021-08-31T00:00:00Z"],
  ]);
  const few = of("iis-front-end", coverageOf([{ ...whole, rhythm: null }]), asking);
  expect([few.state, few.why.includes("too few to tell")]).toEqual(["held", true]);
  const gap = {
    from: ticks("2021-08-10T00:00:00Z"),
    to: ticks("2021-08-12T00:00:00Z"),
    kind: "quiet" as const,
    why: "",
    before: whole.firstAt,
    after: whole.lastAt,
  };
  const holed = of("iis-front-end", coverageOf([{ ...whole, gaps: [gap] }]), asking);
  expect([holed.state, holed.missing]).toEqual(["open", [{ from: gap.from, to: gap.to }]]);
  expect(holed.why).toBe(
    "Here, but not from 10 August 2021 to 12 August 2021. Nothing deletes it by itself: it waits until somebody makes room. Collect it before.",
  );
  const later = source("W3SVC1", "2021-09-05T00:00:00Z", "2021-09-30T00:00:00Z");
  expect(of("iis-front-end", coverageOf([later]), { ...AUGUST, asOf: asking.asOf }).why).toContain(
    "Here, but not of 14 August 2021. Nothing",
  );
  const undated = source("W3SVC1", "2021-08-01T00:00:00Z", "2021-08-31T00:00:00Z", {
    first: UNDATED,
    last: UNDATED,
  });
  expect(of("iis-front-end", coverageOf([undated]), asking).missing).toHaveLength(1);
});

test("a state and a file that only grows are here or not: their records' times leave no stretches out", () => {
  const asking = { ...AUGUST, asOf: "2021-12-15T00:00:00Z" };
  const hives = source("Registry", "2018-01-01T00:00:00Z", "2021-04-01T00:00:00Z", {
    format: "registry",
  });
  const setup = source("Setup", "2021-01-01T00:00:00Z", "2021-06-01T00:00:00Z", {
    format: "exchange-setup",
  });
  const here = coverageOf([hives, setup]);
  const told = (["registry-hives", "exchange-setup-log"] as const).map((evidence) => {
    const { state, missing, why } = of(evidence, here, asking);
    return [state, missing.length, why];
  });
  expect(told).toEqual([
    ["held", 0, "Here, as it was when it was taken."],
    ["held", 0, "Here, as far as it had been written when it was taken."],
  ]);
  expect(of("registry-hives", coverageOf([], ["registry-hives"]), asking).state).toBe("open");
});

test("the window is what was asked for, else the exploitation, else the suspicion, else all", () => {
  const web = source("W3SVC1", "2021-06-01T00:00:00Z", "2021-12-01T00:00:00Z");
  const coverage = coverageOf([web]);
  const asOf = "2021-12-15T00:00:00Z";
  const exploited = "2021-08-14T04:00:00Z";
  const suspected = "2021-12-06T10:00:00Z";
  const window = (asking: Asking) => {
    const { from, to, why } = known(dying(coverage, asking).window, "a window");
    return `${iso(from)} ${iso(to)} ${why}`;
  };
  expect(window({ asOf, exploited, suspected, from: "2021-09-01T00:00:00Z" })).toBe(
    "2021-09-01T00:00:00Z 2021-12-15T00:00:00Z as asked for",
  );
  expect(window({ asOf, exploited, suspected })).toMatch(/^2021-08-14T04:00:00Z .*exploitation/);
  expect(window({ asOf, suspected })).toMatch(/^2021-12-05T10:00:00Z 2021-12-06T10:00:00Z/);
  expect(window({ asOf })).toMatch(/^2021-06-01T00:00:00Z 2021-12-01T00:00:00Z all/);
  expect(dying(coverageOf([]), { asOf }).window).toBeNull();
});

test("what can still be had comes first, then what decides most", () => {
  const coverage = coverageOf([], ["message-tracking", "http-proxy", "mail-items-accessed", "mft"]);
  const wide = { from: "2021-08-14T09:00:00Z", to: "2021-08-15T00:00:00Z" };
  const told = dying(coverage, { ...wide, asOf: "2021-09-01T00:00:00Z" }).sources;
  expect(told.map(({ evidence, state }) => `${evidence} ${state}`)).toEqual([
    "http-proxy waiting",
    "message-tracking waiting",
    "mft open",
    "mail-items-accessed never",
  ]);
});
