/** The lookout over made batches: each way of looking, what is passed over, hostile names, and signs within their limits. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type MadeRow, batch, shuffled } from "../../questions/cause/made.test-data.ts";
import type { FormatId } from "../../model/evidence.ts";
import {
  createLookout,
  firstText,
  leftOut,
  parameterOf,
  saysOneOf,
  type Seek,
  Signs,
  type Sign,
} from "./index.ts";

const AT = "2021-08-13T10:00:00Z";

function foundIn(seek: Seek, rows: readonly MadeRow[], format: FormatId = "evtx"): number[] {
  const found: number[] = [];
  createLookout([[seek, "it"]]).look(batch(rows, { format }), (row) => found.push(row));
  return found;
}

test("events by id and log, whatever the case of its name; the same id elsewhere is another event", () => {
  const seek: Seek = { kind: "event", log: "Security", eventIds: [4720, 4722] };
  const row = (eventId: number, channel: string): MadeRow => ({ at: AT, eventId, channel });
  const rows = [
    row(4720, "security"),
    row(4720, "System"),
    row(4721, "Security"),
    row(4722, "SECURITY"),
  ];
  expect(foundIn(seek, rows)).toEqual([0, 3]);
  expect(foundIn(seek, rows, "windows-json")).toEqual([0, 3]);
  expect(foundIn(seek, rows, "iis")).toEqual([]);
});

test("lines of a log without event ids; every row of a kind of evidence", () => {
  const lines: Seek = { kind: "event", log: "MPLog", eventIds: [] };
  const rows = [
    { at: AT, channel: "MPLog" },
    { at: AT, channel: "other" },
  ];
  expect(foundIn(lines, rows, "mplog")).toEqual([0]);
  expect(foundIn(lines, rows, "evtx")).toEqual([]);
  expect(foundIn({ kind: "rows", format: "task" }, rows, "task")).toEqual([0, 1]);
  expect(foundIn({ kind: "rows", format: "task" }, rows, "mft")).toEqual([]);
});

test("cmdlets and operations that succeeded, in the logs that hold them", () => {
  const seek: Seek = { kind: "cmdlet", cmdlet: "New-InboxRule" };
  const ran = (more: Partial<MadeRow> = {}, fields = {}): MadeRow => ({
    at: AT,
    eventId: 1,
    channel: "MSExchange Management",
    ...more,
    fields: { Cmdlet: "new-inboxrule", ...fields },
  });
  expect(foundIn(seek, [ran(), ran({ eventId: 6 }), ran({ channel: "Application" })])).toEqual([0]);
  const audit = [ran({}, { Succeeded: "false" }), ran({}, { Succeeded: "true" })];
  expect(foundIn(seek, audit, "audit-xml")).toEqual([1]);
  const consent: Seek = { kind: "cmdlet", cmdlet: "Consent to application" };
  const tenant = (fields: MadeRow["fields"], channel = "UnifiedAudit"): MadeRow => ({
    at: AT,
    channel,
    ...(fields === undefined ? {} : { fields }),
  });
  expect(
    foundIn(
      consent,
      [
        tenant({ Operation: "Consent to application." }),
        tenant({ activityDisplayName: "Consent to application" }, "DirectoryAudit"),
        tenant(
          { activityDisplayName: "Consent to application", result: "failure" },
          "DirectoryAudit",
        ),
        tenant({ Operation: "Consent to application." }, "SignIn"),
        tenant({}),
      ],
      "m365",
    ),
  ).toEqual([0, 1]);
});

test("words, texts of fields, and parameters wherever a log keeps them", () => {
  expect(saysOneOf("C:\\A.ASPX", { ends: [".aspx"] })).toBe(true);
  expect(saysOneOf("abc", { is: ["ab"], starts: ["bc"], contains: ["x"] })).toBe(false);
  expect(saysOneOf("abc", {})).toBe(false);
  const rows = batch([
    { at: AT, fields: { "Parameters.Role": "A", Parameters: '-Role "B"' } },
    { at: AT, fields: { Parameters: '-Identity "a b" -Role:C' } },
    { at: AT, fields: { "CmdletParameters.Role": ["D", "E"] } },
  ]);
  expect([0, 1, 2].map((row) => parameterOf(rows, row, "Role"))).toEqual(["A", "C", "D, E"]);
  expect(parameterOf(rows, 1, "Identity")).toBe("a b");
  expect(firstText(rows, 1, ["None", "Parameters.Identity"])).toBe("a b");
});

test("a flood of one sign takes no room of another, and what is left out is counted", () => {
  const signs = new Signs();
  const rows = batch(
    Array.from({ length: 9_000 }, (_, at) => ({ at: BigInt(at) + 16_000_000_000_000_000n })),
  );
  const see = (row: number, sign: string) =>
    signs.see(
      rows,
      row,
      { sign, host: "MX1", channel: "Security", of: String(row), by: "" },
      "each",
    );
  for (let row = 0; row < 9_000; row++) see(row, "flood");
  see(1, "rare");
  const state = signs.state();
  expect(state.signs.filter(({ sign }) => sign === "rare").length).toBe(1);
  expect([leftOut(state), [...state.uncounted]]).toEqual([808, [["flood", 808]]]);
});

test("in whatever order signs are seen and handed on, they are the same", () => {
  const made = fc.record({
    at: fc.constantFrom(
      "2021-08-13T10:00:00Z",
      "2021-08-13T23:00:00Z",
      "2021-08-14T01:00:00Z",
      null,
    ),
    of: fc.constantFrom("a", "b"),
    pace: fc.constantFrom("each", "day", "all"),
  });
  fc.assert(
    fc.property(fc.array(made, { maxLength: 20 }), fc.nat(), fc.nat(20), (list, seed, cut) => {
      const gather = (order: readonly number[]): Signs => {
        const signs = new Signs();
        const rows = batch(list.map(({ at }) => ({ at })));
        for (const row of order) {
          const item = list[row];
          if (item !== undefined)
            signs.see(
              rows,
              row,
              { sign: item.pace, host: "", channel: "", of: item.of, by: "" },
              item.pace,
            );
        }
        return signs;
      };
      const order = list.map((_, at) => at);
      const [one, two, merged] = [
        gather(order.slice(0, cut)),
        gather(order.slice(cut)),
        new Signs(),
      ];
      merged.absorb(two.state());
      merged.absorb(one.state());
      merged.absorb(one.state());
      const sorted = (signs: Signs) =>
        signs.state().signs.toSorted((a: Sign, b: Sign) => (keyOf(a) < keyOf(b) ? -1 : 1));
      expect(sorted(merged)).toEqual(sorted(gather(shuffled(order, seed))));
    }),
    { numRuns: 60 },
  );
});

function keyOf({ sign, of, bucket }: Sign): string {
  return `${sign} ${of} ${bucket}`;
}
