/**
 * Scores of the Exploit Prediction Scoring System: the probability that a vulnerability is exploited in the 30 days to come.
 * Refuses rows without an id or a score from 0 to 1. Spec: first.org/epss/data_stats (CSV, one row a CVE).
 */
import { type Day, formatDay } from "../../../base/day.ts";
import { NO_PART, type VulnerabilityNews } from "../../../model/catalogue.ts";
import { dayOfIso } from "./day-of-text.ts";
import { NO_DAY, type PartRead, type Refusal, Tally, partRead, sourceOf } from "./reading.ts";
import { toVulnerabilityId } from "./vulnerability-id.ts";

/** Three times as many as there are vulnerabilities. */
const ROWS_MAX = 1_000_000;
/** `#model_version:v2023.03.01,score_date:2023-03-07T00:00:00+0000`; files of before 2022 lack it. */
const STATED = /^#model_version:([^,\n]{0,80}),score_date:([^,\s]{0,40})/;
const HEADER = /^cve,epss(?:,[^\n]{0,200})?$/;
const SCORE = /^(?:0|1|[01]?\.\d{1,20}|\d(?:\.\d{1,20})?e-\d{1,2})$/i;

/** Whether a text is a file of scores. */
export function isEpss(text: string): boolean {
  const [first = "", second = ""] = text.slice(0, 1_024).split(/\r?\n/, 2);
  return HEADER.test(first) || (STATED.test(first) && HEADER.test(second));
}

/** The scores, of the day that the file states, or of the stated one. 300,000 rows in about 0.1 s. */
export function readEpss(text: string, stated: Day | null): PartRead | Refusal {
  const [, model = "", date = ""] = STATED.exec(text) ?? [];
  // The zone is written without a colon, and is always UTC.
  const day = dayOfIso(date.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) ?? stated;
  if (day === null) return NO_DAY;
  const tally = new Tally();
  const vulnerabilities = scoresIn(text, model === "" ? 1 : 2, day, tally);
  const name = `EPSS scores${model === "" ? "" : `, model ${model}`}`;
  return partRead(
    { ...NO_PART, sources: [sourceOf(`epss-${formatDay(day)}`, name, day)], vulnerabilities },
    tally,
  );
}

/** The rows behind the first lines. One object a row; about 90 MB/s. */
function scoresIn(text: string, firstLines: number, day: Day, tally: Tally): VulnerabilityNews[] {
  const vulnerabilities: VulnerabilityNews[] = [];
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    const start = at;
    at = end + 1;
    if (++line <= firstLines || end - start < 2) continue;
    if (line > ROWS_MAX) {
      tally.add(`line ${line}`, `more than ${ROWS_MAX} rows; the rest is left out`);
      break;
    }
    const comma = text.indexOf(",", start);
    const id = comma < 0 || comma > end ? null : toVulnerabilityId(text.slice(start, comma));
    const score = id === null ? null : scoreOf(text, comma + 1, end);
    if (id === null) tally.add(`line ${line}`, "no id such as CVE-2021-34473");
    else if (score === null) tally.add(`line ${line} (${id})`, "no score from 0 to 1");
    else vulnerabilities.push({ id, epss: { score, day } });
  }
  return vulnerabilities;
}

/** The number between two places, up to a comma. */
function scoreOf(text: string, from: number, end: number): number | null {
  const comma = text.indexOf(",", from);
  const digits = text.slice(from, comma < 0 || comma > end ? end : comma).trim();
  const score = SCORE.test(digits) ? Number(digits) : Number.NaN;
  return score >= 0 && score <= 1 ? score : null;
}
