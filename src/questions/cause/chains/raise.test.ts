/** What a join may show, and what nobody can make it show by writing a name into a request. */
import { expect, test } from "vitest";
import type { CaseFile } from "../../../model/case-file.ts";
import type { Detection } from "../../../model/detection.ts";
import { causeOf } from "../cause.ts";
import { detection } from "../made.test-data.ts";
import {
  FILE,
  NO_COVERAGE,
  NO_TESTS,
  SID,
  WORKER,
  asked,
  back,
  cmdlet,
  front,
} from "./made.test-data.ts";

function stepsOf(
  detections: readonly Detection[],
  caseFile: Pick<CaseFile, "hosts" | "tests" | "frontDoors"> = NO_TESTS,
) {
  const { ladders } = causeOf({ detections, coverage: NO_COVERAGE, caseFile });
  return (ladders[0]?.steps ?? []).map(({ rung, count }) => `${rung} ${count}`);
}

const WRITTEN = detection("2021-08-13T04:03:00Z", {
  rung: "executed",
  channel: "Sysmon",
  fields: { Image: "System", TargetFilename: FILE },
});

test("a page that failed, or was compiled, before it was written is no use of it", () => {
  const compiled = (at: string) =>
    detection(at, {
      channel: "Sysmon",
      fields: {
        Image: WORKER,
        TargetFilename: String.raw`C:\Temporary ASP.NET Files\root\1a\2b\qwfpb.aspx.1a2b.compiled`,
      },
    });
  const early = [asked("2021-07-01T04:00:00Z", 500, "probed"), compiled("2021-07-01T04:00:00Z")];
  expect(stepsOf([...early, WRITTEN])).toEqual(["probed 1", "executed 1"]);
  const late = [asked("2021-08-13T04:04:00Z", 500, "probed"), compiled("2021-08-13T04:04:00Z")];
  expect(stepsOf([...late, WRITTEN])).toEqual(["executed 1", "used 2"]);
});

test("an export that failed wrote nothing", () => {
  const to = { "Parameters.FilePath": FILE };
  const failed = cmdlet("2021-08-13T04:01:00Z", "New-MailboxExportRequest", to, "reached");
  expect(stepsOf([failed, asked("2021-08-13T04:04:00Z", 500, "probed")])).toEqual([
    "probed 1",
    "reached 1",
  ]);
});

test("an account that a probe names makes no cmdlet of that account the intruder's", () => {
  const assigned = cmdlet("2021-08-13T09:00:30Z", "New-ManagementRoleAssignment");
  const claims = front("2021-08-13T09:00:00Z", "b-1", { RpsCatSid: SID });
  const page = asked("2021-08-13T08:59:00Z", 200, "used");
  expect(stepsOf([page, claims, assigned])).toEqual(["probed 1", "used 1"]);
  // Nor does a probe in between take an intruder's cmdlet away.
  expect(stepsOf([back("2021-08-13T08:59:50Z", "b-2"), claims, assigned])).toEqual([
    "probed 1",
    "executed 2",
  ]);
});

test("another account that tidies up after an export is not the intruder", () => {
  const to = { "Parameters.FilePath": FILE, "Parameters.Mailbox": "a" };
  const asks = cmdlet("2021-08-13T04:01:00Z", "New-MailboxExportRequest", to, "executed");
  const removes = (by: string) =>
    cmdlet("2021-08-13T11:00:00Z", "Remove-MailboxExportRequest", {
      "Parameters.Identity": String.raw`a\drop`,
      CallerSid: by,
    });
  expect(stepsOf([asks, removes("S-1-5-21-1-2-3-1199")])).toEqual(["executed 1"]);
  expect(stepsOf([asks, removes(SID)])).toEqual(["executed 2"]);
});

test("a request id that comes back after a day is another request's", () => {
  const lines = [front("2021-08-13T04:00:00Z", "c-1"), back("2021-08-13T04:00:00Z", "c-1")];
  expect(stepsOf(lines)).toEqual(["executed 1"]);
  expect(stepsOf([...lines, front("2021-06-13T04:00:00Z", "c-1")])).toEqual([
    "probed 1",
    "executed 1",
  ]);
});

test("the server's own address joins nobody", () => {
  const chains = (client: string) =>
    causeOf({
      detections: [
        front("2021-08-13T04:00:00Z", "d-1", { "c-ip": client }),
        asked("2021-08-13T04:10:00Z", 200, "used", client),
      ],
      coverage: NO_COVERAGE,
      caseFile: {
        ...NO_TESTS,
        hosts: [{ name: "MX1", aliases: [], addresses: ["10.0.0.5"], roles: [] }],
      },
    }).chains.length;
  expect(["203.0.113.7", "127.0.0.1", "10.0.0.5"].map(chains)).toEqual([1, 0, 0]);
});
