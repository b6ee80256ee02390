/** What hostile listings may cost. */
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { NO_EVIDENCE } from "../../../model/evidence.ts";
import { systeminfoReader } from "./read.ts";

const place = { evidence: NO_EVIDENCE, member: "", file: "" };
const read = (text: string) => [
  ...systeminfoReader.read(memorySource(utf8(text)), {
    place,
    host: null,
    zone: null,
    skewMillis: 0,
  }),
];
const SYSTEM = [
  "Host Name:                 SRV1",
  "OS Name:                   Microsoft Windows Server 2019 Standard",
  "OS Version:                10.0.17763 N/A Build 17763",
  "Network Card(s):           2 NIC(s) Installed.",
  "",
].join("\r\n");

test("colons without end where an address may stand", { timeout: 5_000 }, () => {
  const item = `  [01]: a\r\n  [02]: ${":".repeat(300_000)}x\r\n`;
  expect(read(SYSTEM + item).length).toBeGreaterThan(0);
});

test("items without end below one label: those beyond the limit are one flaw", () => {
  const [batch, ...flaws] = read(SYSTEM + "  [01]: card\r\n".repeat(5_000));
  const value = batch?.kind === "batch" ? batch.field(0, "NetworkCard(s)") : null;
  expect(Array.isArray(value) && value.length).toBe(1_025);
  expect(flaws.map((flaw) => flaw.kind === "flaw" && flaw.what)).toEqual(["items of a label"]);
});

test("columns without end", { timeout: 5_000 }, () => {
  const names = `Caption CSName HotFixID InstalledBy InstalledOn ${"a ".repeat(3_000)}\r\n`;
  const pieces = read(names + "x\r\n".repeat(100_000));
  const rows = pieces.reduce((sum, piece) => sum + (piece.kind === "batch" ? piece.length : 0), 0);
  expect(rows).toBe(100_000);
});
