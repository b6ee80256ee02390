/** A finding from the run that tells of it to the answer of a named person, and open again when evidence comes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Fault } from "../../src/base/fault.ts";
import {
  Pace,
  type Vault,
  answerFinding,
  dossierOf,
  listFindings,
  reopenFinding,
  takeFinding,
  withVault,
} from "../../src/casework/index.ts";
import { inFolder, investigatePaths, settingsIn } from "./investigation.ts";

const HEAD = [
  "#Software: Microsoft Internet Information Services 10.0",
  "#Version: 1.0",
  "#Date: 2021-08-13 00:00:00",
  "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
];
const PROBE =
  "/autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example 443 - 198.51.100.7 python-requests/2.25.1 - 200 0 0 312";

function log(...times: readonly string[]): string {
  const lines = times.map((time) => `2021-08-13 ${time} 10.0.0.5 GET ${PROBE}`);
  return [...HEAD, ...lines, ""].join("\r\n");
}

const LOOKED = { scope: "found", entry: "found", persistence: "not-looked-at" } as const;
const ANSWER = {
  determination: "malicious",
  reason: "the first probe",
  checked: LOOKED,
  evidence: ["ticket 4711"],
} as const;

test("taken, answered, open again by new evidence, answered for good: and a replay says the same", () =>
  inFolder(async (folder) => {
    const inVault = <T>(work: (vault: Vault) => Promise<T>) =>
      withVault(join(folder, "vault"), settingsIn(folder), "open", work);
    const pace = new Pace();
    writeFileSync(join(folder, "u_ex210813.log"), log("04:12:07"));
    await investigatePaths(folder, [join(folder, "u_ex210813.log")], null);
    const [found] = await inVault((vault) => listFindings(vault, pace));
    expect(found).toMatchObject({ state: "open", owner: null, kind: "rule", question: "answered" });
    const id = found?.id ?? "";

    await inVault((vault) => takeFinding(vault, { word: id.slice(0, 6), by: "Ann Le Page" }, pace));
    const answered = await inVault((vault) =>
      answerFinding(vault, { word: id, by: "Ann Le Page", ...ANSWER }, pace),
    );
    expect(answered).toMatchObject({ state: "answered", owner: "Ann Le Page", due: null });

    // The same evidence again changes nothing; an earlier probe of another day's log opens it, under the id that is known.
    await investigatePaths(folder, [join(folder, "u_ex210813.log")], null);
    expect((await inVault((vault) => listFindings(vault, pace)))[0]?.state).toBe("answered");
    writeFileSync(
      join(folder, "u_ex210812.log"),
      log("03:00:00").replaceAll("2021-08-13", "2021-08-12"),
    );
    const dossier = await investigatePaths(folder, [join(folder, "u_ex210812.log")], null);
    const [again] = dossier.findings;
    expect(again).toMatchObject({ id, state: "reopened", answer: null });
    expect(again?.detections).toHaveLength(2);
    expect(again?.stateWhy).toContain("1 detection came that no answer covers");

    await inVault((vault) =>
      answerFinding(vault, { word: id, by: "Bea", ...ANSWER, reason: "the second as well" }, pace),
    );
    const opened = await inVault((vault) =>
      reopenFinding(vault, { word: id, by: "Cleo", reason: "the client came back" }, pace),
    );
    expect(opened).toMatchObject({
      state: "reopened",
      stateWhy: "Cleo opened it again: the client came back",
    });
    const last = await inVault((vault) =>
      answerFinding(vault, { word: id, by: "Bea", ...ANSWER, reason: "blocked" }, pace),
    );
    const told = await inVault((vault) => dossierOf(vault, dossier.asOf, pace));
    expect(told.findings.find((finding) => finding.id === id)).toEqual(last);
    const answer = told.answers.find(({ question }) => question === "answered");
    const sentences = answer?.statements.filter(({ text }) => text.includes("answered by Bea on"));
    expect(sentences).toHaveLength(1);
  }));

test("an act has a finding, a reason, and something to open", () =>
  inFolder(async (folder) => {
    const pace = new Pace();
    const inVault = <T>(work: (vault: Vault) => Promise<T>) =>
      withVault(join(folder, "vault"), settingsIn(folder), "open", work);
    writeFileSync(join(folder, "u_ex210813.log"), log("04:12:07"));
    await investigatePaths(folder, [join(folder, "u_ex210813.log")], null);
    const [found] = await inVault((vault) => listFindings(vault, pace));
    const word = found?.id ?? "";
    const by = "Ann";
    const refused = [
      (vault: Vault) => takeFinding(vault, { word: "ffffffff", by }, pace),
      (vault: Vault) => answerFinding(vault, { word, by, ...ANSWER, reason: " " }, pace),
      (vault: Vault) => reopenFinding(vault, { word, by, reason: "why not" }, pace),
    ];
    for (const act of refused) await expect(inVault(act)).rejects.toThrow(Fault);
    expect((await inVault((vault) => listFindings(vault, pace)))[0]?.state).toBe("open");
  }));
