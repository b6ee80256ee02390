/** Damage within a packed page of the event store shows only when the page is asked for: it is told, and the next reading mends it. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { Fault } from "../../src/base/fault.ts";
import { Pace, dossierOf, withVault } from "../../src/casework/index.ts";
import { inFolder, investigatePaths, settingsIn } from "./investigation.ts";

const LINES = 20_000;

function logText(): string {
  const head = "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip sc-status\r\n";
  const lines = Array.from({ length: LINES }, (_, at) => {
    const query =
      at === 77 ? "@evil.example/powershell/?X-Rps-CAT=x" : `id=${(at * 2654435761) % 1e9}`;
    return `2021-08-13 04:12:07 POST /autodiscover/autodiscover.json ${query} 198.51.100.7 200\r\n`;
  });
  return head + lines.join("");
}

test("a store that was damaged where only a question finds it is rebuilt by the next investigation, as the hint says", () =>
  inFolder(async (folder) => {
    const log = join(folder, "u_ex210813.log");
    writeFileSync(log, logText());
    const { records } = await investigatePaths(folder, [log], null);
    expect(records.length).toBeGreaterThan(0);
    const events = join(folder, "vault", "derived", "events");
    const [name] = readdirSync(events).filter((file) => file.endsWith(".parquet"));
    const segment = join(events, known(name, "a segment"));
    const bytes = readFileSync(segment);
    // The middle of the file is the middle of the packed fields.
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0xff, bytes.length >> 1);
    writeFileSync(segment, bytes);
    const asked = withVault(join(folder, "vault"), settingsIn(folder), "open", (vault) =>
      dossierOf(vault, null, new Pace()),
    );
    const fault = await asked.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code: "vault-damaged" });
    const again = await investigatePaths(folder, [log], null);
    expect(again.records).toEqual(records);
  }));
