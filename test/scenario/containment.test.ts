/** Containment: what people did, by name, in the journal and in the dossier; what is refused. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Pace, recordContainment, withVault } from "../../src/casework/index.ts";
import { containmentKind, containmentOf, dossierOf } from "../../src/casework/index.ts";
import { at, inFolder, investigatePaths, settingsIn } from "./investigation.ts";

const NOW = at("2021-12-07T09:00:00Z");
const STATED = {
  kind: containmentKind("isolated"),
  subject: "MX1",
  at: at("2021-12-06T10:15:00Z"),
  by: "Ann",
  doneBy: null,
  verified: "",
  note: "",
};

test("acts stand in the order of recording, with who did them and how they were checked", () =>
  inFolder(async (folder) => {
    const log = join(folder, "u_ex211206.log");
    writeFileSync(log, "#Fields: date time cs-method\n2021-12-06 10:00:00 GET\n");
    await investigatePaths(folder, [log], null);
    const settings = { ...settingsIn(folder), clock: () => NOW };
    await withVault(join(folder, "vault"), settings, "open", async (vault) => {
      recordContainment(vault, STATED, NOW);
      const kind = containmentKind("reset");
      const check = "signed in with the old one: refused";
      recordContainment(
        vault,
        {
          ...STATED,
          kind,
          subject: " CLINIC\\svc-mail ",
          at: null,
          doneBy: "Bea",
          verified: check,
        },
        NOW,
      );
      const { containment, findings } = await dossierOf(vault, null, new Pace());
      expect(containment).toMatchObject([
        { kind: "isolated", subject: "MX1", at: STATED.at, by: "Ann", verified: "" },
        { kind: "reset", subject: "CLINIC\\svc-mail", at: NOW, by: "Bea", verified: check },
      ]);
      expect(containmentOf(vault).map(({ recordedBy }) => recordedBy)).toEqual(["Ann", "Ann"]);
      expect(findings.filter(({ kind: each }) => each === "canary")).toEqual([]);
      // The journal shows that something was done, and not to what.
      expect(
        JSON.stringify(vault.entries(), (_, v) => (typeof v === "bigint" ? `${v}` : v)),
      ).not.toContain("MX1");
    });
  }));

test("nothing is recorded of what is yet to come, of nothing, of an essay, of a strange kind", () =>
  inFolder((folder) =>
    withVault(join(folder, "vault"), settingsIn(folder), { createBy: "Ann" }, async (vault) => {
      const later = at("2021-12-07T09:00:01Z");
      const refused = [
        { at: later },
        { subject: "" },
        { subject: " \t\u200b\u001b" },
        { subject: "x".repeat(257) },
        { doneBy: "x".repeat(257) },
      ];
      for (const wrong of [...refused, { note: "x".repeat(10_001) }])
        expect(() => recordContainment(vault, { ...STATED, ...wrong }, NOW)).toThrow(
          expect.objectContaining({ code: "usage" }),
        );
      expect(() => containmentKind("hoped")).toThrow("hoped is no kind of containment");
      expect(containmentOf(vault)).toEqual([]);
    }),
  ));
