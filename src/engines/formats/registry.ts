/**
 * Every format of the house: cards at once, readers when they are asked for.
 * Refuses to guess: what no card recognises is kept as evidence and said to be unread.
 */
import type { FormatId } from "../../model/evidence.ts";
import { evtxCard } from "./evtx/card.ts";
import type { Card, Reader } from "./format.ts";
import { iisCard } from "./iis/card.ts";
import { plasoCard } from "./plaso/card.ts";
import { syslogCard } from "./syslog/card.ts";
import { timesketchCard } from "./timesketch/card.ts";
import { windowsJsonCard } from "./windows-json/card.ts";

export { HEAD_BYTES, headOf } from "./format.ts";

interface Entry {
  readonly card: Card;
  load(): Promise<Reader>;
}

/** Strict forms first: a format that any text could pass for would stand last. */
const FORMATS: Readonly<Record<FormatId, Entry>> = {
  evtx: { card: evtxCard, load: async () => (await import("./evtx/read.ts")).evtxReader },
  iis: { card: iisCard, load: async () => (await import("./iis/read.ts")).iisReader },
  plaso: { card: plasoCard, load: async () => (await import("./plaso/read.ts")).plasoReader },
  // Before Windows events: a timeline of ours holds their fields too.
  timesketch: {
    card: timesketchCard,
    load: async () => (await import("./timesketch/read.ts")).timesketchReader,
  },
  "windows-json": {
    card: windowsJsonCard,
    load: async () => (await import("./windows-json/read.ts")).windowsJsonReader,
  },
  syslog: { card: syslogCard, load: async () => (await import("./syslog/read.ts")).syslogReader },
};

/** One card for each format that has a reader, in the order in which they are asked. */
export const CARDS: readonly Card[] = Object.values(FORMATS).map(({ card }) => card);

/** The format of a file whose first bytes (up to HEAD_BYTES) are these; null where no reader knows it. */
export function recogniseFormat(head: Uint8Array): FormatId | null {
  return CARDS.find((card) => card.recognises(head))?.id ?? null;
}

/** The reader of a format; its code is loaded with the first call. */
export async function loadReader(id: FormatId): Promise<Reader> {
  return FORMATS[id].load();
}
