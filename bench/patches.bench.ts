/**
 * How fast claims are held against observations: 10,000 hosts seen weekly for three years, by file versions and by their own logs,
 * against the whole catalogue, in less than 5 seconds. Beside it the plain way, a look at every fix on every day, on a few hosts.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { known } from "../src/base/assert.ts";
import { parseDay, toDay } from "../src/base/day.ts";
import { TICKS_PER_DAY } from "../src/base/time.ts";
import { readCatalogue } from "../src/engines/formats/index.ts";
import { printPatches } from "../src/engines/print/index.ts";
import type { Catalogue, Release, VulnerabilityId } from "../src/model/catalogue.ts";
import type { EventKey } from "../src/model/event.ts";
import type { EvidenceHash } from "../src/model/evidence.ts";
import type { Observation } from "../src/model/observation.ts";
import type { PatchReport } from "../src/model/patch.ts";
import {
  mergeCatalogues,
  parseBuild,
  parsePatchTerms,
  reportPatches,
} from "../src/questions/patched/index.ts";
import { FULL, ledger, ledgerFigures, measure } from "./measure.ts";

const HOSTS = FULL ? 10_000 : 50;
const PLAIN_HOSTS = FULL ? 50 : 5;
const SECONDS_MAX = 5;
const WEEKS = 156;
const START = known(parseDay("2021-01-04"), "a day");
const AS_OF = known(toDay(START + WEEKS * 7), "a day");

const folder = new URL("../knowledge/", import.meta.url);
const parts = ["exchange.json", "windows.json"].map((name) => {
  const read = readCatalogue(readFileSync(new URL(`catalogue/${name}`, folder)));
  if (read.form === null) throw new Error(read.why);
  return read.part;
});
const catalogue = mergeCatalogues(parts);
const terms = parsePatchTerms(JSON.parse(readFileSync(new URL("patching.json", folder), "utf8")));

/** Six builds in their order: what a host goes through that is updated now and then. */
const LINES = [
  ["15.1.2106.6", "15.1.2176.9", "15.1.2242.8", "15.1.2308.14", "15.1.2375.18", "15.1.2507.17"],
  ["15.1.2044.4", "15.1.2044.13", "15.1.2176.12", "15.1.2242.12", "15.1.2308.8", "15.1.2308.20"],
  ["15.2.721.6", "15.2.792.10", "15.2.858.5", "15.2.922.13", "15.2.986.26", "15.2.1118.20"],
  ["15.0.1497.8", "15.0.1497.12", "15.0.1497.15", "15.0.1497.18", "15.0.1497.23", "15.0.1497.48"],
] as const;

function observe(
  host: string,
  text: string,
  days: readonly number[],
  kind: "file-version" | "server-log",
): Observation {
  const sighting = (day: number) => {
    const key = `${"0".repeat(64)}/${host}/${text}/${day}` as EventKey;
    const at = {
      key,
      evidence: "0".repeat(64) as EvidenceHash,
      file: "inventory.csv",
      record: String(day),
      offset: day,
    };
    return { ticks: BigInt(day) * TICKS_PER_DAY, digits: 0, zoneAssumed: null, at };
  };
  return {
    host,
    hostAssumedFrom: "",
    product: "Exchange Server",
    build: parseBuild(text),
    kb: "",
    kind,
    strength: "strong",
    revisionStrength: kind === "file-version" ? "strong" : "weak",
    source: kind === "file-version" ? "FileVersionInfo" : "HttpProxy",
    basis: "",
    first: sighting(days[0] ?? START),
    last: sighting(days.at(-1) ?? START),
    days,
    records: days.length,
    notAfter: null,
  };
}

/** Hosts of one line are updated in weeks of their own; logs name each build from the first day, files are looked at weekly. */
function observationsOf(hosts: number): Observation[] {
  return Array.from({ length: hosts }, (_, at) => at).flatMap((at) => {
    const host = `MX${String(at).padStart(5, "0")}`;
    const line = LINES[at % LINES.length] ?? LINES[0];
    return line.flatMap((text, nth) => {
      const change = (after: number) => after * 26 + ((at * 7) % 19) * Math.sign(after % 6);
      const weeks = Array.from({ length: WEEKS }, (_, week) => week).filter(
        (week) => week >= change(nth) && (nth === 5 || week < change(nth + 1)),
      );
      const days = weeks.map((week) => START + week * 7 + (at % 5));
      return [observe(host, text, days, "file-version"), observe(host, text, days, "server-log")];
    });
  });
}

