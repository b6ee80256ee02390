/**
 * The catalogue of known exploited vulnerabilities of the CISA, as JSON or CSV. Refuses entries without an id or the day of their
 * addition. The list says that something was exploited by then, not since when. Spec: its JSON schema of 2024-06 (cisa.gov).
 */
import { type Day, formatDay } from "../../../base/day.ts";
import { NO_PART, type VulnerabilityNews } from "../../../model/catalogue.ts";
import { type Header, rowsOf } from "./csv-rows.ts";
import { dayOfIso, datesOf } from "./day-of-text.ts";
import { listOf, textOf, within } from "./json-tree.ts";
import { NO_DAY, type PartRead, type Refusal, Tally, partRead, sourceOf } from "./reading.ts";
import { toVulnerabilityId } from "./vulnerability-id.ts";

const NAME = "CISA known exploited vulnerabilities";

/** An entry before it is understood. */
interface Listed {
  readonly which: string;
  readonly id: string;
  readonly title: string;
  readonly added: string;
  readonly due: string;
  readonly ransomware: string;
}

/** Whether a parsed JSON file is the list. */
export function isKev(json: unknown): boolean {
  const list = listOf(within(json, "vulnerabilities"));
  return textOf(within(json, "catalogVersion")) !== "" || within(list[0], "cveID") !== undefined;
}

/** The list as JSON, of the day that it states, or of the stated one. 2 MB in under 50 ms. */
export function readKevJson(json: unknown, stated: Day | null): PartRead | Refusal {
  const entries = listOf(within(json, "vulnerabilities")).map(
    (entry, at): Listed => ({
      which: `vulnerabilities[${at}]`,
      id: textOf(within(entry, "cveID")),
      title: textOf(within(entry, "vulnerabilityName")),
      added: textOf(within(entry, "dateAdded")),
      due: textOf(within(entry, "dueDate")),
      ransomware: textOf(within(entry, "knownRansomwareCampaignUse")),
    }),
  );
  const version = textOf(within(json, "catalogVersion"));
  const day = dayOfIso(textOf(within(json, "dateReleased"))) ?? stated;
  return readListed(entries, version, day, new Tally());
}

/** Whether these folded columns are those of the list. */
export function isKevHeader(columns: ReadonlySet<string>): boolean {
  return columns.has("cveid") && columns.has("dateadded");
}

/** The list as CSV, which states no day. */
export function readKevCsv(
  bytes: Uint8Array,
  header: Header,
  stated: Day | null,
): PartRead | Refusal {
  const tally = new Tally();
  const entries = [...rowsOf(bytes, header, tally)].map(
    ({ line, cell }): Listed => ({
      which: `line ${line}`,
      id: cell("cveid"),
      title: cell("vulnerabilityname"),
      added: cell("dateadded"),
      due: cell("duedate"),
      ransomware: cell("knownransomwarecampaignuse"),
    }),
  );
  return readListed(entries, "", stated, tally);
}

function readListed(
  entries: readonly Listed[],
  version: string,
  day: Day | null,
  tally: Tally,
): PartRead | Refusal {
  if (day === null) return NO_DAY;
  const dates = datesOf(entries.map(({ added }) => added));
  const vulnerabilities: VulnerabilityNews[] = [];
  for (const { which, id: text, title, added: addedText, due, ransomware } of entries) {
    const id = toVulnerabilityId(text);
    const added = dates.dayOf(addedText);
    if (id === null) tally.add(which, `'${text}' is no id such as CVE-2021-34473`);
    else if (added === null) tally.add(`${which} (${id})`, `'${addedText}' is no day`);
    else vulnerabilities.push({ id, title, kev: { added, due: dates.dayOf(due), ransomware } });
  }
  const name = version === "" ? NAME : `${NAME}, ${version}`;
  const sources = [sourceOf(`kev-${formatDay(day)}`, name, day)];
  return partRead({ ...NO_PART, sources, vulnerabilities, limits: dates.assumed }, tally);
}
