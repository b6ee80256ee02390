/** Exchange's logs before the trials: HttpProxy with a restart in it, message tracking, SMTP sessions, setup. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { exchangeCard } from "../../src/engines/formats/exchange/card.ts";
import { exchangeReader } from "../../src/engines/formats/exchange/read.ts";
import { exchangeSetupCard } from "../../src/engines/formats/exchange-setup/card.ts";
import { exchangeSetupReader } from "../../src/engines/formats/exchange-setup/read.ts";
import { shared } from "../shared.ts";
import { madeHttpProxyLog, madeSetupLog, madeSmtpLog, madeTrackingLog } from "./exchange-log.ts";
import { readWhole, runTrials } from "./trials.ts";

const LINE_FEED = 10;
const HASH = 35;

const lines = {
  reader: exchangeReader,
  card: exchangeCard,
  startsRecord: (bytes: Uint8Array, offset: number) =>
    bytes[offset - 1] === LINE_FEED && bytes[offset] !== HASH,
  isWhole: (bytes: Uint8Array, cut: number) => cut === 0 || bytes[cut - 1] === LINE_FEED,
};

runTrials({ ...lines, name: "exchange-httpproxy", sample: () => madeHttpProxyLog(18) });
runTrials({ ...lines, name: "exchange-tracking", sample: () => madeTrackingLog(24) });
runTrials({ ...lines, name: "exchange-smtp", sample: () => madeSmtpLog(16) });

const setup = madeSetupLog(150);
const starts = new Set(
  readWhole(exchangeSetupReader, memorySource(setup)).events.map(({ offset }) => offset),
);

runTrials({
  name: "exchange-setup",
  reader: exchangeSetupReader,
  card: exchangeSetupCard,
  sample: () => setup,
  startsRecord: (bytes, offset) => offset === 0 || bytes[offset - 1] === LINE_FEED,
  // A message may go on in the next line, so only a line end tells that nothing is cut.
  isWhole: (bytes, cut) => cut === 0 || starts.has(cut) || bytes[cut - 1] === LINE_FEED,
});

const REAL = shared("inventory", "css-exchange", "Setup", "ExchangeSetup_MSI_1.log.txt");

test.skipIf(REAL === null)("a real setup log: every message, no flaw", () => {
  const bytes = readFileSync(REAL ?? "");
  expect(exchangeSetupCard.recognises(bytes)).toBe(true);
  const { events, flaws } = readWhole(exchangeSetupReader, memorySource(bytes));
  expect(flaws).toEqual([]);
  const heads = bytes
    .toString()
    .split("\n")
    .filter((line) => line.startsWith("[03/13/2021 "));
  expect(events.length).toBe(heads.length);
  expect(events.length).toBe(116);
  // Of 150 lines, 34 go on with the message before them.
  const joined = events.map(({ fields }) => String(fields["Message"]).split("\n").length - 1);
  expect(joined.reduce((sum, more) => sum + more, 0)).toBeGreaterThan(20);
  // It failed: what packages have registered is no installation.
  const told = events.filter(({ fields }) => fields["Observation"] === "registry-key");
  expect(events.some(({ fields }) => fields["Observation"] === "setup-log")).toBe(false);
  expect(told.map(({ host, fields }) => [host, fields["Product"], fields["Build"]])).toEqual([
    ["ExSvr1", "Exchange Server", "15.0.1497.2"],
  ]);
  expect(
    events.map(({ fields }) => fields["Status"]).filter((status) => status !== undefined),
  ).toEqual([1, 1, 1, 1, 1, 1]);
});
