/** A tie in a few words: what two records name, and where a name holds for a while only, how far they are apart. */
import { readableSpan, TICKS_PER_SECOND } from "../../../base/time.ts";
import { count, spell } from "../../../engines/wording/index.ts";
import type { JoinRecord } from "./record.ts";
import type { Tie } from "./ties.ts";

/** Enough of a request id to find it again. */
const ID_CHARS = 8;

/** `request id 1f0c2b3a…`, `page fpyn.aspx`, `account and 40 seconds`. */
export function tellTie(
  { kind, name, earlier, later }: Tie,
  records: readonly JoinRecord[],
): string {
  const [from, to] = [
    records[earlier]?.detection.ticks ?? 0n,
    records[later]?.detection.ticks ?? 0n,
  ];
  const apart = tellSpan(to - from);
  switch (kind) {
    case "request id":
      return `request id ${spell(name.slice(0, ID_CHARS))}…`;
    case "page":
      return `page ${spell(name.slice(name.lastIndexOf("/") + 1))}`;
    case "process":
      return `process id ${name} and ${apart}`;
    case "directory":
      return `virtual directory and ${apart}`;
    case "mailbox":
      return `export of ${spell(name)} and ${apart}`;
    case "account":
      return `account and ${apart}`;
    case "client":
      return `client ${spell(name)} and ${apart}`;
    case "use":
      return `time alone: page ${spell(name.slice(name.lastIndexOf("/") + 1))} was in use`;
    case "time":
      return `time alone, ${apart}`;
  }
}

function tellSpan(span: bigint): string {
  const seconds = Number(span / TICKS_PER_SECOND);
  if (seconds < 1) return "less than a second";
  return seconds < 60 ? count(seconds, "second") : readableSpan(span);
}
