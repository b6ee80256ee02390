/** One source through its reader, piece by piece. Refuses to keep anything: who looks on decides what stays. */
import type { Source } from "../base/source.ts";
import { headOf, loadReader, recogniseFormat } from "../engines/formats/registry.ts";
import type { Piece } from "../model/event.ts";
import {
  type Assumption,
  type FormatId,
  NO_EVIDENCE,
  type Place,
  type Setting,
} from "../model/evidence.ts";
import type { Flaw } from "../model/flaw.ts";
import type { PassedOver } from "./disk.ts";
import type { Pace } from "./pace.ts";

/** What reading one source came to. */
export interface Reading {
  /** Null: no reader knows this kind. */
  readonly format: FormatId | null;
  readonly assumptions: readonly Assumption[];
  readonly events: number;
  /** Exact, however many the visitor kept. */
  readonly flaws: number;
}

/** A file without a byte was meant to hold something: what it was is lost, and is said. */
function emptyFile(place: Place): Flaw {
  const need = "at least one byte";
  return { kind: "flaw", place, offset: 0, what: "empty file", need, have: "none" };
}

/** What lay below a given path and could not be taken in, as a flaw of its file. */
export function notTakenIn({ path, why }: PassedOver): Flaw {
  const place = { evidence: NO_EVIDENCE, member: "", file: path };
  const need = "a regular file that can be read";
  return { kind: "flaw", place, offset: 0, what: "not taken in", need, have: why };
}

/** Reads a source by its content; `visit` sees every batch and flaw in file order, while it is valid. */
export async function readEvidence(
  source: Source,
  setting: Setting,
  pace: Pace,
  visit: (piece: Piece) => void | Promise<void>,
): Promise<Reading> {
  if (source.byteLength === 0) {
    await visit(emptyFile(setting.place));
    return { format: null, assumptions: [], events: 0, flaws: 1 };
  }
  const head = headOf(source);
  const format = recogniseFormat(head);
  if (format === null) {
    pace.add(source.byteLength);
    return { format, assumptions: [], events: 0, flaws: 0 };
  }
  const reader = await loadReader(format);
  let events = 0;
  let flaws = 0;
  let told = 0;
  for (const piece of reader.read(source, setting)) {
    const waiting = visit(piece);
    if (waiting !== undefined) await waiting;
    if (piece.kind === "flaw") flaws++;
    else {
      events += piece.length;
      const at = piece.offsets[piece.length - 1] ?? told;
      pace.add(Math.max(0, at - told));
      told = Math.max(told, at);
    }
    await pace.breathe();
  }
  pace.add(Math.max(0, source.byteLength - told));
  return { format, assumptions: reader.assumptions(head, setting), events, flaws };
}
