/** Real detections of Defender: what a person must answer for each can be asked for by name. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { entitiesOf } from "../../src/engines/entities/index.ts";
import { evtxReader } from "../../src/engines/formats/evtx/read.ts";
import { shared } from "../shared.ts";
import { readWhole } from "./trials.ts";

const FOLDER = ["evtx", "mitre", "Antivirus"];

function read(name: string) {
  return readWhole(evtxReader, memorySource(readFileSync(shared(...FOLDER, name) ?? "")));
}

test.skipIf(shared(...FOLDER) === null)(
  "six events, each with what a person must answer for",
  () => {
    const { events, flaws } = read("ID1116-1117-Defender_threat_detected.evtx");
    expect([events.length, flaws.length]).toEqual([6, 0]);
    for (const { fields } of events)
      for (const name of ["DetectionID", "ThreatName", "Path", "ProcessName", "ActionName"])
        expect(fields[name]).toEqual(expect.stringMatching(/./));
    const several = events.filter(({ fields }) => String(fields["Path"]).includes("; file:_"));
    expect(several.length).toBe(1);
  },
);

test.skipIf(shared(...FOLDER) === null)("the files of a threat, each by its path alone", () => {
  const { events } = read("ID1116-1117-Defender_threat_detected.evtx");
  const documents = "C:\\Users\\admmig\\Documents";
  expect(events.map(({ fields }) => fields["File"])).toEqual([
    [`${documents}\\mimidrv.sys`],
    [`${documents}\\mimikatz.exe`],
    [`${documents}\\mimidrv.sys`, `${documents}\\mimilib.dll`],
    [`${documents}\\mimikatz.exe`],
    [`${documents}\\mimikatz.exe`],
    [`${documents}\\mimikatz.exe`],
  ]);
  for (const event of events) {
    const { fields } = event;
    expect([fields["Resource"]].flat().join("; ")).toBe(fields["Path"]);
    const files = entitiesOf(event).filter(({ kind }) => kind === "file");
    expect(files.map(({ value }) => value.toLowerCase())).toEqual(
      [fields["File"]].flat().map((file) => String(file).toLowerCase()),
    );
  }
});

test.skipIf(shared(...FOLDER) === null)(
  "reports of its health, with the versions of its signatures",
  () => {
    const { events, flaws } = read("ID1151-Defender_health_status.evtx");
    expect([events.length, flaws.length]).toEqual([455, 0]);
    expect(events[0]?.fields["AVsecurityintelligenceversion"]).toBe("1.317.992.0");
  },
);
