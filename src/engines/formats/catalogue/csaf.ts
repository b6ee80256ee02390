/**
 * A security advisory in the Common Security Advisory Framework, MSRC's or another maker's: which versions fix what. Refuses
 * vulnerabilities without an id. Spec: CSAF 2.0 (OASIS, 2022-11-18), 3.2; MSRC's use of it in docs/formats/catalogue.md.
 */
import type { Day } from "../../../base/day.ts";
import type { Exploitation, VulnerabilityId } from "../../../model/catalogue.ts";
import {
  type AdvisoryProduct,
  type AdvisoryProducts,
  productsOf,
  textsOf,
} from "./csaf-products.ts";
import { dayOfIso } from "./day-of-text.ts";
import { FixList, fourNumbers, severityOf, untold, updateNamed } from "./fix-list.ts";
import { listOf, textOf, within } from "./json-tree.ts";
import { NO_DAY, type PartRead, type Refusal, Tally, partRead, sourceOf } from "./reading.ts";
import { toVulnerabilityId } from "./vulnerability-id.ts";

/** What holds for a whole advisory. */
interface Advisory {
  readonly title: string;
  readonly maker: string;
  readonly id: string;
  /** The rating of the whole; "" where it speaks of several vulnerabilities, since it is that of the worst. */
  readonly severity: string;
  /** Of its first issue, and of this one. */
  readonly issued: Day | null;
  readonly revised: Day;
  readonly products: AdvisoryProducts;
}

/** Whether a parsed JSON file is an advisory. */
export function isCsaf(json: unknown): boolean {
  const version = within(json, "document", "csaf_version");
  return textOf(version) !== "" || within(json, "document", "tracking", "id") !== undefined;
}

/** An advisory of the day of its last revision, or of the stated one. */
export function readCsaf(json: unknown, stated: Day | null): PartRead | Refusal {
  const document = within(json, "document");
  const tracking = within(document, "tracking");
  const revised = dayOfIso(textOf(within(tracking, "current_release_date"))) ?? stated;
  if (revised === null) return NO_DAY;
  const entries = listOf(within(json, "vulnerabilities"));
  const advisory: Advisory = {
    title: textOf(within(document, "title")),
    maker: textOf(within(document, "publisher", "name")),
    id: textOf(within(tracking, "id")) || "csaf",
    severity: entries.length === 1 ? textOf(within(document, "aggregate_severity", "text")) : "",
    issued: dayOfIso(textOf(within(tracking, "initial_release_date"))),
    revised,
    products: productsOf(json),
  };
  const tally = new Tally();
  const list = new FixList();
  for (const [at, entry] of entries.entries())
    addVulnerability(entry, `vulnerabilities[${at}]`, advisory, list, tally);
  const { id, maker, title } = advisory;
  const name = [maker, title].filter((text) => text !== "").join(": ");
  return partRead(list.part(sourceOf(id, name || id, revised), []), tally);
}

function addVulnerability(
  entry: unknown,
  which: string,
  advisory: Advisory,
  list: FixList,
  tally: Tally,
): void {
  const texts = [
    within(entry, "cve"),
    ...listOf(within(entry, "ids")).map((id) => within(id, "text")),
  ];
  const id = texts.map((text) => toVulnerabilityId(textOf(text))).find((known) => known !== null);
  if (id === undefined) {
    tally.add(which, "neither a CVE nor an advisory's id");
    return;
  }
  const published = dayOfIso(textOf(within(entry, "release_date"))) ?? advisory.issued;
  const threats = listOf(within(entry, "threats"));
  const impacts = threats.filter((threat) => within(threat, "category") === "impact");
  const words = impacts.map((threat) => textOf(within(threat, "details")));
  const [impact = ""] = words.filter((word) => severityOf(word) === null);
  const { score, rating } = scoreOf(within(entry, "scores"));
  const rated = words.filter((word) => severityOf(word) !== null);
  const stated = rated.length > 0 ? rated : [advisory.severity || rating];
  for (const severity of stated)
    list.addVulnerability({
      id,
      title: textOf(within(entry, "title")) || advisory.title,
      severity,
      impact,
      cvss: score,
      published,
      exploitation: exploitationOf(threats, advisory),
    });
  addFixes(entry, id, published, advisory, list, `${which} (${id})`, tally);
}

/** MSRC's words; others state no more than sentences. */
const EXPLOITED = /(?:^|;)\s*Exploited:\s*Yes\b/i;

/** By the day on which it was said at the latest; from when on, an advisory does not say. */
function exploitationOf(
  threats: readonly unknown[],
  { revised, maker, id }: Advisory,
): Exploitation | null {
  const said = threats.find(
    (threat) =>
      within(threat, "category") === "exploit_status" &&
      EXPLOITED.test(textOf(within(threat, "details"))),
  );
  if (said === undefined) return null;
  const day = dayOfIso(textOf(within(said, "date"))) ?? revised;
  return {
    earliest: null,
    latest: day,
    reported: day,
    source: [maker, id].filter((text) => text !== "").join(", "),
  };
}

/** The highest score, of version 3 of CVSS or else of another, and its word. */
function scoreOf(scores: unknown): { readonly score: number | null; readonly rating: string } {
  let best: { score: number | null; rating: string } = { score: null, rating: "" };
  for (const entry of listOf(scores)) {
    const cvss = within(entry, "cvss_v3") ?? within(entry, "cvss_v4") ?? within(entry, "cvss_v2");
    const score = within(cvss, "baseScore");
    if (typeof score !== "number" || score < 0 || score > 10 || score <= (best.score ?? -1))
      continue;
    best = { score, rating: textOf(within(cvss, "baseSeverity")) };
  }
  return best;
}

/** `15.01.2176.014:Security Update:https://…`, as MSRC puts the build before the kind of a fix. */
const LEADING_BUILD = /^(\d{1,5}(?:\.\d{1,6}){3})(?=[:\s])/;

function addFixes(
  entry: unknown,
  id: VulnerabilityId,
  published: Day | null,
  { products }: Advisory,
  list: FixList,
  which: string,
  tally: Tally,
): void {
  const told = new Set<string>();
  const add = ({ line }: AdvisoryProduct, build: string, kb: string, day: Day | null) => {
    told.add(`${line}\n${build}`);
    if (!list.addFix({ id, product: line, kb, build, day, supersedes: [] }))
      tally.add(which, untold(line));
  };
  for (const remediation of listOf(within(entry, "remediations"))) {
    if (within(remediation, "category") !== "vendor_fix") continue;
    const day = dayOfIso(textOf(within(remediation, "date"))) ?? published;
    const details = textOf(within(remediation, "details"));
    const kb = updateNamed(`${textOf(within(remediation, "url"))} ${details}`);
    for (const productId of products.idsOf(remediation)) {
      const product = products.byId.get(productId);
      if (product !== undefined) add(product, fixingBuild(product, details), kb, day);
    }
  }
  for (const status of ["fixed", "first_fixed"])
    for (const productId of textsOf(within(entry, "product_status", status))) {
      const product = products.byId.get(productId);
      if (product === undefined || told.has(`${product.line}\n${product.version}`)) continue;
      add(product, product.version, "", published);
    }
}

/** The build that a fix of a product makes: its version, the end of its range, or what the fix begins with. */
function fixingBuild({ version, before }: AdvisoryProduct, details: string): string {
  const leading = LEADING_BUILD.exec(details)?.[1] ?? "";
  return [version, before, leading].find((text) => fourNumbers(text) !== null) ?? "";
}
