/** The sentences of findings of verdicts. Refuses to name an actor: an antivirus sees files, accounts and programs, never who sent them. */
import { count, list, spell } from "../../engines/wording/index.ts";
import type { FindingCounts } from "../../model/finding.ts";

/** Files by class, in the order in which they are told: what is counted, one of it, several. */
const CLASSES = [
  ["shells", "page in a web folder", "pages in web folders"],
  ["compiled", "compiled piece", "compiled pieces"],
  ["tools", "program or script", "programs or scripts"],
  ["archives", "archive", "archives"],
  ["others", "other", "others"],
] as const;

/** `: 54 files (20 pages in web folders, 22 compiled pieces and 12 programs or scripts)`; nothing where no file is named. */
export function inFiles(counts: FindingCounts): string {
  const files = counts["files"] ?? 0;
  if (files === 0) return "";
  const classes = CLASSES.flatMap(([name, one, many]) => {
    const number = counts[name] ?? 0;
    return number === 0 ? [] : [count(number, one, many)];
  });
  // Files that no class knows need no class.
  const inClasses = counts["others"] === files ? "" : ` (${list(classes)})`;
  return `: ${count(files, "file")}${inClasses}`;
}

/** What was done, and what is counted less finely than it stands in the records. */
export function outcomeWords(counts: FindingCounts): readonly string[] {
  const { failed = 0, shadowCopies = 0, withoutFile = 0, leftOut = 0 } = counts;
  return [
    failed === 0 ? [] : [`an action on ${count(failed, "of them failed", "of them failed")}`],
    withoutFile === 0 ? [] : [`${count(withoutFile, "threat")} without a file`],
    shadowCopies === 0
      ? []
      : [`${count(shadowCopies, "shadow copy", "shadow copies")} counted with their files`],
    leftOut === 0
      ? []
      : [`${count(leftOut, "record names", "records name")} more files than are counted here`],
  ].flat();
}

/** What "actor" rests on: accounts and processes that the verdicts name. */
export function actorWords({ users = 0, processes = 0 }: FindingCounts): string {
  if (users + processes === 0) return "no account and no process is named";
  const named = [
    ...(processes === 0 ? [] : [count(processes, "process", "processes")]),
    ...(users === 0 ? [] : [count(users, "account")]),
  ];
  return `${list(named)} ${users + processes === 1 ? "is" : "are"} named: which clients stood behind them no antivirus tells`;
}

/** Phrases as one text; what is null is left out. */
export function sentence(phrases: readonly (string | null)[]): string {
  return phrases.filter((phrase) => phrase !== null).join("; ");
}

/** A host in a sentence. */
export function onHost(host: string): string {
  return host === "" ? "a host that nothing names" : spell(host);
}

/** A text that begins a sentence. */
export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
