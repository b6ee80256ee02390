/**
 * What became of every fix as JSON: the shape of `patches` and of /api/patches, a line at a time, since thousands of hosts have
 * hundreds of thousands of items. Days are ISO dates, times ISO 8601 in UTC.
 */
import { type Day, formatDay } from "../../base/day.ts";
import { inertJson } from "../../base/text.ts";
import { formatTicks, toTicks } from "../../base/time.ts";
import type { Claim } from "../../model/claim.ts";
import type {
  Contradiction,
  Exposure,
  HostPatches,
  MeasuredClaim,
  PatchItem,
  PatchReport,
  PublicFact,
  VulnerabilityState,
} from "../../model/patch.ts";

/** The report as lines that make one JSON document together. */
export function* printPatches(report: PatchReport): Generator<string> {
  yield `{"as_of":${JSON.stringify(formatDay(report.asOf))},"hosts":[`;
  yield* rows(report.hosts, (host) => inert(hostJson(host)));
  yield '],"items":[';
  const parts = new Map<object, string>();
  yield* rows(report.items, (item) => itemText(item, parts));
  yield '],"statements":[';
  yield* rows(report.measured, (measured) => inert(measuredJson(measured)));
  yield '],"contradictions":[';
  yield* rows(report.contradictions, (each) => inert(contradictionJson(each)));
  yield `],"unknown":${inert(report.unknown)},"catalogue_age_days":${report.catalogueAgeDays}}`;
}

function* rows<T>(things: readonly T[], text: (thing: T) => string): Generator<string> {
  for (const [at, thing] of things.entries())
    yield `${text(thing)}${at === things.length - 1 ? "" : ","}`;
}

/** What hosts of one build share is written once and copied: most of an item. About 200 MB/s. */
function itemText(item: PatchItem, parts: Map<object, string>): string {
  const { known, vulnerabilities } = item;
  const facts = part(parts, known, () => known.map(factJson));
  const states = part(parts, vulnerabilities, () => vulnerabilities.map(stateJson));
  const [before, after] = [inert(headJson(item)), inert(tailJson(item))];
  return `${before.slice(0, -1)},"known":${facts},"vulnerabilities":${states},${after.slice(1)}`;
}

function part(parts: Map<object, string>, key: object, json: () => unknown): string {
  const before = parts.get(key);
  if (before !== undefined) return before;
  const text = inert(json());
  if (parts.size < PARTS_MAX) parts.set(key, text);
  return text;
}

/** A report whose items share nothing must not be kept twice. */
const PARTS_MAX = 4_096;

function factJson({ day: on, what, text }: PublicFact): unknown {
  return { day: formatDay(on), what, text };
}

function stateJson({ lentBy, epss, ...state }: VulnerabilityState): unknown {
  return {
    ...state,
    lent_by: lentBy === "" ? null : lentBy,
    epss: epss === null ? null : { score: epss.score, day: formatDay(epss.day) },
  };
}

function contradictionJson({ kind, host, text, at, isPast }: Contradiction): unknown {
  const places = at.map(({ evidence, file, record, offset }) => ({
    evidence,
    file,
    record,
    offset,
  }));
  return { kind, host, past: isPast === true, text, at: places };
}

function inert(value: unknown): string {
  return inertJson(JSON.stringify(value));
}

function hostJson(host: HostPatches): unknown {
  const { next } = host;
  return {
    host: host.host,
    product: host.product,
    build: host.build === "" ? null : host.build,
    observed_at: time(host.observedAt),
    strength: host.strength,
    revision_strength: host.revisionStrength,
    unfixed: host.unfixed,
    critical: host.critical,
    unknown: host.unknown,
    builds: host.spans.map(({ build, first, last, strength, revisionStrength, observation }) => ({
      build: build.text,
      source: observation.source,
      from: day(first),
      to: day(last),
      strength,
      revision_strength: revisionStrength,
    })),
    next,
    remarks: host.remarks.map(({ kind, text }) => ({ kind, text })),
  };
}

function headJson(item: PatchItem): unknown {
  const [claim] = item.claims;
  return {
    host: item.host,
    product: item.product,
    build: item.build === "" ? null : item.build,
    observed_at: time(item.observedAt),
    strength: item.strength,
    kb: item.kb === "" ? null : item.kb,
    update: item.update === "" ? null : item.update,
    kbs: item.kbs,
    cves: item.vulnerabilities.map(({ id }) => id),
    severity: item.severity,
    rank: item.rank,
    released: day(item.released),
    verdict: item.verdict,
    requires: item.requires,
    claim: claim === undefined ? null : claimJson(claim),
    claims: item.claims.map(claimJson),
    excuses: item.excuses,
    exposure: item.exposure === null ? null : exposureJson(item.exposure),
    deadline:
      item.deadline === null
        ? null
        : {
            rule: item.deadline.rule,
            due: formatDay(item.deadline.due),
            days_late: item.deadline.daysLate,
          },
  };
}

function tailJson({ why, at: [place] }: PatchItem): unknown {
  return {
    why,
    evidence: place?.evidence ?? null,
    file: place?.file ?? null,
    record: place?.record ?? null,
    offset: place?.offset ?? null,
  };
}

function exposureJson(exposure: Exposure): unknown {
  return {
    from: formatDay(exposure.from),
    to: exposure.to === null ? null : exposure.to.map(formatDay),
    days_min: exposure.daysMin,
    days_max: exposure.daysMax,
    exploited_days: exposure.exploitedDaysMin,
    exploited_days_max: exposure.exploitedDaysMax,
    days_without_fix: exposure.daysWithoutFix,
  };
}

function claimJson(claim: Claim): unknown {
  const { host, product, kb, by, reference, file, record, offset } = claim;
  return {
    host,
    product,
    kb,
    claim: claim.claim,
    by,
    at: claim.at === null ? null : formatTicks(claim.at, claim.digits),
    reference,
    file,
    record,
    offset,
  };
}

function measuredJson({ claim, reads, verdict, why }: MeasuredClaim): unknown {
  return { claim: claimJson(claim), reads, verdict, why };
}

function day(given: Day | null): string | null {
  return given === null ? null : formatDay(given);
}

function time(given: bigint | null): string | null {
  const ticks = given === null ? null : toTicks(given);
  return ticks === null ? null : formatTicks(ticks, 0);
}
