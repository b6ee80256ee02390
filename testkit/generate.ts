/** Writes every case of the testkit: `node testkit/generate.ts`. The same files each time; a test holds them to it. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type TestCase, printCase } from "./case.ts";
import { AUDIT_XML_CASES } from "./audit-xml.ts";
import { CLIXML_CASES } from "./clixml.ts";
import { EVTX_CASES } from "./evtx.ts";
import { EXCHANGE_CASES } from "./exchange.ts";
import { IIS_CASES } from "./iis.ts";
import { M365_CASES } from "./m365.ts";
import { NMAP_CASES } from "./nmap.ts";
import { NTFS_CASES } from "./ntfs.ts";
import { REGISTRY_CASES } from "./registry.ts";
import { TASK_CASES } from "./task.ts";
import { MAIL_CASES } from "./mail.ts";
import { PLASO_CASES } from "./plaso.ts";
import { SYSLOG_CASES } from "./syslog.ts";
import { TABLE_CASES } from "./table.ts";
import { SYSTEMINFO_CASES } from "./systeminfo.ts";
import { TEXT_LOG_CASES } from "./text-logs.ts";
import { TIMESKETCH_CASES } from "./timesketch.ts";
import { WINDOWS_JSON_EXPORTER_CASES } from "./windows-json-exporters.ts";
import { WINDOWS_JSON_CASES } from "./windows-json.ts";

/** All cases, by format. */
export const CASES: readonly TestCase[] = [
  ...EVTX_CASES,
  ...EXCHANGE_CASES,
  ...IIS_CASES,
  ...M365_CASES,
  ...NTFS_CASES,
  ...REGISTRY_CASES,
  ...TASK_CASES,
  ...MAIL_CASES,
  ...PLASO_CASES,
  ...TIMESKETCH_CASES,
  ...WINDOWS_JSON_CASES,
  ...WINDOWS_JSON_EXPORTER_CASES,
  ...SYSLOG_CASES,
  ...TABLE_CASES,
  ...TEXT_LOG_CASES,
  ...AUDIT_XML_CASES,
  ...CLIXML_CASES,
  ...NMAP_CASES,
  ...SYSTEMINFO_CASES,
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
