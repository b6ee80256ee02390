/** Where in its work a program was when it was killed, as the files that it left tell. For the summary only. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "./home.ts";
import { type JournalSeen, seeJournal } from "./journal.ts";

/** One phrase for people; `before` is the journal as it was when the program began. */
export function phaseOf(home: Home, before: JournalSeen): string {
  const { vault } = home;
  if (!existsSync(vault) || readdirSync(vault).length === 0) return "before anything was there";
  if (!home.isVault) return "while the vault was made";
  if (existsSync(join(vault, "derived.removing"))) return "while derived/ was removed";
  const journal = seeJournal(vault);
  if (journal.hasUnacknowledged) return "inside a commit of the journal";
  const files = home.files();
  if (files.some((path) => path.startsWith("objects/tmp/"))) return "while an object was sealed";
  if (isExpanding(files)) return "while an archive was expanded";
  if (files.some((path) => /^derived\/.*(\.new|\.partial)$/.test(path)))
    return "while derived/ was written";
  const last = journal.acts.slice(before.acts.length).at(-1)?.kind;
  if (last !== undefined) return `after its act ${last}`;
  return journal.owner === before.owner
    ? "before it owned the vault"
    : "owning the vault, before any act";
}

/** Whether a folder of members has no index yet. */
function isExpanding(files: readonly string[]): boolean {
  const folders = files.flatMap((path) => /^derived\/members\/[^/]+/.exec(path) ?? []);
  return folders.some((folder) => !files.includes(`${folder}/index.json`));
}
