/**
 * What can be read by itself: ranges of one source, or several small sources, as one task. A task holds all that its
 * outcome depends on, and its key is the hash of that: the same key is the same outcome, in any thread, on any day.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../base/text.ts";
import type { Range } from "../../engines/formats/index.ts";
import type { EvidenceHash, FormatId, Setting } from "../../model/evidence.ts";

/** Where the bytes of a part are. */
export type Bytes =
  | { readonly kind: "object"; readonly object: string }
  | { readonly kind: "file"; readonly path: string }
  /** A growing log up to a length: only the vault's owner can open it. */
  | { readonly kind: "log"; readonly hash: EvidenceHash; readonly sizeBytes: number };

/** A range of one source, and how to read it. */
export interface Part {
  readonly bytes: Bytes;
  readonly format: FormatId;
  readonly setting: Setting;
  readonly range: Range;
}

/** Parts that are read one after another and kept together. */
export interface Task {
  /** 32 hexadecimal digits. */
  readonly key: string;
  readonly parts: readonly Part[];
  readonly sizeBytes: number;
}

/** What every task of a run has in common. */
export interface Terms {
  readonly program: string;
  /** Hash of knowledge/. */
  readonly knowledge: string;
  /** Object id of the sealed rules. */
  readonly rules: string;
  readonly from: bigint | null;
  readonly to: bigint | null;
}

/** Raised with every change of what a portion holds or how a range is read, within a version of the program too. */
const LAYOUT = 10;

/** A task of these parts. Where the bytes lie is no part of the key: what they are is in the place. */
export function taskOf(parts: readonly Part[], terms: Terms): Task {
  const key = keyOf({
    LAYOUT,
    ...terms,
    from: textOf(terms.from),
    to: textOf(terms.to),
    parts: parts.map(({ format, setting, range }) => ({
      format,
      setting: { ...setting, completeAt: textOf(setting.completeAt ?? null) },
      range,
    })),
  });
  return {
    key,
    parts,
    sizeBytes: parts.reduce((sum, { range }) => sum + range.end - range.start, 0),
  };
}

/** 32 hexadecimal digits that stand for a value. */
export function keyOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 32);
}

function textOf(ticks: bigint | null): string | null {
  return ticks === null ? null : String(ticks);
}
