/**
 * The list of updates that the Security Update Guide of Microsoft's MSRC exports as CSV: a row for each product, update and
 * vulnerability. Refuses rows without a vulnerability. Spec: the columns of its tab Security Updates; docs/formats/catalogue.md.
 */
import { type Day, formatDay } from "../../../base/day.ts";
import { type Header, type Row, rowsOf } from "./csv-rows.ts";
import { type Dates, datesOf } from "./day-of-text.ts";
import { FixList, untold, updateNumbers } from "./fix-list.ts";
import { NO_DAY, type PartRead, type Refusal, Tally, partRead, sourceOf } from "./reading.ts";
import { toVulnerabilityId } from "./vulnerability-id.ts";

/** Columns by folded name; exports of different years write them differently. */
const COLUMN = {
  date: ["releasedate", "date", "initialreleasedate"],
  product: ["product", "productname"],
  article: ["article", "kbarticle", "kb"],
  build: ["buildnumber", "fixedbuild", "build"],
  id: ["details", "cve", "cvenumber", "cveid", "vulnerability"],
  title: ["cvetitle", "title", "vulnerabilitytitle"],
  severity: ["maxseverity", "severity"],
  impact: ["impact"],
  score: ["basescore", "cvssbasescore"],
  supersedes: ["supercedence", "supersedence", "supersedes"],
} as const;

/** Whether these folded columns are those of the export. */
export function isMsrcHeader(columns: ReadonlySet<string>): boolean {
  const has = (names: readonly string[]) => names.some((name) => columns.has(name));
  return has(COLUMN.product) && has(COLUMN.article) && has(COLUMN.id) && has(COLUMN.severity);
}

/** The export, which states no day: of the stated one. About 20 MB/s, since dates are looked through first. */
export function readMsrcCsv(
  bytes: Uint8Array,
  header: Header,
  stated: Day | null,
): PartRead | Refusal {
  if (stated === null) return NO_DAY;
  const tally = new Tally();
  const dates = datesOf(dateTexts(bytes, header));
  const list = new FixList();
  for (const row of rowsOf(bytes, header, tally)) addRow(row, dates, list, tally);
  const source = sourceOf(
    `msrc-${formatDay(stated)}`,
    "MSRC Security Update Guide, list of updates",
    stated,
  );
  return partRead(list.part(source, dates.assumed), tally);
}

function* dateTexts(bytes: Uint8Array, header: Header): Generator<string> {
  for (const { cell } of rowsOf(bytes, header, new Tally())) yield cell(...COLUMN.date);
}

function addRow({ line, cell }: Row, dates: Dates, list: FixList, tally: Tally): void {
  const idText = cell(...COLUMN.id);
  const id = toVulnerabilityId(idText) ?? toVulnerabilityId(cell("cve", "cvenumber", "cveid"));
  if (id === null) {
    tally.add(`line ${line}`, `'${idText}' is no id such as CVE-2021-34473`);
    return;
  }
  const dateText = cell(...COLUMN.date);
  const day = dates.dayOf(dateText);
  if (day === null && dateText !== "") tally.add(`line ${line} (${id})`, `'${dateText}' is no day`);
  list.addVulnerability({
    id,
    title: cell(...COLUMN.title),
    severity: cell(...COLUMN.severity),
    impact: cell(...COLUMN.impact),
    cvss: scoreOf(cell(...COLUMN.score)),
    published: day,
    exploitation: null,
  });
  const [kb = ""] = updateNumbers(cell(...COLUMN.article));
  const product = cell(...COLUMN.product);
  const isTold = list.addFix({
    id,
    product,
    kb,
    build: cell(...COLUMN.build),
    day,
    supersedes: updateNumbers(cell(...COLUMN.supersedes)),
  });
  if (!isTold) tally.add(`line ${line} (${id})`, untold(product));
}

function scoreOf(text: string): number | null {
  const score = /^\d{1,2}(?:\.\d)?$/.test(text) ? Number(text) : Number.NaN;
  return score >= 0 && score <= 10 ? score : null;
}
