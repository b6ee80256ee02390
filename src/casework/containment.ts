/**
 * What people did to throw an intruder out: isolated, reset, rebuilt …; each an act by name, append-only. Refuses an act about nothing, and
 * one that is yet to come: a plan is no containment (docs/design/containment.md).
 */
import { z } from "zod";
import { Fault } from "../base/fault.ts";
import { type Ticks, formatTicks, toTicks } from "../base/time.ts";
import { CONTAINMENT_KINDS, type Containment, type ContainmentKind } from "../model/containment.ts";
import { bodyOf } from "./bodies.ts";
import { type Vault, damagedFault } from "./vault/index.ts";

/** Names of hosts, accounts and keys are shorter; an essay is a note. */
const SUBJECT_CHARS_MAX = 256;
const WORDS_CHARS_MAX = 10_000;

/** The body of a `containment-recorded` act. `done_by`: who did it, which may be somebody else than who states it. */
const BODY = z.object({
  containment: z.enum(CONTAINMENT_KINDS),
  subject: z.string(),
  at: z.string().regex(/^-?\d{1,19}$/),
  by: z.string(),
  done_by: z.string(),
  verified: z.string(),
  note: z.string(),
});

/** An act of containment as a person states it. */
export interface StatedContainment {
  readonly kind: ContainmentKind;
  readonly subject: string;
  /** When it was done; null: now. */
  readonly at: Ticks | null;
  /** Who states it. */
  readonly by: string;
  /** Who did it; null: whoever states it. */
  readonly doneBy: string | null;
  /** How it was checked that it holds; "" where nobody says. */
  readonly verified: string;
  readonly note: string;
}

/** An act of containment with who recorded it. */
export interface RecordedContainment extends Containment {
  readonly recordedBy: string;
}

/** Journals one act of containment by name, and gives it. Faults: usage without a subject, and for a time that is yet to come. */
export function recordContainment(
  vault: Vault,
  { kind, subject, at, by, doneBy, verified, note }: StatedContainment,
  now: Ticks,
): RecordedContainment {
  // What nobody can see is no name, and blanks are not all of it.
  if (!/[\p{L}\p{N}]/u.test(subject))
    throw new Fault(
      "usage",
      "what was it done to?",
      "add --subject MX1: a host, an account, a key",
    );
  requireShort("--subject", subject, SUBJECT_CHARS_MAX);
  requireShort("--done-by", doneBy ?? "", SUBJECT_CHARS_MAX);
  requireShort("--verified", verified, WORDS_CHARS_MAX);
  requireShort("--note", note, WORDS_CHARS_MAX);
  const done = at ?? now;
  if (done > now)
    throw new Fault(
      "usage",
      `${formatTicks(done, 0)} is yet to come, by the clock of this machine`,
      "record what was done, when it is done; a time without a zone is UTC",
    );
  const body: z.infer<typeof BODY> = {
    containment: kind,
    subject: subject.trim(),
    at: String(done),
    by,
    done_by: doneBy?.trim() || by,
    verified: verified.trim(),
    note,
  };
  const { time } = vault.act({ kind: "containment-recorded", by, body, sealed: null });
  return contained(vault, body, time);
}

/** Every act of containment of the vault in the order of recording. */
export function containmentOf(vault: Vault): readonly RecordedContainment[] {
  return vault
    .entries()
    .filter(({ kind }) => kind === "containment-recorded")
    .map((entry) => contained(vault, bodyOf(vault, entry, BODY), entry.time));
}

/** The kind of a word as typed. Faults: usage, naming the kinds. */
export function containmentKind(word: string): ContainmentKind {
  const kind = CONTAINMENT_KINDS.find((name) => name === word);
  if (kind !== undefined) return kind;
  throw new Fault(
    "usage",
    `${word} is no kind of containment`,
    `one of: ${CONTAINMENT_KINDS.join(", ")}`,
  );
}

function contained(
  vault: Vault,
  { containment, subject, at, by, done_by, verified, note }: z.infer<typeof BODY>,
  recordedAt: Ticks,
): RecordedContainment {
  const done = toTicks(BigInt(at));
  if (done === null) throw damagedFault(vault.folder, "an act of containment has no real time");
  return {
    kind: containment,
    subject,
    at: done,
    recordedAt,
    by: done_by,
    recordedBy: by,
    verified,
    note,
  };
}

function requireShort(option: string, text: string, charsMax: number): void {
  if (text.length > charsMax)
    throw new Fault(
      "usage",
      `${option} has more than ${charsMax} characters`,
      "what is longer is evidence: take it in as a file",
    );
}
