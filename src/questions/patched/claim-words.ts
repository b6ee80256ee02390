/**
 * What the words of a claim mean: that an update is there, that it is not, or how many are missing and for how long. Refuses to
 * guess: words that are none of these, or that speak of what is to come, stay a statement that nobody can hold against anything.
 */

/** How a claim is to be understood. */
export type ClaimReading =
  | { readonly says: "installed" }
  | { readonly says: "missing" }
  /** A number of updates that are missing; 0: all are there. */
  | { readonly says: "count"; readonly missing: number }
  /** Time without any update, in days, and as it was said. */
  | { readonly says: "lapse"; readonly days: number; readonly text: string }
  | { readonly says: "unclear" };

/** Denies what follows it within three words: `was not yet installed`, `weren't applied`. */
const DENIED =
  /\b(?:not|never|cannot|[a-z]{2,6}n[\u2019']t)(?: [a-z]{1,20}){0,3}? (?:installed|applied|patched|deployed|completed?|done|present|in place|rolled out|fixed)\b/g;
const ABSENT =
  /\b(?:un(?:patched|installed|applied)|missing|fail(?:ed|s|ure)?|pending|absent|declined|outstanding|overdue|lack(?:s|ed|ing)?|removed|rolled back)\b/;
/** What is said to be to come, or depends: nobody says that it is so. */
const NOT_YET =
  /\b(?:will|shall|should|may|might|must|would|going to|to be|planned|plans?|scheduled|if|unless|until|tomorrow)\b|\?/;
/** `without errors`, `no reboot`: denies nothing that matters here. */
const HARMLESS =
  /\b(?:no|without)(?: (?:any|further|an?))? (?:errors?|issues?|problems?|warnings?|failures?|incidents?|reboots?|restarts?|downtime)\b/g;
/** Of a statement on updates in general, `no` and `without` deny as well; of a named one they leave open what is meant. */
const NEGATIVE = /\b(?:not|never|no|none|without)\b/;
const POSITIVE =
  /\b(?:installed|applied|patched|deployed|completed?|done|present|in place|rolled out|fixed|yes|up[- ]to[- ]date|compliant|success(?:ful(?:ly)?)?)\b/;
/** An update that is there may be one of many that are not. */
const ALL = /\b(?:all|every|each|fully|latest|up[- ]to[- ]date|current)\b/;
const NUMBERS: readonly string[] =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
const NUMBER = `(\\d{1,4}|${NUMBERS.join("|")})`;
const UPDATES = "(?:[a-z]{1,20} ){0,3}?(?:updates?|patch(?:es)?|fix(?:es)?)";
/** `four security updates were missing`, `2 patches not installed`. */
const COUNT_FIRST = new RegExp(`\\b${NUMBER} ${UPDATES}\\b`);
const SPAN = new RegExp(`\\b${NUMBER}[ -](day|week|month|year)s?\\b`);
const UPDATE_WORD = /\b(?:updates?|patch(?:es|ed)?|fix(?:es)?)\b/;
/** `updates are installed`, `patched`: said of the whole; `an update was installed` is not. */
const UPDATES_THERE = /\b(?:updates|patches|fixes|patched)\b/;
/** Mean lengths of the Gregorian calendar. */
const DAYS = { day: 1, week: 7, month: 30.436_875, year: 365.2425 } as const;
/** A sentence; a page that somebody pasted is none. */
const CHARS_MAX = 1_000;

/** Reads the words of a claim; `kb` says whether it names an update: then it is about that one. */
export function readClaim(words: string, kb: string): ClaimReading {
  if (words.length > CHARS_MAX) return UNCLEAR;
  const text = words.toLowerCase().replaceAll(/\s+/g, " ").replaceAll(HARMLESS, " ");
  if (NOT_YET.test(text)) return UNCLEAR;
  const rest = text.replaceAll(DENIED, " ");
  const isPositive = POSITIVE.test(rest);
  const isDenied = rest !== text || ABSENT.test(text);
  if (kb !== "") {
    const isDoubtful = NEGATIVE.test(rest) || isPositive === isDenied;
    return isDoubtful ? UNCLEAR : { says: isDenied ? "missing" : "installed" };
  }
  const isNegative = isDenied || NEGATIVE.test(text);
  const span = SPAN.exec(text);
  if (span !== null && isNegative && UPDATE_WORD.test(text)) {
    const unit = span[2] ?? "";
    if (unit === "day" || unit === "week" || unit === "month" || unit === "year")
      return { says: "lapse", days: Math.round(numberOf(span[1]) * DAYS[unit]), text: span[0] };
  }
  const count = COUNT_FIRST.exec(text);
  if (count !== null && isNegative) return { says: "count", missing: numberOf(count[1]) };
  const isWhole = ALL.test(text) || (count === null && UPDATES_THERE.test(text));
  return !isNegative && isPositive && isWhole ? { says: "count", missing: 0 } : UNCLEAR;
}

const UNCLEAR: ClaimReading = { says: "unclear" };

function numberOf(text = ""): number {
  const word = NUMBERS.indexOf(text);
  return word < 0 ? Number(text) : word;
}
