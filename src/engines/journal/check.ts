/**
 * Says what in a journal is not as it was signed: altered, removed, added, reordered, cut, or rolled back.
 * Needs no key but the public one. Refuses to guess: where the tree cannot tell which entry, it names the range.
 */
import { sameBytes } from "../../base/bytes.ts";
import { readAll } from "../../base/source.ts";
import type { Source } from "../../base/source.ts";
import type { JournalEntry } from "../../model/act.ts";
import { alignLines } from "./align.ts";
import type { FoundLine, Misfit } from "./align.ts";
import { CHECKPOINTS_BYTES_MAX, readNote, splitNotes, verifyCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { parseEntry } from "./entry.ts";
import { readLines } from "./lines.ts";
import { MerkleTree, leafHash } from "./tree.ts";
import type { Hash } from "./tree.ts";

/** What is wrong, where, and which entries (first, last) it can be. */
export interface JournalTrouble {
  readonly what: "altered" | "removed" | "added" | "reordered" | "truncated" | "rolled-back";
  readonly file: "entries" | "checkpoints" | "kept";
  readonly offset: number | null;
  readonly entries: readonly [number, number] | null;
  readonly message: string;
}

/** What checkJournal found. */
export interface JournalCheck {
  readonly troubles: readonly JournalTrouble[];
  /** Lines or bytes after the last checkpoint: nobody acknowledged them. A crash leaves some; so does a hand. */
  readonly unfinished: readonly JournalTrouble[];
  /** Every entry that could be read, by line; which of them are proven is what troubles say. */
  readonly entries: readonly JournalEntry[];
  /** Checkpoints with a valid signature. */
  readonly checkpoints: number;
  readonly last: Checkpoint | null;
}

/** What a journal is held against. */
export interface CheckSettings {
  readonly origin: string;
  readonly publicKey: Uint8Array;
  /** Checkpoints kept elsewhere, with a word for where. */
  readonly kept: readonly { readonly checkpoint: Checkpoint; readonly where: string }[];
}

/** Checks a whole journal. Content never throws; memory grows with the number of entries. */
export function checkJournal(
  entriesSource: Source,
  checkpointsSource: Source,
  settings: CheckSettings,
): JournalCheck {
  const troubles: JournalTrouble[] = [];
  const unfinished: JournalTrouble[] = [];
  const signed = readCheckpoints(checkpointsSource, settings, troubles, unfinished);
  const checkpointsSound = troubles.length === 0;
  const last = signed.at(-1) ?? null;
  const size = last?.size ?? 0;
  const { lines, entries } = readFound(entriesSource);
  const tree = treeOf(lines);
  const proven =
    tree.size >= size && signed.every((bound) => sameBytes(tree.root(bound.size), bound.root));

  const kept = settings.kept.filter(({ checkpoint, where }) => {
    const ours = verifyCheckpoint(checkpoint, settings.origin, settings.publicKey);
    if (!ours) troubles.push(keptTrouble("altered", `${where} is not signed by this vault`));
    return ours;
  });
  if (!proven) {
    // A kept checkpoint bounds what was altered as well as one of the journal's own does.
    const bounds = [...signed, ...kept.map(({ checkpoint }) => checkpoint)]
      .filter((bound) => bound.size <= size)
      .sort((left, right) => left.size - right.size);
    troubles.push(...explain(lines, size, bounds));
  }
  let covered = size;
  for (const { checkpoint, where } of kept) {
    const known = signed.find((own) => own.size === checkpoint.size)?.root;
    const ours =
      known ?? (proven && checkpoint.size <= tree.size ? tree.root(checkpoint.size) : null);
    const trouble = compareKept(checkpoint, where, size, Math.max(size, lines.length), ours);
    if (trouble !== null) troubles.push(trouble);
    if (trouble !== null && ours !== null) covered = Math.max(covered, checkpoint.size);
  }
  const after = lines[covered];
  if (after !== undefined && proven && checkpointsSound)
    unfinished.push(tailTrouble(lines.length - covered, covered, after.offset));
  return { troubles, unfinished, entries, checkpoints: signed.length, last };
}

function readFound(source: Source): { lines: FoundLine[]; entries: JournalEntry[] } {
  const lines: FoundLine[] = [];
  const entries: JournalEntry[] = [];
  for (const { text, offset, whole } of readLines(source)) {
    const entry = text === null || !whole ? null : parseEntry(text);
    if (entry !== null) entries.push(entry);
    lines.push({ offset, whole, index: entry?.index ?? null, leaf: leafHash(text ?? "") });
  }
  return { lines, entries };
}

/** The tree over the first lines, as far as line i is entry i. */
function treeOf(lines: readonly FoundLine[]): MerkleTree {
  const tree = new MerkleTree();
  for (const line of lines) {
    if (line.index !== tree.size) break;
    tree.append(line.leaf);
  }
  return tree;
}

function keptTrouble(what: JournalTrouble["what"], message: string): JournalTrouble {
  return { what, file: "kept", offset: null, entries: null, message };
}

function tailTrouble(count: number, first: number, offset: number): JournalTrouble {
  const message =
    `${count} line(s) from entry ${first} on are under no checkpoint: added by hand, ` +
    "or left by a crash (the next start then cuts them off)";
  return { what: "added", file: "entries", offset, entries: [first, first + count - 1], message };
}

/** Checkpoints that are signed, ours and growing; every other becomes a trouble. */
function readCheckpoints(
  source: Source,
  settings: CheckSettings,
  troubles: JournalTrouble[],
  unfinished: JournalTrouble[],
): Checkpoint[] {
  const say = (
    list: JournalTrouble[],
    what: JournalTrouble["what"],
    offset: number,
    message: string,
  ) => list.push({ what, file: "checkpoints", offset, entries: null, message });
  if (source.byteLength > CHECKPOINTS_BYTES_MAX) {
    say(troubles, "added", CHECKPOINTS_BYTES_MAX, "longer than any journal's checkpoints");
    return [];
  }
  const signed: Checkpoint[] = [];
  let number = 0;
  for (const { bytes, offset, whole } of splitNotes(readAll(source))) {
    const checkpoint = whole ? readNote(bytes) : null;
    if (!whole) {
      say(unfinished, "truncated", offset, `checkpoint ${number} is cut short`);
    } else if (
      checkpoint === null ||
      !verifyCheckpoint(checkpoint, settings.origin, settings.publicKey)
    ) {
      say(troubles, "altered", offset, `checkpoint ${number} is not as it was signed`);
    } else if (checkpoint.size <= (signed.at(-1)?.size ?? 0)) {
      say(
        troubles,
        "reordered",
        offset,
        `checkpoint ${number} states no larger tree than one before it`,
      );
    } else {
      signed.push(checkpoint);
    }
    number++;
  }
  return signed;
}

/** What happened to lines that do not fit: first what their own numbers tell, then what the roots tell. */
function explain(
  lines: readonly FoundLine[],
  size: number,
  bounds: readonly Checkpoint[],
): JournalTrouble[] {
  const { misfits, byIndex } = alignLines(lines, size);
  const troubles = misfits.map(misfitTrouble);
  const tree = new MerkleTree();
  let proven = 0;
  for (const { size: bound, root } of bounds) {
    while (tree.size < bound) {
      const leaf = byIndex[tree.size]?.leaf;
      if (leaf === undefined) return withRest(troubles, tree.size + 1, size);
      tree.append(leaf);
    }
    if (sameBytes(tree.root(bound), root)) {
      proven = bound;
      continue;
    }
    const named = misfits.some(({ first, last }) => first < bound && last >= proven);
    if (!named) troubles.push(rangeTrouble(proven, bound - 1, byIndex[proven]?.offset ?? null));
    return withRest(troubles, bound, size);
  }
  return troubles;
}

function misfitTrouble({ what, first, last, offset }: Misfit): JournalTrouble {
  const which = first === last ? `entry ${first}` : `entries ${first} to ${last}`;
  const happened = {
    altered: "no longer a line that this program writes",
    removed: "missing",
    truncated: "cut off at the end",
    added: "preceded by a line in excess",
    reordered: "out of place",
  }[what];
  const message = `${which}: ${happened}`;
  return { what, file: "entries", offset, entries: [first, last], message };
}

function rangeTrouble(first: number, last: number, offset: number | null): JournalTrouble {
  const message =
    first === last
      ? `entry ${first} is not as it was signed`
      : `one of the entries ${first} to ${last}, which were signed together, is not as it was signed`;
  return { what: "altered", file: "entries", offset, entries: [first, last], message };
}

/** Roots after a wrong or missing leaf prove nothing: say so once, on the last trouble named. */
function withRest(troubles: JournalTrouble[], first: number, size: number): JournalTrouble[] {
  const named = troubles.at(-1);
  if (named === undefined || first >= size) return troubles;
  const rest = `; entries ${first} to ${size - 1} can therefore not be proven by the tree`;
  return [...troubles.slice(0, -1), { ...named, message: named.message + rest }];
}

/** Whether a checkpoint kept elsewhere still leads to this journal, whose root at its size is `root`. */
function compareKept(
  kept: Checkpoint,
  where: string,
  size: number,
  lines: number,
  root: Hash | null,
): JournalTrouble | null {
  const states = `${where} states ${kept.size} entries`;
  if (kept.size > lines)
    return keptTrouble("rolled-back", `${states}, the journal holds ${lines}: it was rolled back`);
  if (root !== null && !sameBytes(root, kept.root))
    return keptTrouble(
      "rolled-back",
      `${states} that are not the first ${kept.size} of this journal: it was rolled back and continued`,
    );
  if (kept.size > size)
    return keptTrouble(
      "rolled-back",
      `${states}, the journal's last checkpoint ${size}: checkpoints were removed`,
    );
  return null;
}
