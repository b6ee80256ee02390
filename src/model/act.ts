/** What is kept of what people and the program did: one journal entry an act (docs/formats/journal.md). */
import type { Ticks } from "../base/time.ts";

/** What an act can be. Names are in the journal for good: add, never rename. */
export const ACTS = [
  "vault-created",
  "evidence-sealed",
  "evidence-referenced",
  "evidence-held",
  "evidence-released",
  "evidence-exported",
  "evidence-destroyed",
  "log-opened",
  "log-closed",
  "input-sealed",
  "run",
  "run-replayed",
  "incident-event",
  "finding-taken",
  "finding-answered",
  "finding-reopened",
  "containment-recorded",
  "canary-set",
  "escalation-sent",
  "escalation-failed",
  "dossier-written",
] as const;
export type ActKind = (typeof ACTS)[number];

/** A sealed object as the journal knows it: enough to check it without any key. */
export interface ObjectReference {
  /** 32 hexadecimal digits; also its file name. */
  readonly object: string;
  readonly sizeBytes: number;
  /** SHA-256 of the sealed bytes, hexadecimal: says that it is unaltered to whoever holds no key. */
  readonly sha256: string;
  /** HMAC-SHA-256 of the SHA-256 of the plaintext, hexadecimal: binds the content without revealing it. */
  readonly hmac: string;
}

/** One entry: no personal data, so that the journal can be shown to anybody. */
export interface JournalEntry {
  /** 0, 1, 2 …: its leaf in the tree. */
  readonly index: number;
  readonly kind: ActKind;
  readonly time: Ticks;
  /** Keyed hash of the actor's name, 32 hexadecimal digits. */
  readonly actor: string;
  /** What the act is about: an object id, or the vault id. */
  readonly subject: string;
  /** The act's own words, sealed; null where there are none. */
  readonly body: ObjectReference | null;
  /** The evidence or input that the act brought in, sealed; null for other acts. */
  readonly sealed: ObjectReference | null;
}
