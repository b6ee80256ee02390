/**
 * What a certificate of destruction states: body of the act, and word for word its certificate.json. Refuses the plain
 * hash of what was destroyed: of a short text it could be guessed. Specified in docs/formats/custody.md.
 */
import { z } from "zod";
import { visible } from "../../base/text.ts";
import { formatTicks } from "../../base/time.ts";
import { ACTS, type JournalEntry } from "../../model/act.ts";

/** The statement; the time of destruction is that of the journal entry that names it. */
export const STATEMENT = z.object({
  certificate: z.literal(1),
  vault: z.string(),
  /** The evidence: entry that took it in, name under which it was handed in, by whom, and when. */
  taken: z.number(),
  file: z.string(),
  handedInBy: z.string(),
  takenAt: z.string(),
  sizeBytes: z.number(),
  /** Keyed hash of its SHA-256: whoever holds the vault's key and the file can tell that it was this one. */
  keyedHash: z.string(),
  /** Sealed objects whose keys were dropped. */
  objects: z.array(z.string()),
  by: z.string(),
  reason: z.string(),
  /** Entries about it that remain, and dossiers written while it was there: where copies may be. */
  acts: z.array(z.object({ entry: z.number(), kind: z.enum(ACTS), at: z.string() })),
});
export type Statement = z.infer<typeof STATEMENT>;

const WIDTH = 100;
const ACTS_SHOWN_MAX = 200;

const DONE = [
  "The key of each object was overwritten with zeros and synced, all derived content of the vault was deleted, and then the objects themselves. What is left of them anywhere is noise without that key.",
];
/** True of every disk; whoever reads the certificate must know it. */
const BEYOND = [
  "Solid-state disks and file systems that copy on write may keep the old blocks of a file that was overwritten or deleted, for a time nobody knows; so may snapshots.",
  "Backups and copies of the vault made before this act still hold the object with its key. They open to whoever has the vault's key.",
  "Derived content (events, members, indexes) was deleted, not overwritten: on a disk that is not encrypted it may be found until its blocks are used again.",
  "Files that were exported and dossiers that were written before are not reached; the acts above say which there were.",
  "The name of the file, the names of people and the reason stay in the vault, sealed, so that this destruction can be accounted for.",
];

/** The certificate as plain text for people; the same statement and entry give the same bytes. */
export function certificateText(statement: Statement, entry: JournalEntry): string {
  const shown = statement.acts.slice(0, ACTS_SHOWN_MAX);
  const more = statement.acts.length - shown.length;
  const pairs: readonly (readonly [string, string])[] = [
    ["file", statement.file],
    ["size", `${statement.sizeBytes} bytes`],
    ["keyed hash", statement.keyedHash],
    ["handed in", `${statement.takenAt} by ${statement.handedInBy} (act ${statement.taken})`],
    ["destroyed", `${formatTicks(entry.time, 0)} by ${statement.by} (act ${entry.index})`],
    ["reason", statement.reason],
    ["vault", statement.vault],
    // One commit: the acts of the objects follow that of the statement.
    ...statement.objects.map(
      (object, at) => ["object", `${object} (act ${entry.index + 1 + at})`] as const,
    ),
  ];
  const lines = [
    "CERTIFICATE OF DESTRUCTION",
    "",
    ...pairs.flatMap(([term, value]) => wrapped(`${term.padEnd(12)}${visible(value)}`, 12)),
    "",
    "What was done",
    ...DONE.flatMap((line) => wrapped(`  ${line}`, 2)),
    "",
    "Acts that remain in the journal",
    ...shown.map(({ entry: index, kind, at }) => `  act ${index}  ${at}  ${kind}`),
    ...(more > 0 ? [`  and ${more} more, in certificate.json`] : []),
    "",
    "What this cannot say",
    ...BEYOND.flatMap((line) => wrapped(`- ${line}`, 2)),
    "",
    "How to check",
    ...wrapped(
      "  proof.json shows that the journal of this vault, signed with its key, names certificate.json. `breakwater verify FOLDER` checks it; docs/formats/custody.md says how to do so without this program.",
      2,
    ),
    "",
    "Signature ______________________________   Name ______________________   Date ____________",
    "",
  ];
  return lines.join("\n");
}

/** Breaks at blanks; further lines stand under the first. */
function wrapped(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) /)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${" ".repeat(indent)}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
