/**
 * The date of a mail: RFC 5322 with its obsolete forms, the Unix form, and ISO 8601 where a careless program wrote
 * that. Refuses what names no real day. Spec: RFC 5322, sections 3.3 and 4.3.
 */
import { type ReadTime, parseTime } from "../../../base/time.ts";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Hours of the zones that RFC 5322 names; other letters mean that nobody knows (there: -0000). */
const ZONES: Readonly<Record<string, string>> = {
  ut: "+0000",
  utc: "+0000",
  gmt: "+0000",
  z: "+0000",
  edt: "-0400",
  est: "-0500",
  cdt: "-0500",
  cst: "-0600",
  mdt: "-0600",
  mst: "-0700",
  pdt: "-0700",
  pst: "-0800",
};
const DATE_CHARS_MAX = 200;

/** Reads the date; null where it is none. `zoned` is false where the text names no zone that has a meaning. */
export function parseMailDate(text: string): ReadTime | null {
  if (text.length > DATE_CHARS_MAX) return null;
  const words = text
    .replaceAll(/\([^()]*\)/g, " ")
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  const month = words.findIndex((word) => monthOf(word) > 0);
  if (month < 0) return parseTime(text.trim().replace(/\s+([+-]\d{4})$/, "$1"));
  const clock = words.find((word) => /^\d{1,2}:\d{1,2}(:\d{1,2})?$/.test(word));
  if (clock === undefined) return null;
  const day = [words[month - 1], words[month + 1]].find(isDay);
  const year = words.slice(month + 1).findLast((word) => isYear(word) && word !== day);
  if (day === undefined || year === undefined) return null;
  const zone = zoneOf(words.slice(month + 1));
  const [hour = "", minute = "", second = "00"] = clock.split(":").map(two);
  // A leap second is the last of its minute.
  const time = `${hour}:${minute}:${second === "60" ? "59" : second}`;
  return parseTime(
    `${fullYear(year)}-${two(monthOf(words[month] ?? ""))}-${two(day)}T${time}${zone}`,
  );
}

function monthOf(word: string): number {
  return MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;
}

function isDay(word: string | undefined): boolean {
  return word !== undefined && /^\d{1,2}$/.test(word);
}

function isYear(word: string): boolean {
  return /^(\d{2,3}|\d{4})$/.test(word);
}

function two(part: string | number): string {
  return String(part).padStart(2, "0");
}

/** Two digits are of 1950 to 2049, three count from 1900 (RFC 5322, section 4.3). */
function fullYear(text: string): string {
  const year = Number(text);
  if (text.length === 4) return text;
  return String(text.length === 2 && year < 50 ? year + 2000 : year + 1900);
}

function zoneOf(words: readonly string[]): string {
  for (const word of words) {
    if (/^[+-]\d{4}$/.test(word)) return word;
    // "GMT+0200" is what some programs write for +0200.
    const after = /^(?:gmt|utc?)([+-]\d\d:?\d\d)$/i.exec(word)?.[1];
    if (after !== undefined) return after.replace(":", "");
    const known = ZONES[word.toLowerCase()];
    if (known !== undefined && Object.hasOwn(ZONES, word.toLowerCase())) return known;
  }
  return "";
}
