/**
 * Destroying an evidence by name and with a reason. Refuses what is held, what was not confirmed by its whole hash, and
 * what is not in the vault; the act comes before the deed (docs/design/custody.md).
 */
import { known } from "../../base/assert.ts";
import { fromHex } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { formatTicks } from "../../base/time.ts";
import type { JournalEntry } from "../../model/act.ts";
import { sha256 } from "../write-dossier.ts";
import type { Act, Vault } from "../vault/index.ts";
import { type Custody, custodyOf, holdNumbers } from "./account.ts";
import { statementBytes, writeCertificate } from "./certificate.ts";
import { type CustodyRequest, refuseDestroyed } from "./holds.ts";
import { oneEvidence } from "./selection.ts";
import type { Statement } from "./statement.ts";
import { refuseTaken } from "./whole-folder.ts";

/** What a person asks to have destroyed. */
export interface Destruction extends CustodyRequest {
  /** The whole hash again; null: only told what it would take. */
  readonly confirm: string | null;
  /** Where the certificate is written; null: `certificate-N`, N being the act. */
  readonly out: string | null;
}

/** What was destroyed, and the path of its certificate. */
export interface Destroyed {
  readonly entry: number;
  readonly evidence: Custody["evidence"];
  readonly certificate: string;
}

/**
 * Destroys one evidence and writes its certificate. Faults: not-found, usage where it is held or not confirmed,
 * already-exists for the certificate's folder, and what the disk says.
 */
export async function destroyEvidence(vault: Vault, request: Destruction): Promise<Destroyed> {
  const one = oneEvidence(custodyOf(vault), request.word);
  refuse(one, request);
  const folder = request.out ?? `certificate-${vault.entries().length}`;
  refuseTaken(vault.folder, folder);
  const statement = statementOf(vault, one, request);
  const entry = known(vault.destroy(actsOf(statement))[0], "an act of the destruction");
  try {
    const certificate = await writeCertificate(vault, entry, folder);
    return { entry: entry.index, evidence: one.evidence, certificate };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(
      error.code,
      `destroyed, but its certificate could not be written: ${error.message}`,
      `breakwater evidence certificate ${one.evidence.hash} --vault DIR --out DIR writes it again`,
    );
  }
}

function refuse(one: Custody, { confirm }: Destruction): void {
  const { evidence, holds, taken } = one;
  refuseDestroyed(one);
  if (evidence.holding.kind === "referenced") {
    throw new Fault(
      "usage",
      "the bytes of this evidence are not in the vault: it was left where it lay",
      "delete the file itself; the vault holds its hash alone",
    );
  }
  if (holds.length > 0) {
    throw new Fault(
      "usage",
      `this evidence is held and cannot be destroyed: ${holdNumbers(holds)}`,
      `breakwater evidence release ${evidence.hash} --vault DIR --by NAME --reason TEXT ends a hold`,
    );
  }
  if (confirm?.toLowerCase() === evidence.hash) return;
  const what = `${evidence.sizeBytes} bytes, taken in by act ${taken} on ${formatTicks(evidence.takenAt, 0)}`;
  throw new Fault(
    "usage",
    confirm === null
      ? `destroying cannot be undone, and nothing was destroyed yet: ${what}`
      : "the confirmation is not the hash of this evidence; nothing was destroyed",
    `add --confirm ${evidence.hash}`,
  );
}

function statementOf(vault: Vault, one: Custody, { by, reason }: Destruction): Statement {
  const { evidence, taken, objects, steps } = one;
  const own = new Set(steps.map(({ entry }) => entry));
  const acts = vault
    .entries()
    .filter(({ index, kind }) => own.has(index) || (index > taken && kind === "dossier-written"))
    .map(({ index, kind, time }) => ({ entry: index, kind, at: formatTicks(time) }));
  return {
    certificate: 1,
    vault: vault.id,
    taken,
    file: evidence.file,
    handedInBy: evidence.by,
    takenAt: formatTicks(evidence.takenAt),
    sizeBytes: evidence.sizeBytes,
    keyedHash: vault.mac(known(fromHex(evidence.hash), "an evidence hash is hexadecimal")),
    objects: [...objects],
    by,
    reason,
    acts,
  };
}

/** One commit: the statement, named by its hash, and an act for each object, which anybody can read without a key. */
function actsOf(statement: Statement): readonly Act[] {
  const { by, objects } = statement;
  const kind = "evidence-destroyed";
  const subject = sha256(statementBytes(statement));
  return [
    { kind, by, subject, body: statement, sealed: null },
    ...objects.map((object) => ({ kind, by, subject: object, body: null, sealed: null }) as const),
  ];
}

/** What a run says, among what it does not know, about evidence that was destroyed. */
export function destroyedUnknown(evidence: readonly Custody["evidence"][]): readonly string[] {
  return evidence.flatMap(({ file, holding, sizeBytes }) =>
    holding.kind === "destroyed"
      ? [
          `What ${file} said (${sizeBytes} bytes): it was evidence here and was destroyed on ${formatTicks(holding.at, 0)}. Another copy of the file would tell.`,
        ]
      : [],
  );
}

/** Whether evidence that a run read was destroyed since: what is derived anew then cannot give the same findings. */
export function wasDestroyedSince(entries: readonly JournalEntry[], runEntry: number): boolean {
  return entries.some(({ index, kind }) => index > runEntry && kind === "evidence-destroyed");
}
