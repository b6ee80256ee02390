/**
 * The certificate of a destruction as files that a third party can check: statement, text, proof of inclusion.
 * Refuses nothing of what was journalled: it can be written again at any time, byte for byte.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { known } from "../../base/assert.ts";
import { sameBytes, utf8 } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { canonicalJson, inertJson } from "../../base/text.ts";
import { parseEntry } from "../../engines/journal/index.ts";
import type { JournalEntry } from "../../model/act.ts";
import { bodyOf } from "../bodies.ts";
import { readText } from "../disk.ts";
import { proveEntry, readProof, verifyProof } from "../proof.ts";
import type { Vault } from "../vault/index.ts";
import type { Verdict } from "../verdict.ts";
import { sha256, writeOwn } from "../write-dossier.ts";
import { custodyOf } from "./account.ts";
import { oneEvidence } from "./selection.ts";
import { STATEMENT, type Statement, certificateText } from "./statement.ts";
import { writeWholeFolder } from "./whole-folder.ts";

/** Names of the files of a certificate. */
export const CERTIFICATE_FILES = {
  data: "certificate.json",
  text: "certificate.txt",
  proof: "proof.json",
} as const;

const CERTIFICATE_BYTES_MAX = 64 << 20;

/** The bytes of certificate.json; their SHA-256 is the subject of the act. */
export function statementBytes(statement: Statement): Uint8Array {
  return utf8(`${inertJson(canonicalJson(statement))}\n`);
}

/** Writes the certificate that an act names into a new or empty folder; gives the path of its text. */
export async function writeCertificate(
  vault: Vault,
  entry: JournalEntry,
  folder: string,
): Promise<string> {
  const statement = bodyOf(vault, entry, STATEMENT);
  await writeWholeFolder(vault.folder, folder, async (into) => {
    const proof = utf8(`${canonicalJson(proveEntry(vault, entry))}\n`);
    writeOwn(join(into, CERTIFICATE_FILES.data), statementBytes(statement));
    writeOwn(join(into, CERTIFICATE_FILES.text), utf8(certificateText(statement, entry)));
    writeOwn(join(into, CERTIFICATE_FILES.proof), proof);
  });
  return join(folder, CERTIFICATE_FILES.text);
}

/** The certificate of evidence that was destroyed, written again. Faults: not-found where it was not. */
export async function certify(vault: Vault, word: string, folder: string): Promise<string> {
  const { evidence, steps } = oneEvidence(custodyOf(vault), word);
  const act = steps.findLast(({ what }) => what === "destroyed")?.entry ?? null;
  if (evidence.holding.kind !== "destroyed" || act === null) {
    const hint = "a certificate is of evidence that was destroyed";
    throw new Fault("not-found", "this evidence is in the vault", hint);
  }
  return writeCertificate(vault, known(vault.entries()[act], "the act of a step"), folder);
}

/** Checks a certificate's folder: words against statement, statement against the journal's signature. */
export function verifyCertificate(folder: string, checkpoint: string | null): Verdict {
  const text = readText(join(folder, CERTIFICATE_FILES.data), CERTIFICATE_BYTES_MAX);
  const statement = STATEMENT.safeParse(jsonOf(text));
  const { data, proof: proofFile, text: textFile } = CERTIFICATE_FILES;
  if (!statement.success) {
    const troubles = [`altered: ${data}: no certificate`];
    return { intact: false, checked: [], troubles, unchecked: [] };
  }
  const { vault, objects } = statement.data;
  const proof = readProof(join(folder, proofFile));
  const subject = sha256(utf8(text));
  const kind = "evidence-destroyed";
  const named = "certificate";
  const outcome = verifyProof(proof, { vault, subject, kind, named, checkpoint });
  const entry = outcome.trouble === null ? entryOf(proof) : null;
  const troubles = outcome.trouble === null ? [] : [`altered: ${proofFile}: ${outcome.trouble}`];
  const checked = outcome.trouble === null ? [outcome.shown] : [];
  if (entry !== null) {
    const expected = utf8(certificateText(statement.data, entry));
    const same = sameBytes(expected, utf8(readTextOr(join(folder, textFile))));
    if (same) checked.push(`${textFile} says what ${data} says`);
    else troubles.push(`altered: ${textFile}: it does not say what ${data} says`);
  }
  const own = Object.values<string>(CERTIFICATE_FILES);
  for (const name of readdirSync(folder))
    if (!own.includes(name)) troubles.push(`added: ${name} is no file of a certificate`);
  const unchecked = [
    `whether ${vault} is the vault that you know: compare its id with one from elsewhere`,
    `whether the vault holds ${objects.length === 1 ? "this object" : "these objects"} no more: verify the vault itself`,
    ...outcome.unchecked,
  ];
  return { intact: troubles.length === 0, checked, troubles, unchecked };
}

function entryOf(proof: unknown): JournalEntry | null {
  if (typeof proof !== "object" || proof === null || !("entry" in proof)) return null;
  return typeof proof.entry === "string" ? parseEntry(proof.entry) : null;
}

function readTextOr(path: string): string {
  try {
    return readText(path, CERTIFICATE_BYTES_MAX);
  } catch (error) {
    if (error instanceof Fault) return "";
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
