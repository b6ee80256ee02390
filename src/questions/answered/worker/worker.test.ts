/** Commands under the worker: lineage at any depth, numbers used again, what is usual and routine, order, hostile values, real evidence. */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memorySource } from "../../../base/source.ts";
import type { Batch } from "../../../model/event.ts";
import { windowsJsonReader } from "../../../engines/formats/windows-json/read.ts";
import { NO_SETTING } from "../../../../test/readers/trials.ts";
import { shared } from "../../../../test/shared.ts";
import { DAY, type MadeRow, batch, shuffled, ticks } from "../../cause/made.test-data.ts";
import { workerFindings } from "./findings.ts";
import { placeStarts } from "./lineage.ts";
import { lookForStarts, type Started } from "./started.ts";
import { createStarts, startLimits } from "./starts.ts";
import { parseWorker } from "./terms.ts";

const KNOWLEDGE: Record<string, unknown> = JSON.parse(
  readFileSync("knowledge/worker.json", "utf8"),
);
const TERMS = parseWorker(KNOWLEDGE);
const [W3WP, SYSTEM32] = ["C:\\Windows\\System32\\inetsrv\\w3wp.exe", "C:\\Windows\\System32\\"];
const FRAMEWORK = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\";
const NOON = ticks("2021-08-20T12:00:00Z");

interface Start {
  readonly at: bigint;
  readonly id: number;
  readonly parent: number;
  readonly image: string;
  readonly parentImage?: string;
  readonly host?: string;
  readonly command?: string;
}

/** A start as Security has it: numbers in hexadecimal. */
function started({
  at,
  id,
  parent,
  image,
  parentImage = "",
  host = "MX1",
  command = "",
}: Start): MadeRow {
  const fields = {
    NewProcessId: `0x${id.toString(16)}`,
    ProcessId: `0x${parent.toString(16)}`,
    NewProcessName: image,
    ...(parentImage === "" ? {} : { ParentProcessName: parentImage }),
    CommandLine: command,
    SubjectUserName: "MX1$",
  };
  return { at, host, eventId: 4688, channel: "Security", fields };
}

function findingsOf(...batches: readonly Batch[]) {
  const collector = createStarts(TERMS);
  for (const each of batches) collector.add(each);
  return workerFindings(collector.state(), TERMS, []);
}

function told(starts: readonly Start[]) {
  return findingsOf(batch(starts.map(started), { format: "evtx" }));
}

const CMD: Start = {
  at: NOON,
  id: 100,
  parent: 4,
  image: `${SYSTEM32}cmd.exe`,
  parentImage: W3WP,
  command: "cmd /c whoami",
};
const WHOAMI: Start = {
  at: NOON + 1n,
  id: 104,
  parent: 100,
  image: `${SYSTEM32}whoami.exe`,
  parentImage: CMD.image,
};

test("a command and what it started, with who, when and how", () => {
  const [finding, ...others] = told([CMD, WHOAMI]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    kind: "analytic",
    rule: "analytic/under-the-worker",
    host: "MX1",
    level: "critical",
    firstSeen: NOON,
    lastSeen: NOON + 1n,
    counts: { programs: 2, explained: 0 },
  });
  expect(finding?.detections.length).toBe(2);
  expect(finding?.examples.map(({ offset }) => offset)).toEqual([0, 100]);
  expect(finding?.why).toContain(
    "w3wp.exe > c:\\windows\\system32\\cmd.exe: 1 time from 2021-08-20T12:00:00Z by MX1$, first as cmd /c whoami",
  );
  expect(finding?.why).toContain("w3wp.exe > cmd.exe > c:\\windows\\system32\\whoami.exe: 1 time");
});

test("any depth, also where records name no parent program", () => {
  const chain: Start[] = [{ at: NOON, id: 1, parent: 900, image: W3WP }];
  for (let at = 1; at <= 40; at++)
    chain.push({ at: NOON + BigInt(at), id: at + 1, parent: at, image: `C:\\x\\p${at}.exe` });
  expect(told(chain)[0]?.counts).toEqual({ programs: 40, explained: 0 });
});

test("a number that is used again is another process", () => {
  const again: Start = {
    at: NOON + DAY,
    id: 100,
    parent: 8,
    image: `${SYSTEM32}notepad.exe`,
    parentImage: "C:\\Windows\\explorer.exe",
  };
  const its: Start = {
    at: NOON + DAY + 1n,
    id: 200,
    parent: 100,
    image: "C:\\x\\a.exe",
    parentImage: again.image,
  };
  expect(told([CMD, again, its])[0]?.counts["programs"]).toBe(1);
  // Nor is a process whose record names another program as its parent a child of what had the number.
  const other: Start = { ...its, at: NOON + 5n, parentImage: "C:\\y\\b.exe" };
  expect(told([CMD, other])[0]?.counts["programs"]).toBe(1);
  expect(told([CMD, { ...WHOAMI, host: "WEB1" }])[0]?.counts["programs"]).toBe(1);
});

