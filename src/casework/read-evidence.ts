/** One source through its reader, piece by piece. Refuses to keep anything: who looks on decides what stays. */
import type { Source } from "../base/source.ts";
import { type Formats, headOf } from "../engines/formats/index.ts";
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
import { type ReadCounts, readThrough } from "./read-through.ts";

/** What reading one source came to. */
export interface Reading extends ReadCounts {
  /** Null: no reader knows this kind. */
  readonly format: FormatId | null;
  readonly assumptions: readonly Assumption[];
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
  formats: Formats,
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
  const format = formats.recognise(head);
  if (format === null) {
    pace.add(source.byteLength);
    return { format, assumptions: [], events: 0, flaws: 0 };
  }
  const reader = await formats.load(format);
  const counts = await readThrough({ reader, source, setting }, pace, visit);
  const assumptions = reader.assumptions(headOf(source, reader.assumptionBytes), setting);
  return { format, assumptions, ...counts };
}
