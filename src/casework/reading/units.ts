/**
 * Everything of a vault that has bytes to read: evidence, and the members of containers, each with an account of what
 * becomes of it. Loose files come before containers, so that reading begins before the first archive is open.
 */
import { join } from "node:path";
import type { Source } from "../../base/source.ts";
import { ticksFromMillis } from "../../base/time.ts";
import { type Formats, headOf, recogniseContainer } from "../../engines/formats/index.ts";
import type { CaseFile } from "../../model/case-file.ts";
import type { EvidenceAccount } from "../../model/dossier.ts";
import type { ContainerId, Evidence, FormatId, Place, Setting } from "../../model/evidence.ts";
import type { Flaw } from "../../model/flaw.ts";
import { settingFor } from "../case-file.ts";
import { openEvidence } from "../evidence.ts";
import { type FileSource, fileSource, isUnreadable } from "../file-source.ts";
import type { ExpandedMember, Stopped } from "../members/expansion.ts";
import { expandMembers } from "../members/expand.ts";
import type { Pace } from "../pace.ts";
import type { Vault } from "../vault/index.ts";
import type { Bytes } from "./task.ts";

/** What the flaw of evidence by reference says that is gone or has another length. */
export const REFERENCED_CHANGED = "referenced evidence changed";

/** A source that a reader knows. */
export interface Unit {
  readonly bytes: Bytes;
  readonly format: FormatId;
  readonly setting: Setting;
  readonly sizeBytes: number;
  /** Counts are added to it as its parts are read. */
  readonly account: OpenAccount;
}

/** An account while it is counted. */
export interface OpenAccount extends EvidenceAccount {
  events: number;
  flaws: number;
}

/** What was counted for each account so far. */
export type AccountCounts = Map<OpenAccount, { readonly events: number; readonly flaws: number }>;

/** Adds the counts of a task's parts, each to the account at its place. */
export function addCounts(
  counts: AccountCounts,
  accounts: readonly OpenAccount[],
  added: readonly { readonly events: number; readonly flaws: number }[],
): void {
  added.forEach(({ events, flaws }, at) => {
    const account = accounts[at];
    if (account === undefined) return;
    const sum = counts.get(account) ?? { events: 0, flaws: 0 };
    counts.set(account, { events: sum.events + events, flaws: sum.flaws + flaws });
  });
}

/** The accounts with what was counted for them; flaws that were found before any reading stay. */
export function withCounts(
  accounts: readonly OpenAccount[],
  counts: AccountCounts,
): readonly EvidenceAccount[] {
  return accounts.map((account) => ({
    ...account,
    events: counts.get(account)?.events ?? 0,
    flaws: account.flaws + (counts.get(account)?.flaws ?? 0),
  }));
}

