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
import type { Table } from "./table/table.ts";
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

/** The formats of one installation: those of the program, and tables of other products as knowledge describes them. */
export interface Formats {
  /** One card for each format that has a reader, in the order in which they are asked. */
  readonly cards: readonly Card[];
  /** The format of a file whose first bytes (up to HEAD_BYTES) are these; null where no reader knows it. */
  recognise(head: Uint8Array): FormatId | null;
  /** The reader of a format; its code is loaded with the first call. */
  load(id: FormatId): Promise<Reader>;
}

/** The formats, with the tables that knowledge/tables.json describes. */
export function makeFormats(tables: readonly Table[]): Formats {
  const cards = Object.values(FORMATS).map(({ card }) => card);
  return {
    cards,
    recognise: (head) => cards.find((card) => card.recognises(head))?.id ?? null,
    load: async (id) => FORMATS[id].load(),
  };
}
