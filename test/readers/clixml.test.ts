/** CLIXML before the trials, and every file of real servers, where they lie beside the project. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { clixmlCard } from "../../src/engines/formats/clixml/card.ts";
import { clixmlReader } from "../../src/engines/formats/clixml/read.ts";
import type { Event } from "../../src/model/event.ts";
import { createObservations, parseStrengths } from "../../src/questions/patched/index.ts";
import type { Flaw } from "../../src/model/flaw.ts";
import { shared } from "../shared.ts";
import { madeClixml } from "./clixml-log.ts";
import { NO_SETTING, readWhole, runTrials } from "./trials.ts";

runTrials({
  name: "clixml",
  reader: clixmlReader,
  card: clixmlCard,
  sample: () => madeClixml(6),
  startsRecord: (bytes, offset) => bytes[offset] === 60,
});

const REAL = shared("inventory", "css-exchange");

test.skipIf(REAL === null)("every real export is read, whole and without a flaw", () => {
  const folder = REAL ?? "";
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".xml"))
    .sort();
  const readings = files.map((file) => ({ file, ...readReal(file) }));
  const told = readings.flatMap(({ file, flaws }) => flaws.map(({ what }) => `${file}: ${what}`));
  expect(told).toEqual([]);
  expect(files.length).toBe(44);
  // One object each, but for updates (5, 2), certificates (3, 3), connectors (5) and runtimes (4, 6).
  expect(readings.reduce((sum, { events }) => sum + events.length, 0)).toBe(
    37 + 5 + 2 + 3 + 3 + 5 + 4 + 6,
  );
});

test.skipIf(REAL === null)("what the exports say of installed software", () => {
  const said = (file: string) =>
    readReal(file).events.map(({ host, channel, fields }) =>
      [
        host,
        channel,
        fields["Product"],
        fields["Build"],
        fields["Observation"],
        fields["Kb"],
      ].filter(Boolean),
    );
  expect(said("E16/Exchange/ExSetup.xml")).toEqual([
    ["FileVersionInfo", "Exchange Server", "15.01.2375.007", "file-version"],
  ]);
  expect(said("E16/Exchange/GetExchangeServer.xml")).toEqual([
    [
      "Solo-E16A.Solo.local",
      "ExchangeServer",
      "Exchange Server",
      "Version 15.1 (Build 2375.7)",
      "exported-manifest",
    ],
  ]);
  expect(said("E16/OS/GetHotFix.xml").map((row) => row.at(-1))).toEqual([
    "KB3192137",
    "KB4049065",
    "KB4054590",
    "KB4486129",
    "KB4051033",
  ]);
  expect(said("E19/OS/GetHotFix.xml").map((row) => row.at(-1))).toEqual(["KB4486153", "KB4464455"]);
});

test.skipIf(REAL === null)(
  "the contradiction of one host comes out as two strong observations",
  () => {
    const collector = createObservations();
    for (const name of ["ExSetup1.xml", "GetExchangeServer.xml"])
      for (const piece of clixmlReader.read(memorySource(real(`E19/Exchange/${name}`)), {
        ...NO_SETTING,
        host: "SOLO-E19A",
      }))
        if (piece.kind === "batch") collector.add(piece);
    const strengths = parseStrengths(
      JSON.parse(readFileSync("knowledge/observations.json", "utf8")),
    );
    const { observations } = collector.finish({ strengths, hosts: [], changedAt: () => null });
    expect(
      observations.map(({ host, build, strength, revisionStrength, kind }) => ({
        host,
        build: build?.numbers,
        strength,
        revisionStrength,
        kind,
      })),
    ).toEqual([
      {
        host: "SOLO-E19A",
        build: [15, 2, 986, 5],
        strength: "strong",
        revisionStrength: "none",
        kind: "exported-manifest",
      },
      {
        host: "SOLO-E19A",
        build: [15, 2, 1118, 25],
        strength: "strong",
        revisionStrength: "strong",
        kind: "file-version",
      },
    ]);
  },
);

function real(file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(REAL ?? "", file)));
}

function readReal(file: string): {
  readonly events: readonly Event[];
  readonly flaws: readonly Flaw[];
} {
  const bytes = real(file);
  expect(clixmlCard.recognises(bytes.subarray(0, 65_536))).toBe(true);
  return readWhole(clixmlReader, memorySource(bytes));
}
