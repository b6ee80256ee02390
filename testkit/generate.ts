/** Writes every case of the testkit: `node testkit/generate.ts`. The same files each time; a test holds them to it. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type TestCase, printCase } from "./case.ts";
import { EVTX_CASES } from "./evtx.ts";
import { IIS_CASES } from "./iis.ts";
import { PLASO_CASES } from "./plaso.ts";
import { SYSLOG_CASES } from "./syslog.ts";
import { TIMESKETCH_CASES } from "./timesketch.ts";
import { WINDOWS_JSON_EXPORTER_CASES } from "./windows-json-exporters.ts";
import { WINDOWS_JSON_CASES } from "./windows-json.ts";

/** All cases, by format. */
export const CASES: readonly TestCase[] = [
  ...EVTX_CASES,
  ...IIS_CASES,
  ...PLASO_CASES,
  ...TIMESKETCH_CASES,
  ...WINDOWS_JSON_CASES,
  ...WINDOWS_JSON_EXPORTER_CASES,
  ...SYSLOG_CASES,
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(fileURLToPath(import.meta.url));
  for (const folder of new Set(CASES.map(({ name }) => dirname(name))))
    rmSync(join(root, folder), { recursive: true, force: true });
  for (const testCase of CASES) {
    const path = join(root, `${testCase.name}.case`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, printCase(testCase));
  }
  process.stderr.write(`${CASES.length} cases written\n`);
}
