/** Real event logs of known techniques (CC0, beside the project): the fields that knowledge/aftermath.json names are those that Windows writes. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memorySource } from "../../../base/source.ts";
import { evtxReader } from "../../../engines/formats/evtx/read.ts";
import { NO_SETTING } from "../../../../test/readers/trials.ts";
import { shared } from "../../../../test/shared.ts";
import { TERMS } from "./made-aftermath.test-data.ts";
import { createChanges } from "./rows.ts";

const FOLDER = shared("evtx", "mitre");

/** What the logs below a folder whose path has this in it show, as `check: words`. */
function shownIn(part: string): readonly string[] {
  const files = readdirSync(FOLDER ?? "", { recursive: true, encoding: "utf8" });
  const changes = createChanges(TERMS);
  for (const file of files.filter((name) => name.includes(part) && name.endsWith(".evtx")))
    for (const piece of evtxReader.read(
      memorySource(readFileSync(join(FOLDER ?? "", file))),
      NO_SETTING,
    ))
      if (piece.kind === "batch") changes.add(piece);
  return changes.state().signs.map(({ sign, of }) => `${sign.split("/")[0] ?? ""}: ${of}`);
}

test.skipIf(FOLDER === null).each([
  ["T1136-Create_account", "accounts: account toto3 created"],
  ["T1543.003", "services: service PSEXESVC installed: %SystemRoot%\\PSEXESVC.exe"],
  ["T1053.005", "scheduled-tasks: task \\eviltask registered"],
  [
    "T1098",
    "directory-changes: CN=honey-pot1,OU=Test-OU,OU=OFFSEC-COMPANY,DC=offsec,DC=lan added to the group Domain Admins",
  ],
  ["T1546", 'wmi-subscriptions: subscription "Evil": "SELECT * FROM'],
])("%s", (part, wanted) => {
  expect(shownIn(part).filter((text) => text.startsWith(wanted))).not.toEqual([]);
});
