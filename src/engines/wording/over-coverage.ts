/** The words for what was looked at. Every "not seen" carries them, so that no absence claims more than was there. */
import { readableSpan } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import type { Gap, SourceCoverage } from "../../model/coverage.ts";
import { type FormatId, NOT_OF_A_HOST } from "../../model/evidence.ts";
import { count, spell } from "./words.ts";

const FORMAT_WORDS: Readonly<Record<FormatId, string>> = {
  "audit-xml": "audit log export",
  nmap: "nmap scan",
  systeminfo: "systeminfo listing",
  clixml: "PowerShell export",
  clamav: "ClamAV log",
  evtx: "event log",
  exchange: "Exchange log",
  "exchange-setup": "Exchange setup log",
  "http-headers": "response header",
  iis: "IIS",
  mplog: "Defender protection log",
  ncsa: "access log",
  task: "scheduled task",
  mft: "master file table",
  usn: "change journal",
  m365: "Microsoft 365",
  mail: "mail",
  registry: "registry key",
  plaso: "plaso timeline",
  syslog: "syslog",
  table: "table",
  timesketch: "Timesketch timeline",
  "windows-json": "exported event log",
};

/** Sources that one sentence names; the rest are counted. */
const NAMED_MAX = 6;

/** A source as people call it: `MX1 W3SVC1`; says so where host or site have no name. */
export function callSource(source: Pick<SourceCoverage, "host" | "channel">): string {
  const host = source.host === "" ? "an unnamed host" : spell(source.host);
  return source.channel === "" ? host : `${host} ${spell(source.channel)}`;
}

/**
 * What the sources cover, to be read after "not seen": `in 182,344 IIS records of MX1 W3SVC1 from
 * 2021-06-01T00:00:03Z to …, with 11 days missing`. The largest first; the order given does not matter.
 */
export function overCoverage(sources: readonly SourceCoverage[]): string {
  if (sources.length === 0) return "over no log whose coverage was followed";
  const largest = sources.toSorted(
    (a, b) =>
      b.events - a.events ||
      byCodeUnits(callSource(a), callSource(b)) ||
      byCodeUnits(a.format, b.format),
  );
  const named = largest.slice(0, NAMED_MAX).map(overSource);
  const rest = largest.slice(NAMED_MAX);
  if (rest.length > 0) {
    const events = rest.reduce((sum, source) => sum + source.events, 0);
    named.push(`in ${count(events, "record")} of ${count(rest.length, "further log")}`);
  }
  return named.join("; ");
}

function overSource(source: SourceCoverage): string {
  const records = count(source.events, `${FORMAT_WORDS[source.format]} record`);
  const isNobodys = source.host === "" && NOT_OF_A_HOST.has(source.format);
  const of = isNobodys ? `in ${records}` : `in ${records} of ${callSource(source)}`;
  const dated = source.events - source.undated;
  if (dated === 0) return `${of}, none of them dated`;
  const undated = source.undated > 0 ? `, ${count(source.undated, "record")} undated` : "";
  const holes =
    source.gaps.length > 0
      ? `, with ${readableSpan(missingTicks(source.gaps))} missing`
      : source.rhythm === null
        ? ", too little to tell whether any are missing"
        : "";
  return `${of} from ${spell(source.first)} to ${spell(source.last)}${undated}${holes}`;
}

/** The length of the gaps together; what two of them share counts once. */
function missingTicks(gaps: readonly Gap[]): bigint {
  let missing = 0n;
  let reached: bigint | null = null;
  for (const { from, to } of gaps.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const start: bigint = reached !== null && reached > from ? reached : from;
    if (to > start) missing += to - start;
    reached = reached === null || to > reached ? to : reached;
  }
  return missing;
}
