/**
 * The journal as an observer without the program sees it: the lines under the last whole checkpoint are acknowledged
 * (docs/formats/journal.md). Refuses to check signatures: `breakwater verify` does.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const NOTE = /breakwater\/[0-9a-f]{32}\n(\d+)\n\S+\n\n— \S+ \S+\n/y;

/** What is acknowledged, as the bytes that no later run may change; and what came after it. */
export interface JournalSeen {
  readonly entries: string;
  readonly checkpoints: string;
  /** Acts of the acknowledged entries, in order. */
  readonly acts: readonly {
    readonly kind: string;
    readonly time: string;
    readonly subject: string;
  }[];
  /** What run/owner says of who owned the vault last. */
  readonly owner: string;
  /** Whether anything lies behind the last whole checkpoint: a commit was under way. */
  readonly hasUnacknowledged: boolean;
}

/** The journal of a vault as it lies on the disk now; empty where there is none. */
export function seeJournal(vault: string): JournalSeen {
  const checkpoints = textOf(join(vault, "journal", "checkpoints"));
  const entries = textOf(join(vault, "journal", "entries"));
  let size = 0;
  let end = 0;
  NOTE.lastIndex = 0;
  for (let note = NOTE.exec(checkpoints); note !== null; note = NOTE.exec(checkpoints)) {
    size = Number(note[1]);
    end = NOTE.lastIndex;
  }
  const lines = entries.split("\n").slice(0, size);
  const text = lines.map((line) => `${line}\n`).join("");
  return {
    entries: text,
    checkpoints: checkpoints.slice(0, end),
    acts: lines.filter((line) => line !== "").map((line) => JSON.parse(line)),
    owner: textOf(join(vault, "run", "owner")),
    hasUnacknowledged: end < checkpoints.length || text.length < entries.length,
  };
}

/** What of `before` is not in `after` any more, or null. */
export function lostBetween(before: JournalSeen, after: JournalSeen): string | null {
  if (after.entries.startsWith(before.entries) && after.checkpoints.startsWith(before.checkpoints))
    return null;
  return `acknowledged entries are gone or changed: ${before.acts.length} were there, now ${after.acts.length}`;
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