test("what the worker starts by itself is explained, whatever the number; a file of that name elsewhere is not", () => {
  const compiler: Start = {
    at: NOON,
    id: 7,
    parent: 4,
    image: `${FRAMEWORK}csc.exe`,
    parentImage: W3WP,
  };
  const helper: Start = {
    at: NOON + 1n,
    id: 8,
    parent: 7,
    image: `${FRAMEWORK}cvtres.exe`,
    parentImage: compiler.image,
  };
  const console: Start = {
    at: NOON + 2n,
    id: 9,
    parent: 7,
    image: `${SYSTEM32}conhost.exe`,
    parentImage: compiler.image,
  };
  expect(told([compiler, helper, console])).toEqual([]);
  const [finding] = told([compiler, helper, console, CMD]);
  expect(finding?.counts).toEqual({ programs: 1, explained: 3 });
  expect(finding?.why).toContain(
    "Explained and not told: csc.exe and cvtres.exe (2 times: ASP.NET compiles",
  );
  expect(told([{ ...compiler, image: "C:\\Windows\\Temp\\csc.exe" }])[0]?.level).toBe("high");
});

test("what the worker always had is told low and no more; commands never become usual", () => {
  const printer = (day: number): Start => ({
    at: NOON + BigInt(day) * DAY,
    id: 50 + day,
    parent: 4,
    image: "C:\\App\\print.exe",
    parentImage: W3WP,
  });
  const many = Array.from({ length: 20 }, (_, day) => printer(day));
  const [finding] = told(many);
  expect([finding?.level, finding?.counts]).toEqual(["low", { programs: 5, explained: 15 }]);
  expect(told(many.slice(0, 4))[0]?.level).toBe("high");
  const burst = many.map((start, at) => ({ ...start, at: NOON + BigInt(at) }));
  expect(told(burst)[0]).toMatchObject({ level: "high", counts: { programs: 20 } });
  const commands = many.map((start) => ({ ...start, image: `${SYSTEM32}cmd.exe` }));
  expect(told(commands)[0]).toMatchObject({ level: "critical", counts: { programs: 20 } });
});

test("nothing under the worker, and nothing without a time or a number", () => {
  const services: Start = {
    at: NOON,
    id: 6,
    parent: 2,
    image: "C:\\a.exe",
    parentImage: "C:\\Windows\\System32\\services.exe",
  };
  expect(told([services, { ...services, id: 7, parent: 6 }])).toEqual([]);
  const row = started(CMD);
  const without = (more: MadeRow["fields"]) => ({ ...row, fields: { ...row.fields, ...more } });
  const rows = [
    { ...row, at: null },
    without({ NewProcessId: "x" }),
    without({ NewProcessName: "" }),
  ];
  expect(findingsOf(batch(rows, { format: "evtx" }))).toEqual([]);
});

test("a command goes on in another part of the log, and the same start in Sysmon is no second one", () => {
  const parts = [CMD, WHOAMI].map((start) => {
    const collector = createStarts(TERMS);
    collector.add(batch([started(start)], { format: "evtx", file: `${start.id}` }));
    return collector.state();
  });
  for (const order of [parts, parts.toReversed()]) {
    const merged = createStarts(TERMS);
    for (const part of order) merged.absorb(part);
    expect(workerFindings(merged.state(), TERMS, [])[0]?.counts["programs"]).toBe(2);
  }
  const sysmon: MadeRow = {
    at: NOON + 20_000n,
    eventId: 1,
    channel: "Microsoft-Windows-Sysmon/Operational",
    fields: {
      ProcessId: 100,
      ParentProcessId: 4,
      Image: CMD.image,
      ParentImage: W3WP,
      ProcessGuid: "{A}",
    },
  };
  const child: MadeRow = {
    ...sysmon,
    at: NOON + 30_000n,
    fields: {
      ProcessId: 104,
      ParentProcessId: 77,
      Image: WHOAMI.image,
      ParentImage: CMD.image,
      ParentProcessGuid: "{A}",
    },
  };
  const both = findingsOf(
    batch([started(CMD)], { format: "evtx", file: "a" }),
    batch([started(CMD)], { format: "evtx", file: "copy" }),
    batch([sysmon, child], { format: "evtx", file: "b" }),
  );
  expect(both[0]?.counts["programs"]).toBe(2);
});

