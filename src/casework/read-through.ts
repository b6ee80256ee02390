/** A source through its reader, piece by piece, with progress. Refuses to keep anything: who looks on decides what stays. */
import type { Source } from "../base/source.ts";
import type { Range, Reader } from "../engines/formats/index.ts";
import type { Piece } from "../model/event.ts";
import type { Setting } from "../model/evidence.ts";
import type { Pace } from "./pace.ts";

/** How much of it there was; flaws are exact, however many the visitor kept. */
export interface ReadCounts {
  readonly events: number;
  readonly flaws: number;
}

/** What is read: a source, or one range of it. */
interface Passage {
  readonly reader: Reader;
  readonly source: Source;
  readonly setting: Setting;
  readonly range?: Range;
}

/** Shows every batch and flaw to `visit` in file order, each while it is valid. */
export async function readThrough(
  { reader, source, setting, range }: Passage,
  pace: Pace,
  visit: (piece: Piece) => void | Promise<void>,
): Promise<ReadCounts> {
  let events = 0;
  let flaws = 0;
  let told = range?.start ?? 0;
  for (const piece of reader.read(source, setting, range)) {
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
  pace.add(Math.max(0, (range?.end ?? source.byteLength) - told));
  return { events, flaws };
}
