/** Ways in over the detections of a long attack and a longer scan: what following costs beside placing and sorting them. */
import { expect, test } from "vitest";
import { TICKS_PER_SECOND } from "../src/base/time.ts";
import type { Detection, DetectionId } from "../src/model/detection.ts";
import { type EventReference, eventKey } from "../src/model/event.ts";
import type { EvidenceHash } from "../src/model/evidence.ts";
import { causeOf } from "../src/questions/cause/index.ts";
import { FULL, ledger, measure } from "./measure.ts";

const DETECTIONS = FULL ? 100_000 : 2_000;
const PLACE = { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "u_ex.log" };
const BEGIN = 16_288_128_000_000_000n;

/** A hundred pages asked for by a thousand clients, half of it through the back end, under one account in ten. */
function made(at: number): Detection {
  const offset = at * 100;
  const reference: EventReference = {
    ...PLACE,
    key: eventKey(PLACE, offset),
    record: String(at),
    offset,
  };
  const common = {
    "c-ip": `198.51.100.${at % 1000}`,
    RequestId: `id-${at >> 2}`,
    "cs-method": "POST",
  };
  const kinds = [
    {
      channel: "W3SVC1",
      rung: "probed",
      fields: { ...common, "cs-uri-stem": "/autodiscover/autodiscover.json" },
    },
    {
      channel: "W3SVC2",
      rung: "executed",
      fields: {
        ...common,
        Side: "back-end",
        "cs-uri-stem": "/powershell",
        RpsCatSid: `S-1-5-21-1-2-3-${at % 10}`,
      },
    },
    {
      channel: "W3SVC1",
      rung: "used",
      fields: {
        ...common,
        RequestId: "",
        "cs-uri-stem": `/aspnet_client/${at % 100}.aspx`,
        "sc-status": 200,
      },
    },
    {
      channel: "MSExchange Management",
      rung: "executed",
      fields: {
        Cmdlet: "New-MailboxExportRequest",
        CallerSid: `S-1-5-21-1-2-3-${at % 10}`,
        "Parameters.FilePath": `\\\\localhost\\c$\\inetpub\\wwwroot\\aspnet_client\\${at % 100}.aspx`,
      },
    },
  ];
  const kind = kinds[at % 4] ?? kinds[0];
  return {
    id: String(at).padStart(32, "0") as DetectionId,
    rule: `rule-${at % 4}`,
    title: "made",
    level: "high",
    tags: [`breakwater.rung.${kind?.rung ?? "probed"}`],
    ticks: BEGIN + BigInt(at) * 7n * TICKS_PER_SECOND,
    digits: 0,
    host: "MX1",
    channel: kind?.channel ?? "",
    at: reference,
    fields: kind?.fields ?? {},
  };
}

test("chains: detections joined", () => {
  const detections = Array.from({ length: DETECTIONS }, (_, at) => made(at));
  const coverage = {
    sources: [],
    cleared: [],
    skews: [],
    clockChanges: [],
    expected: [],
    limits: [],
  };
  const caseFile = { hosts: [], tests: [], frontDoors: [] };
  const measured = measure("chains, detections joined", () => {
    const { chains, ladders, limits } = causeOf({ detections, coverage, caseFile });
    const result = JSON.stringify([chains, ladders, limits], (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    return { amount: DETECTIONS, result };
  });
  expect(measured.resultHash).toMatch(/^[0-9a-f]{16}$/);
  // The goal is a hundred thousand in a second on an idle machine.
  ledger(measured, { seconds_for_100_000: 100_000 / measured.perSecond });
});