test("a flood of starts is bounded, and told", () => {
  const rows = Array.from({ length: 140_000 }, (_, at) =>
    started({ ...CMD, at: NOON + BigInt(at) * 30_000_000n, id: at + 10 }),
  );
  const collector = createStarts(TERMS);
  collector.add(batch(rows, { format: "evtx" }));
  const state = collector.state();
  expect([state.starts.length, state.uncounted]).toEqual([65_536, 140_000 - 65_536]);
  expect(startLimits(state)[0]).toContain("74,464 further process starts");
  expect(startLimits({ starts: [], uncounted: 0 })).toEqual([]);
});

/** A start is under the worker when one can walk up to it, each step to the latest start of that number before: asked of each by itself. */
function walksUp(start: Started, all: readonly Started[]): boolean {
  if (TERMS.isWorker(start.parentImage)) return true;
  const parent = all
    .filter(
      ({ host, id, ticks: at }) => host === start.host && id === start.parentId && at < start.ticks,
    )
    .reduce<Started | null>((a, b) => (a === null || b.ticks > a.ticks ? b : a), null);
  if (parent === null || (start.parentImage !== "" && start.parentImage !== parent.image))
    return false;
  return TERMS.isWorker(parent.image) || walksUp(parent, all);
}

const STARTS = fc
  .array(
    fc.record({
      id: fc.integer({ min: 1, max: 6 }),
      parent: fc.integer({ min: 1, max: 6 }),
      image: fc.constantFrom(W3WP, "C:\\a.exe", "C:\\b.exe"),
      parentImage: fc.constantFrom("", "C:\\a.exe", W3WP),
      host: fc.constantFrom("MX1", "WEB1"),
    }),
    { maxLength: 25 },
  )
  // Ten seconds apart: one start in two logs is a matter of its own.
  .map((list) =>
    list.map((start, at): Start => ({ ...start, at: NOON + BigInt(at) * 100_000_000n })),
  );

test("lineage is what a walk up from each start gives, in whatever order they come", () => {
  fc.assert(
    fc.property(STARTS, fc.nat(), (list, seed) => {
      const all: Started[] = [];
      lookForStarts(batch(list.map(started), { format: "evtx" }), (each) => all.push(each));
      const placed = placeStarts(shuffled(all, seed), TERMS);
      const under = placed
        .filter((each) => each.under === "worker")
        .map(({ started: { at } }) => at.key);
      expect(new Set(under)).toEqual(
        new Set(all.filter((each) => walksUp(each, all)).map(({ at }) => at.key)),
      );
    }),
    { numRuns: 200 },
  );
});

test("what is left out while reading changes no finding of what is whole; merging in any order gives the same", () => {
  fc.assert(
    fc.property(STARTS, fc.nat(), (list, seed) => {
      const files = list.map((start, at) =>
        batch([started(start)], { format: "evtx", file: `f${at}` }),
      );
      const merged = createStarts(TERMS);
      const half = files.length >> 1;
      for (const part of shuffled([files.slice(0, half), files.slice(half)], seed)) {
        const collector = createStarts(TERMS);
        for (const file of shuffled(part, seed)) collector.add(file);
        merged.absorb(collector.state());
      }
      const plain = createStarts(TERMS);
      plain.absorb(merged.state());
      expect(workerFindings(plain.state(), TERMS, [])).toEqual(
        workerFindings(merged.state(), TERMS, []),
      );
      for (const { why } of findingsOf(...files)) expect(why.length).toBeLessThan(2_000);
    }),
    { numRuns: 60 },
  );
});

const EXPORT = shared("proxylogon", "proxylogon_ssrf_rce_poc.zip");

test.skipIf(EXPORT === null)(
  "the ProxyLogon evidence: two commands with their whoami, and the compiler explained",
  () => {
    const zip = readFileSync(EXPORT ?? "");
    const bytes = inflateRawSync(zip.subarray(30 + zip.readUInt16LE(26) + zip.readUInt16LE(28)));
    const collector = createStarts(TERMS);
    for (const piece of windowsJsonReader.read(memorySource(bytes), NO_SETTING))
      if (piece.kind === "batch") collector.add(piece);
    const [finding, ...others] = workerFindings(collector.state(), TERMS, []);
    expect(others).toEqual([]);
    // Sysmon and Security have each of them; a process counts once.
    expect(finding).toMatchObject({
      host: "MXS01.azsentinel.local",
      level: "critical",
      counts: { programs: 4, explained: 4 },
    });
    expect(finding?.why).toContain(
      "w3wp.exe > cmd.exe > c:\\windows\\system32\\whoami.exe: 2 times",
    );
    expect(finding?.why).toMatch(/cvtres\.exe .*ASP\.NET compiles/);
  },
);

test("knowledge: every part has a source", () => {
  for (const part of ["commanding", "standing", "routine"])
    expect(() =>
      parseWorker({ ...KNOWLEDGE, [part]: { ...Object(KNOWLEDGE[part]), source: "" } }),
    ).toThrow(new RegExp(`${part}\\.source`));
});
