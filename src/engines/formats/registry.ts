/**
 * Every format of the house: cards at once, readers when they are asked for.
 * Refuses to guess: what no card recognises is kept as evidence and said to be unread.
 */
import type { FormatId } from "../../model/evidence.ts";
import { clamavCard } from "./clamav/card.ts";
import { clixmlCard } from "./clixml/card.ts";
import { systeminfoCard } from "./systeminfo/card.ts";
import { nmapCard } from "./nmap/card.ts";
import { auditXmlCard } from "./audit-xml/card.ts";
import { evtxCard } from "./evtx/card.ts";
import { exchangeCard } from "./exchange/card.ts";
import { exchangeSetupCard } from "./exchange-setup/card.ts";
import type { Card, Reader } from "./format.ts";
import { httpHeadersCard } from "./http-headers/card.ts";
import { iisCard } from "./iis/card.ts";
import { m365Card } from "./m365/card.ts";
import { mailCard } from "./mail/card.ts";
import { mplogCard } from "./mplog/card.ts";
import { ncsaCard } from "./ncsa/card.ts";
import { plasoCard } from "./plaso/card.ts";
import { syslogCard } from "./syslog/card.ts";
import { makeTableCard } from "./table/card.ts";
import type { Table } from "./table/table.ts";
import { taskCard } from "./task/card.ts";
import { mftCard, usnCard } from "./ntfs/card.ts";
import { registryCard } from "./registry-hive/card.ts";
import { timesketchCard } from "./timesketch/card.ts";
import { windowsJsonCard } from "./windows-json/card.ts";

export { HEAD_BYTES, headOf } from "./format.ts";

interface Entry {
  readonly card: Card;
  load(): Promise<Reader>;
}

/** Strict forms first: a format that any text could pass for would stand last. */
const FORMATS: Readonly<Record<Exclude<FormatId, "table">, Entry>> = {
  task: { card: taskCard, load: async () => (await import("./task/read.ts")).taskReader },
  mft: { card: mftCard, load: async () => (await import("./ntfs/mft-read.ts")).mftReader },
  usn: { card: usnCard, load: async () => (await import("./ntfs/usn-read.ts")).usnReader },
  registry: {
    card: registryCard,
    load: async () => (await import("./registry-hive/read.ts")).registryReader,
  },
  evtx: { card: evtxCard, load: async () => (await import("./evtx/read.ts")).evtxReader },
  iis: { card: iisCard, load: async () => (await import("./iis/read.ts")).iisReader },
  exchange: {
    card: exchangeCard,
    load: async () => (await import("./exchange/read.ts")).exchangeReader,
  },
  "exchange-setup": {
    card: exchangeSetupCard,
    load: async () => (await import("./exchange-setup/read.ts")).exchangeSetupReader,
  },
  // Before Timesketch: what psort writes has the names of such a timeline too.
  plaso: { card: plasoCard, load: async () => (await import("./plaso/read.ts")).plasoReader },
  clixml: {
    card: clixmlCard,
    load: async () => (await import("./clixml/read.ts")).clixmlReader,
  },
  systeminfo: {
    card: systeminfoCard,
    load: async () => (await import("./systeminfo/read.ts")).systeminfoReader,
  },
  m365: { card: m365Card, load: async () => (await import("./m365/read.ts")).m365Reader },
  nmap: {
    card: nmapCard,
    load: async () => (await import("./nmap/read.ts")).nmapReader,
  },
  "audit-xml": {
    card: auditXmlCard,
    load: async () => (await import("./audit-xml/read.ts")).auditXmlReader,
  },
  // Before Windows events: a timeline of ours holds their fields too.
  timesketch: {
    card: timesketchCard,
    load: async () => (await import("./timesketch/read.ts")).timesketchReader,
  },
  "windows-json": {
    card: windowsJsonCard,
    load: async () => (await import("./windows-json/read.ts")).windowsJsonReader,
  },
  ncsa: { card: ncsaCard, load: async () => (await import("./ncsa/read.ts")).ncsaReader },
  // Before syslog: a time and a word with a colon are what syslog has too.
  mplog: { card: mplogCard, load: async () => (await import("./mplog/read.ts")).mplogReader },
  clamav: { card: clamavCard, load: async () => (await import("./clamav/read.ts")).clamavReader },
  "http-headers": {
    card: httpHeadersCard,
    load: async () => (await import("./http-headers/read.ts")).httpHeadersReader,
  },
  // Late: header fields are lines that other texts have too.
  mail: { card: mailCard, load: async () => (await import("./mail/read.ts")).mailReader },
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
  // Last, since every format of ours may be a table that others call so.
  const table: Entry = {
    card: makeTableCard(tables),
    load: async () => (await import("./table/read.ts")).makeTableReader(tables),
  };
  const formats: Readonly<Record<FormatId, Entry>> = { ...FORMATS, table };
  const cards = Object.values(formats).map(({ card }) => card);
  return {
    cards,
    recognise: (head) => cards.find((card) => card.recognises(head))?.id ?? null,
    load: async (id) => formats[id].load(),
  };
}
