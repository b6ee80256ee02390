/**
 * The older messages that a body quotes: who wrote them, when, under which subject, and a hash of their text by which the
 * same quote is known again in another mail. Refuses to keep the text itself. From practice: there is no specification.
 */
import { createHash } from "node:crypto";
import { LABELS, ON, ORIGINAL, WROTE } from "./quote-words.ts";

/** One quoted message; texts as they stand there, "" where the quote does not say. */
export interface Quote {
  readonly from: string;
  readonly sent: string;
  readonly subject: string;
  /** SHA-256 of its letters and digits, in lower case; "" where there are too few to tell it by. */
  readonly sha256: string;
}

/** Quotes of one body that are told apart. */
const QUOTES_MAX = 64;
const LEVELS_MAX = 16;
/** Letters and digits of a quote that its hash is made of: clients cut long threads at the end. */
const HASHED_CHARS_MAX = 2_000;
/** Fewer than these are the same in many mails: a greeting, a signature's first word. */
const HASHED_CHARS_MIN = 24;
const LINE_CHARS_MAX = 1_000;

/** A line without the marks of quoting before it. */
interface Line {
  readonly depth: number;
  readonly text: string;
}

interface OpenQuote {
  from: string;
  sent: string;
  subject: string;
  text: string;
}

/** The header above a quote, and how many lines it takes. */
interface Attribution {
  readonly quote: OpenQuote;
  readonly lines: number;
  /** Whether the quoted text is marked deeper than the header. */
  readonly isAbove: boolean;
}

/** The quotes in a body of plain text, in their order, the newest mostly first. */
export function findQuotes(body: string): readonly Quote[] {
  const lines = body.split("\n").map(unmarked);
  const found: OpenQuote[] = [];
  /** The quote that lines of each depth belong to. */
  const open: (OpenQuote | undefined)[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined || line.text === "") continue;
    const attribution = attributionAt(lines, at);
    if (attribution !== null) {
      if (found.length >= QUOTES_MAX) break;
      found.push(attribution.quote);
      open.length = Math.min(open.length, line.depth + 1);
      open[attribution.isAbove ? line.depth + 1 : line.depth] = attribution.quote;
      at += attribution.lines - 1;
      continue;
    }
    if (open[line.depth] === undefined && line.depth > 0 && found.length < QUOTES_MAX) {
      const quote = { from: "", sent: "", subject: "", text: "" };
      found.push(quote);
      open[line.depth] = quote;
    }
    const quote = open[line.depth];
    if (quote !== undefined && quote.text.length < 2 * HASHED_CHARS_MAX && !isSeparator(line.text))
      quote.text += normalised(line.text);
  }
  // "He wrote:" with nothing behind it is prose.
  return found
    .filter(({ sent, subject, text }) => sent !== "" || subject !== "" || text !== "")
    .map(({ from, sent, subject, text }) => ({ from, sent, subject, sha256: hashOf(text) }));
}

/** Takes `>` and `|` marks from the start of a line. */
function unmarked(raw: string): Line {
  const line = raw.length > LINE_CHARS_MAX ? raw.slice(0, LINE_CHARS_MAX) : raw;
  let depth = 0;
  let at = 0;
  for (; at < line.length; at++) {
    const char = line[at];
    if (char === ">" || (char === "|" && line[at + 1] === " ")) depth++;
    else if (char !== " " && char !== "\t") break;
  }
  return { depth: Math.min(depth, LEVELS_MAX), text: line.slice(at).trim() };
}

function attributionAt(lines: readonly Line[], at: number): Attribution | null {
  return blockAt(lines, at) ?? sentenceAt(lines, at);
}

type Label = keyof typeof LABELS;
const LABEL_OF: ReadonlyMap<string, Label> = new Map(
  Object.entries(LABELS).flatMap(([label, words]) =>
    isLabel(label) ? words.map((word) => [word, label] as const) : [],
  ),
);

function isLabel(text: string): text is Label {
  return Object.hasOwn(LABELS, text);
}

const BLOCK_LINES_MAX = 12;
const LABEL_CHARS_MAX = 25;
const COLON = 0x3a;
const WIDE_COLON = 0xff1a;

/** `From: … Sent: … To: … Subject: …`, one below the other, in any order that begins with one of them. */
function blockAt(lines: readonly Line[], at: number): Attribution | null {
  const first = lines[at];
  if (first === undefined || labelled(first.text) === null) return null;
  const quote: OpenQuote = { from: "", sent: "", subject: "", text: "" };
  const seen = new Set<Label>();
  let next = at;
  let last: Label | null = null;
  for (; next < Math.min(at + BLOCK_LINES_MAX, lines.length); next++) {
    const line = lines[next];
    if (line === undefined || line.depth !== first.depth) break;
    // Outlook's HTML has a blank line nowhere within; some clients put one behind each label.
    if (line.text === "") {
      if (seen.size >= 3 || lines[next + 1]?.text === "") break;
      continue;
    }
    const found = labelled(line.text);
    if (found === null) {
      // A long list of recipients, or a folded subject, goes on below.
      if (last !== "to" && last !== "cc") break;
      continue;
    }
    if (seen.has(found.label)) break;
    seen.add(found.label);
    last = found.label;
    if (found.label === "from" || found.label === "sent" || found.label === "subject")
      quote[found.label] = found.value;
  }
  const isBlock = seen.size >= 3 && seen.has("from") && (seen.has("sent") || seen.has("subject"));
  return isBlock ? { quote, lines: next - at, isAbove: false } : null;
}