/** Bytes of all units together. */
export function sizeOf(units: readonly Unit[]): number {
  return units.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** What is gathered beside the units: one account for everything, and the flaws of what no reader saw. */
export interface Ledger {
  readonly accounts: OpenAccount[];
  readonly flaws: Flaw[];
  /** Containers whose parser was stopped, now or in the run that is replayed. */
  readonly stopped: StoppedContainer[];
}

/** A container that was given up, and the evidence that it is in. */
export interface StoppedContainer extends Stopped {
  readonly evidence: string;
}

/** What units are made from. */
export interface UnitsInput {
  readonly vault: Vault;
  readonly formats: Formats;
  readonly evidence: readonly Evidence[];
  readonly caseFile: CaseFile;
  readonly passwords: readonly string[];
  readonly stopped: readonly StoppedContainer[];
}

/** Folder of the members of an evidence, below the vault's derived one. */
export function membersFolder(vault: Vault, evidence: Evidence): string {
  return join(vault.derivedFolder, "members", evidence.hash);
}

/** Sorts evidence into units and containers; fills the ledger as it goes. Containers are opened when their turn comes. */
export class Units {
  readonly #input: UnitsInput;
  readonly #ledger: Ledger;
  readonly #containers: { evidence: Evidence; id: ContainerId; account: OpenAccount }[] = [];
  /** Hashes of all content so far: the same bytes are read once, wherever they lie. */
  readonly #seen = new Set<string>();

  constructor(input: UnitsInput, ledger: Ledger) {
    this.#input = input;
    this.#ledger = ledger;
  }

  /** The evidence that a reader knows, in the order in which it was taken in. */
  async loose(): Promise<readonly Unit[]> {
    const units: Unit[] = [];
    for (const evidence of this.#input.evidence) {
      const unit = await this.#sort(evidence);
      if (unit !== null) units.push(unit);
    }
    return units;
  }

  /** The members of each container that a reader knows, container by container. Call after loose(). */
  async *members(pace: Pace): AsyncGenerator<readonly Unit[]> {
    for (const { evidence, id, account } of this.#containers)
      yield this.#expand(evidence, id, account, pace);
  }

  async #sort(evidence: Evidence): Promise<Unit | null> {
    const place = placeOf(evidence);
    if (evidence.holding.kind === "destroyed") {
      this.#account(evidence, place, "destroyed", null);
      return null;
    }
    const source = this.#open(evidence, place);
    if (source === null) return null;
    // What cannot be opened was not seen: the same bytes in an archive are then read there.
    this.#seen.add(evidence.hash);
    try {
      const head = headOf(source);
      const id = recogniseContainer(head);
      if (id !== null) {
        const account = this.#account(evidence, place, "opened", id);
        this.#containers.push({ evidence, id, account });
        return null;
      }
      return await this.#unit(evidence, place, source, bytesOf(evidence));
    } finally {
      source.close();
    }
  }

  /** The bytes of an evidence; null, and a flaw, where what lies outside the vault is gone or has changed. */
  #open(evidence: Evidence, place: Place): FileSource | null {
    const { vault } = this.#input;
    if (evidence.holding.kind !== "referenced") return openEvidence(vault, evidence);
    let have = "";
    try {
      const source = openEvidence(vault, evidence);
      if (source.byteLength === evidence.sizeBytes) return source;
      have = `${source.byteLength} bytes`;
      source.close();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      have = error.message;
    }
    const need = `the ${evidence.sizeBytes} bytes that were hashed`;
    this.#flaw(
      place,
      this.#account(evidence, place, "unread", null),
      REFERENCED_CHANGED,
      need,
      have,
    );
    return null;
  }

  async #expand(
    evidence: Evidence,
    id: ContainerId,
    account: OpenAccount,
    pace: Pace,
  ): Promise<readonly Unit[]> {
    const { vault, formats, passwords } = this.#input;
    const stopped = this.#input.stopped.filter((given) => given.evidence === evidence.hash);
    const source = openEvidence(vault, evidence);
    const place = placeOf(evidence);
    const folder = membersFolder(vault, evidence);
    const expansion = await expandMembers(
      { source, id, place, folder, passwords, stopped, wants: isReadable(formats) },
      pace,
    ).finally(() => source.close());
    account.flaws += expansion.flaws.length;
    this.#ledger.flaws.push(...expansion.flaws);
    for (const { member, why } of expansion.stopped)
      this.#ledger.stopped.push({ evidence: evidence.hash, member, why });
    const units: Unit[] = [];
    for (const member of expansion.members) {
      const unit = await this.#member(evidence, member);
      if (unit !== null) units.push(unit);
    }
    return units;
  }

  async #member(evidence: Evidence, member: ExpandedMember): Promise<Unit | null> {
    const place = { evidence: evidence.hash, member: member.member, file: member.file };
    const { file, sizeBytes, modifiedMillis } = member;
    const modifiedAt = modifiedMillis === null ? null : ticksFromMillis(modifiedMillis);
    const own = { ...evidence, file, sizeBytes, modifiedAt };
    if (member.container !== null) {
      this.#account(own, place, "opened", member.container);
      return null;
    }
    if (member.sizeBytes > 0 && this.#seen.has(member.sha256)) {
      this.#account(own, place, "duplicate", null);
      return null;
    }
    if (member.path === null) {
      this.#account(own, place, "unread", null);
      return null;
    }
    const source = openMember(member.path, member.sizeBytes);
    if (typeof source === "string") {
      const account = this.#account(own, place, "unread", null);
      const need = `the ${member.sizeBytes} bytes that were unpacked; they are in the archive still`;
      this.#flaw(place, account, "member taken away", need, source);
      return null;
    }
    this.#seen.add(member.sha256);
    try {
      return await this.#unit(own, place, source, { kind: "file", path: member.path });
    } finally {
      source.close();
    }
  }

  async #unit(
    evidence: Evidence,
    place: Place,
    source: Source,
    bytes: Bytes,
  ): Promise<Unit | null> {
    const sizeBytes = source.byteLength;
    const { modifiedAt, takenAt, holding } = evidence;
    // A log that grows is complete at no time that a run could state once for all of its lines.
    const completeAt = holding.kind === "log" ? null : (modifiedAt ?? takenAt);
    const setting = settingFor(this.#input.caseFile, place, completeAt);
    const format = this.#input.formats.recognise(headOf(source));
    if (sizeBytes === 0) {
      const account = this.#account(evidence, place, "unread", null);
      // A file without a byte was meant to hold something: what it was is lost, and is said.
      this.#flaw(place, account, "empty file", "at least one byte", "none");
      return null;
    }
    if (format === null) {
      this.#account(evidence, place, "unread", null);
      return null;
    }
    const reader = await this.#input.formats.load(format);
    const account = this.#account(
      evidence,
      place,
      "read",
      format,
      reader.assumptions(headOf(source, reader.assumptionBytes), setting),
    );
    return { bytes, format, setting, sizeBytes, account };
  }

  #account(
    evidence: Evidence,
    { member }: Place,
    intake: EvidenceAccount["intake"],
    format: EvidenceAccount["format"],
    assumptions: EvidenceAccount["assumptions"] = [],
  ): OpenAccount {
    const account = { evidence, member, intake, format, events: 0, flaws: 0, assumptions };
    this.#ledger.accounts.push(account);
    return account;
  }

  #flaw(place: Place, account: OpenAccount, what: string, need: string, have: string): void {
    account.flaws++;
    this.#ledger.flaws.push({ kind: "flaw", place, offset: 0, what, need, have });
  }
}

/** The plain file of a member; why there is none, where something on this machine took it away: an antivirus does. */
function openMember(path: string, sizeBytes: number): FileSource | string {
  try {
    const source = fileSource(path);
    if (source.byteLength === sizeBytes) return source;
    source.close();
    return "another length";
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return "none";
  }
}

/** Tells whether a reader knows what begins so. Empty members are read too: that nothing is in them is said. */
export function isReadable(formats: Formats): (head: Uint8Array) => boolean {
  return (head) => head.length === 0 || formats.recognise(head) !== null;
}

/** The place of a whole evidence: no member. */
export function placeOf(evidence: Evidence): Place {
  return { evidence: evidence.hash, member: "", file: evidence.file };
}

function bytesOf({ holding, hash, sizeBytes }: Evidence): Bytes {
  switch (holding.kind) {
    case "sealed":
      return { kind: "object", object: holding.object };
    case "referenced":
      return { kind: "file", path: holding.path };
    case "log":
    case "destroyed":
      return { kind: "log", hash, sizeBytes };
  }
}
