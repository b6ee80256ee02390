/** Observations and claims for trials, and the catalogue that comes with the program. */
import { readFileSync } from "node:fs";
import { known } from "../../base/assert.ts";
import { type Day, parseDay } from "../../base/day.ts";
import { UNDATED, parseTime } from "../../base/time.ts";
import { readCatalogue } from "../../engines/formats/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { Catalogue, CataloguePart } from "../../model/catalogue.ts";
import type { Claim } from "../../model/claim.ts";
import type { EventKey } from "../../model/event.ts";
import type { EvidenceHash } from "../../model/evidence.ts";
import type { Observation, ObservationKind, Sighting } from "../../model/observation.ts";
import type { PatchItem, PatchReport } from "../../model/patch.ts";
import { parseBuild } from "./build.ts";
import { mergeCatalogues } from "./catalogue.ts";
import { reportPatches } from "./report.ts";
import { parseStrengths } from "./strengths.ts";
import { parsePatchTerms } from "./terms.ts";

const folder = new URL("../../../knowledge/", import.meta.url);

function jsonOf(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8"));
}

function partOf(name: string): CataloguePart {
  const read = readCatalogue(readFileSync(new URL(`catalogue/${name}`, folder)));
  if (read.form === null) throw new Error(read.why);
  return read.part;
}

/** What the program ships. */
export const SHIPPED: Catalogue = mergeCatalogues([
  partOf("exchange.json"),
  partOf("windows.json"),
]);
export const TERMS = parsePatchTerms(jsonOf("patching.json"));
const STRENGTHS = parseStrengths(jsonOf("observations.json"));

/** A real day. */
export function dayOf(text: string): Day {
  return known(parseDay(text), `${text} is a day`);
}

/** `2021-08-20`, or with a time; "" is undated. */
function sightingOf(at: string, record: string): Sighting {
  const key = `e/${record}/${at}` as EventKey;
  const ticks = at === "" ? UNDATED : known(parseTime(at), `${at} is a time`).ticks;
  const reference = { key, evidence: "e" as EvidenceHash, file: "f", record: "1", offset: 0 };
  return { ticks, digits: 0, zoneAssumed: null, at: reference };
}

/** A build seen on one day, or from one day to another, with the strength that its kind has; no build where the text is "". */
export function seen(
  build: string,
  at: string | readonly [string, string],
  kind: ObservationKind = "file-version",
  more: Partial<Observation> = {},
): Observation {
  const { strength, revisionStrength } = known(STRENGTHS.get(kind), "every kind has a strength");
  const [from, to] = typeof at === "string" ? [at, at] : at;
  const [first, last] = [sightingOf(from, build), sightingOf(to, build)];
  const days = [first, last].flatMap(({ ticks }) =>
    ticks === UNDATED ? [] : [Number(ticks / 864_000_000_000n)],
  );
  return {
    host: "MX1",
    hostAssumedFrom: "",
    product: "Exchange Server",
    build: build === "" ? null : parseBuild(build),
    kb: "",
    kind,
    strength,
    revisionStrength,
    source: kind,
    basis: "Basis.",
    first,
    last,
    days: [...new Set(days)],
    records: 1,
    notAfter: null,
    ...more,
  };
}

/** `MX1: KB5001779 installed`, said by the provider; at "": nobody says when. */
export function claimOf(kb: string, claim: string, at: string, more: Partial<Claim> = {}): Claim {
  return {
    host: "MX1",
    product: "Exchange Server",
    kb,
    claim,
    by: "Provider",
    at: at === "" ? null : known(parseTime(at), `${at} is a time`).ticks,
    digits: 0,
    atText: at,
    reference: "",
    lacks: [],
    more: {},
    file: "claims.csv",
    record: "2",
    offset: 0,
    ...more,
  };
}

/** What a trial asks. */
export interface Asked {
  readonly asOf?: string;
  readonly claims?: readonly Claim[];
  readonly hosts?: readonly CaseHost[];
  readonly seenHosts?: readonly string[];
  readonly catalogue?: Catalogue;
}

/** The report on observations as of a day; of 2021-08-20 unless said. */
export function ask(observations: readonly Observation[], asked: Asked = {}): PatchReport {
  const {
    asOf = "2021-08-20",
    claims = [],
    hosts = [],
    seenHosts = [],
    catalogue = SHIPPED,
  } = asked;
  return reportPatches({
    catalogue,
    observations,
    claims,
    hosts,
    seenHosts,
    terms: TERMS,
    asOf: dayOf(asOf),
  });
}

/** The item in which a vulnerability stands. */
export function itemOf(report: PatchReport, id: string, host = "MX1"): PatchItem {
  const items = report.items.filter(
    (item) => item.host === host && item.vulnerabilities.some((each) => each.id === `CVE-${id}`),
  );
  return known(items[0], `${id} stands in an item of ${host}`);
}

/** `missing`, `fixed`: the verdict on a vulnerability. */
export function verdictOn(report: PatchReport, id: string, host = "MX1"): string {
  return itemOf(report, id, host).verdict;
}

/** All vulnerabilities of a verdict, without `CVE-`. */
export function idsOf(report: PatchReport, verdict: string): string[] {
  return report.items
    .filter((item) => item.verdict === verdict)
    .flatMap(({ vulnerabilities }) => vulnerabilities.map(({ id }) => id.replace("CVE-", "")))
    .sort();
}
