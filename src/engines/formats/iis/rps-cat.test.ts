/** Account and SID from one IIS line. */
import { expect, test } from "vitest";
import { JsonBytes } from "../../../base/json-bytes.ts";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { NO_EVIDENCE } from "../../../model/evidence.ts";
import { writeRpsCat } from "../rps-cat.ts";
import { iisReader } from "./read.ts";

const SID = "S-1-5-21-1004336348-1177238915-682003330-500";
const TOKEN = writeRpsCat("administrator@clinic.example", SID);
const LOG = [
  "#Fields: date time cs-uri-stem cs-uri-query sc-status",
  `2021-08-13 04:12:07 /autodiscover/autodiscover.json a=x@y.example/Powershell?X-Rps-CAT=${TOKEN}&Email=autodiscover/autodiscover.json%3Fx@y.example&cafeReqId=0a1b2c3d-8f1e-4a52-9d3c-000000000001; 200`,
  "2021-08-13 04:12:08 /autodiscover/autodiscover.json X-Rps-CAT= 404",
  "2021-08-13 04:12:09 /owa/ - 200",
  "",
].join("\r\n");

test("a request to PowerShell names account and SID; others have no such field", () => {
  const place = { evidence: NO_EVIDENCE, member: "", file: "u_ex.log" };
  const [batch] = iisReader.read(memorySource(utf8(LOG)), {
    place,
    host: null,
    zone: null,
    skewMillis: 0,
  });
  if (batch?.kind !== "batch") throw new Error("no rows");
  expect(batch.field(0, "RpsCatUser")).toBe("administrator@clinic.example");
  expect(batch.field(0, "RpsCatSid")).toBe(SID);
  expect(batch.names(0).slice(-2)).toEqual(["RpsCatUser", "RpsCatSid"]);
  for (const row of [1, 2]) expect(batch.names(row).join()).not.toContain("RpsCat");
  const out = new JsonBytes();
  batch.putFields(0, out);
  expect(JSON.parse(new TextDecoder().decode(out.written()))).toMatchObject({ RpsCatSid: SID });
});