/** A line that begins with a label and a colon, perhaps in asterisks as of bold type. */
function labelled(text: string): { readonly label: Label; readonly value: string } | null {
  const bare = text.startsWith("*") ? text.replaceAll("*", "") : text;
  const colon = indexOfColon(bare);
  if (colon < 1) return null;
  const label = LABEL_OF.get(bare.slice(0, colon).trim().toLowerCase());
  return label === undefined ? null : { label, value: bare.slice(colon + 1).trim() };
}

/** The first colon, of either width, where a label may end with it; -1 where there is none. */
function indexOfColon(text: string): number {
  for (let at = 0; at < LABEL_CHARS_MAX; at++) {
    const unit = text.charCodeAt(at);
    if (unit === COLON || unit === WIDE_COLON) return at;
  }
  return -1;
}

const SENTENCE_LINES_MAX = 3;
const SENTENCE_CHARS_MAX = 400;

/** `On Fri, 13 Aug 2021 at 04:12, Jane Doe <jane@clinic.example> wrote:`, over up to three lines. */
function sentenceAt(lines: readonly Line[], at: number): Attribution | null {
  const count = linesToColon(lines, at);
  const first = lines[at];
  if (count === 0 || first === undefined) return null;
  const sentence = lines
    .slice(at, at + count)
    .map(({ text }) => text)
    .join(" ");
  const isOne = endsAsSentence(sentence) && (count === 1 || beginsAsSentence(sentence));
  if (!isOne || sentence.length > SENTENCE_CHARS_MAX) return null;
  const quote = { ...whoAndWhen(sentence), subject: "", text: "" };
  if (quote.from === "") return null;
  const behind = lines.slice(at + count, at + count + 3).find(({ text }) => text !== "");
  return { quote, lines: count, isAbove: (behind?.depth ?? 0) > first.depth };
}

/** Lines from `at` on to the first that ends with a colon, all of one depth; 0 where that is further down. */
function linesToColon(lines: readonly Line[], at: number): number {
  const depth = lines[at]?.depth;
  for (let count = 1; count <= SENTENCE_LINES_MAX; count++) {
    const line = lines[at + count - 1];
    if (line === undefined || line.depth !== depth || line.text === "") return 0;
    const last = line.text.charCodeAt(line.text.length - 1);
    if (last === COLON || last === WIDE_COLON) return count;
  }
  return 0;
}

function beginsAsSentence(text: string): boolean {
  const lower = text.toLowerCase();
  return ON.some((word) => lower.startsWith(word) && /^[\s\d]/.test(lower.slice(word.length)));
}

function endsAsSentence(text: string): boolean {
  const lower = text.toLowerCase();
  return WROTE.some((verb) => {
    const found = lower.lastIndexOf(verb);
    // A German verb stands before the name: "Am … schrieb Jane Doe:".
    return found > 0 && (verb === "schrieb" || lower.length - found - verb.length < 4);
  });
}

/** Name and date of such a sentence, as far as they can be told apart: the address, or what stands behind the year or time. */
function whoAndWhen(sentence: string): Pick<OpenQuote, "from" | "sent"> {
  const lower = sentence.toLowerCase();
  const verb = WROTE.find((word) => lower.includes(word)) ?? "";
  const found = lower.lastIndexOf(verb);
  const bare = sentence.replace(/\s*[:\uff1a]$/, "");
  const behind = bare.slice(found + verb.length).trim();
  const before = bare.slice(0, found).trim();
  if (behind !== "") return { from: behind, sent: withoutOn(before) };
  const cut = endOfDate(before);
  return {
    from: trimmed(before.slice(cut)),
    sent: cut === 0 ? "" : withoutOn(before.slice(0, cut)),
  };
}

/** Behind the last time of day or year of the text; 0 where there is neither. */
function endOfDate(text: string): number {
  let end = 0;
  const address = text.search(/["<]/);
  const searched = address < 0 ? text : text.slice(0, address);
  for (const match of searched.matchAll(
    /\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s{0,2}[ap]\.?m\.?(?![a-z]))?|\b(?:19|20)\d\d\b/gi,
  ))
    end = match.index + match[0].length;
  const zone = /^\s*(?:\(?[+-]\d{4}\)?|\(?(?:utc|gmt|cet|cest|bst|est|edt|pst|pdt)\)?)/i.exec(
    text.slice(end),
  );
  return end === 0 ? 0 : end + (zone?.[0].length ?? 0);
}

function trimmed(text: string): string {
  return text.replace(/^[\s,;:.\u2013-]+/, "").replace(/[\s,;]+$/, "");
}

function withoutOn(text: string): string {
  const lower = text.toLowerCase();
  const word = ON.find((on) => on !== "2" && lower.startsWith(`${on} `)) ?? "";
  return trimmed(text.slice(word.length));
}

/** A line of dashes or underscores, or one that says that a message follows. */
function isSeparator(text: string): boolean {
  let [from, to] = [0, text.length];
  while (from < to && "-_*= \t\u00a0".includes(text[from] ?? "")) from++;
  // A loop, because a pattern would look at every run of dashes.
  while (to > from && "-_*=: \t\u00a0".includes(text[to - 1] ?? "")) to--;
  const inner = text.slice(from, to);
  return inner === "" || ORIGINAL.includes(inner.toLowerCase());
}

/** Letters and digits in lower case: wrapping, marks, blanks and punctuation differ from client to client. */
function normalised(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

function hashOf(text: string): string {
  if (text.length < HASHED_CHARS_MIN) return "";
  return createHash("sha256").update(text.slice(0, HASHED_CHARS_MAX)).digest("hex");
}
