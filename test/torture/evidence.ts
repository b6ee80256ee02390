/**
 * What is handed in while the torture lasts: some days of the sample case, loose, zipped in a zip, and in a 7z.
 * Small, so that a kill can fall on any step of a command; real enough to give findings.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSevenZip } from "../containers/write-seven-zip.ts";
import { writeZip } from "../containers/write-zip.ts";
import { Running, type Surroundings } from "./program.ts";

const IIS = "evidence/MX1/inetpub/logs/LogFiles";
/** Loose files of each delivery, below the sample. */
const LOOSE = {
  first: [
    `${IIS}/W3SVC1/u_ex210901.log`,
    "evidence/MX1/evtx/Security.evtx",
    "evidence/MX1/evtx/MSExchange Management.evtx",
  ],
  second: [`${IIS}/W3SVC1/u_ex210904.log`],
};

/** Two deliveries, and the text of a log whose lines a writer may use. */
export interface Deliveries {
  readonly first: string;
  readonly second: string;
  readonly log: string;
}

/** Writes the sample into `folder`, takes the deliveries out of it, and removes the rest. */
export async function makeDeliveries(
  folder: string,
  surroundings: Surroundings,
): Promise<Deliveries> {
  const sample = join(folder, "sample");
  const made = await new Running(["sample", sample, "--size", "small"], surroundings).ended;
  if (made.code !== 0) throw new Error(`the sample could not be made: ${made.stderr}`);
  const take = (path: string) => readFileSync(join(sample, IIS, path));
  const deliveries = {
    first: join(folder, "first"),
    second: join(folder, "second"),
    log: take("W3SVC1/u_ex210828.log").toString(),
  };
  for (const name of ["first", "second"] as const) {
    mkdirSync(deliveries[name]);
    for (const path of LOOSE[name])
      copyFileSync(join(sample, path), join(deliveries[name], path.split("/").at(-1) ?? ""));
  }
  const inner = writeZip([{ name: "C/u_ex210905.log", bytes: take("W3SVC1/u_ex210905.log") }]);
  const outer = writeZip([
    { name: "C/u_ex210903.log", bytes: take("W3SVC1/u_ex210903.log") },
    { name: "inner.zip", bytes: inner },
  ]);
  writeFileSync(join(deliveries.first, "collection.zip"), outer);
  const packed = await writeSevenZip({ "u_ex210830.log": take("W3SVC1/u_ex210830.log") });
  writeFileSync(join(deliveries.second, "collection.7z"), packed);
  rmSync(sample, { recursive: true });
  return deliveries;
}
