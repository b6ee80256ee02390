/** What a provider says of its updates, beside what its server shows. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Fault } from "../../src/base/fault.ts";
import { concatBytes } from "../../src/base/bytes.ts";
import { Pace, dossierOf, withVault } from "../../src/casework/index.ts";
import { readClaimsFiles } from "../../src/casework/claims.ts";
import { writeExchange } from "../../src/engines/formats/index.ts";
import { inFolder, investigatePaths, settingsIn } from "./investigation.ts";

const CLAIMS = `host,product,kb,claim,by,at,reference
MX1,Exchange Server,KB5001779,installed,Northgate IT,2021-05-02,ticket 4711
MX1,Exchange Server,,13 months without security updates,Regulator,2025-10-20,decision
`;
const DISK = `host,product,observation,build,observed_at
MX1,Exchange Server,file-version,15.1.2044.4,2021-08-20T10:00:00Z
`;

/** A day of the front end's own log: it writes its build beside every request. */
function frontEnd(): Uint8Array {
  const rows = [10, 14].map((hour) => ({
    DateTime: `2021-08-13T${hour}:00:00.000Z`,
    RequestId: `0000${hour}`,
    MajorVersion: 15,
    MinorVersion: 1,
    BuildVersion: 2044,
    RevisionVersion: 4,
    Protocol: "Owa",
    UrlStem: "/owa/",
    ServerHostName: "MX1",
    HttpStatus: 200,
  }));
  return concatBytes([...writeExchange("HttpProxy", rows, "2021-08-13T00:00:00.000Z")]);
}

test("a claim is held against what the server shows; the vault alone gives the verdict again", () =>
  inFolder(async (folder) => {
    const claims = join(folder, "claims.csv");
    writeFileSync(claims, CLAIMS);
    writeFileSync(join(folder, "disk.csv"), DISK);
    writeFileSync(join(folder, "HttpProxy_1.LOG"), frontEnd());
    const paths = [join(folder, "disk.csv"), join(folder, "HttpProxy_1.LOG")];
    const open = { from: null, to: null };
    const dossier = await investigatePaths(folder, paths, null, open, [claims]);

    const seen = dossier.observations.map(({ host, kind, build, strength, revisionStrength }) => [
      host,
      kind,
      build?.text,
      strength,
      revisionStrength,
    ]);
    expect(seen).toEqual([
      ["MX1", "file-version", "15.1.2044.4", "strong", "strong"],
      ["MX1", "server-log", "15.1.2044.4", "strong", "weak"],
    ]);
    expect(dossier.claims.map(({ by, kb, claim }) => [by, kb, claim])).toEqual([
      ["Northgate IT", "KB5001779", "installed"],
      ["Regulator", "", "13 months without security updates"],
    ]);
    const patched = dossier.answers.find(({ question }) => question === "patched");
    expect(patched?.state).toBe("answered");
    expect(patched?.headline).toContain("1 claim of an update is contradicted");
    expect(patched?.statements[0]?.text).toContain(
      "Northgate IT claimed on 2021-05-02 of MX1: KB5001779 (Apr21SU) installed (ticket 4711). The host shows 15.1.2044.4",
    );
    // What is said of the host leads to the record that shows it.
    const observed = patched?.statements.filter(({ basis }) => basis === "observed") ?? [];
    expect(observed.map(({ at }) => at.length)).toEqual([1]);
    const contradicted = dossier.findings.filter(({ rule }) => rule === "patched/contradicted");
    expect(contradicted.map(({ host, level, question }) => [host, level, question])).toEqual([
      ["MX1", "critical", "patched"],
    ]);

    const again = await withVault(join(folder, "vault"), settingsIn(folder), "open", (vault) =>
      dossierOf(vault, dossier.asOf, new Pace()),
    );
    expect(again.claims).toEqual(dossier.claims);
    expect(again.observations).toEqual(dossier.observations);
    expect(again.patches).toEqual(dossier.patches);
    expect(again.findings).toEqual(dossier.findings);
  }));

test("a file without a single claim is refused before anything is taken in", () =>
  inFolder(async (folder) => {
    const none = join(folder, "claims.csv");
    writeFileSync(none, "this is a letter\nand holds no claim\n");
    expect(() => readClaimsFiles([none])).toThrow(Fault);
    expect(() => readClaimsFiles([join(folder, "absent.csv")])).toThrow(Fault);
  }));