function told({ hosts, items }: PatchReport): string {
  const days = items.reduce(
    (sum, { exposure }) => sum + (exposure?.daysMin ?? 0) + (exposure?.daysMax ?? 0),
    0,
  );
  return `${hosts.length} ${items.length} ${days} ${hosts
    .slice(0, 4)
    .map(({ unfixed, critical, unknown }) => `${unfixed}/${critical}/${unknown}`)
    .join()}`;
}

/** The plain way: every release is looked through for every vulnerability on every day of every host. */
function lookPlainly({ releases }: Catalogue, observations: readonly Observation[]): string {
  const ids = [...new Set(releases.flatMap(({ fixes }) => fixes))];
  const windows: number[] = [];
  for (const { build, days, revisionStrength } of observations) {
    if (revisionStrength !== "strong") continue;
    const [major, minor, third = 0, fourth = 0] = build?.numbers ?? [];
    const own = releases.filter(
      (release) => release.build[0] === major && release.build[1] === minor,
    );
    for (const day of days)
      windows.push(ids.filter((id) => lacks(own, id, third, fourth, day)).length);
  }
  return `${windows.length} ${windows.reduce((a, b) => a + b, 0)}`;
}

function lacks(
  own: readonly Release[],
  id: VulnerabilityId,
  third: number,
  fourth: number,
  day: number,
): boolean {
  const fixing = own.filter(({ fixes, released }) => released.latest <= day && fixes.includes(id));
  const within = fixing.filter(({ build }) => build[2] === third);
  return within.length > 0
    ? fourth < Math.min(...within.map(({ build }) => build[3]))
    : fixing.length > 0 && third < Math.min(...fixing.map(({ build }) => build[2]));
}

const ask = (observations: readonly Observation[]) =>
  reportPatches({
    catalogue,
    observations,
    claims: [],
    hosts: [],
    seenHosts: [],
    terms,
    asOf: AS_OF,
  });

test("hosts seen weekly for three years against the whole catalogue", () => {
  const observations = observationsOf(HOSTS);
  const few = observationsOf(PLAIN_HOSTS);
  const plain = measure(
    "patches: the plain way, hosts",
    () => ({ amount: PLAIN_HOSTS, result: lookPlainly(catalogue, few) }),
    1,
  );
  const before = process.memoryUsage().rss;
  const measured = measure(
    "patches: hosts judged",
    () => ({ amount: HOSTS, result: told(ask(observations)) }),
    FULL ? 3 : 1,
  );
  const ratio = measured.perSecond / plain.perSecond;
  const heldMb = (process.memoryUsage().rss - before) / 1e6;
  ledger(measured, {
    seconds_of_10_000: Number((10_000 / measured.perSecond).toPrecision(3)),
    times_plain: Number(ratio.toPrecision(3)),
  });
  process.stdout.write(
    `bench: patches: ${ratio.toFixed(0)} times the plain way, ${heldMb.toFixed(0)} MB more held\n`,
  );
  expect(ratio).toBeGreaterThan(FULL ? 20 : 1);
  expect(FULL ? HOSTS / measured.perSecond : 0).toBeLessThan(SECONDS_MAX);
});

test("the report as JSON, a line at a time", () => {
  const report = ask(observationsOf(HOSTS));
  const before = process.memoryUsage().rss;
  let bytes = 0;
  let lines = 0;
  const start = process.cpuUsage();
  for (const line of printPatches(report)) {
    bytes += line.length;
    lines++;
  }
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  ledgerFigures("patches: the report of all hosts printed", {
    hosts: HOSTS,
    items: report.items.length,
    lines,
    megabytes: bytes / 1e6,
    cpu_seconds: seconds,
    megabytes_per_second: bytes / 1e6 / seconds,
    more_rss_mb: (process.memoryUsage().rss - before) / 1e6,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
  });
  expect(lines).toBeGreaterThan(report.items.length);
});
