/**
 * The text of HTML mail: line by line, with a `> ` for each blockquote around a line, so that quotes are found in one
 * way. Refuses to build a document: tags are passed over in one pass, whatever they nest like. Spec: HTML, section 13.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "\u2013",
  mdash: "\u2014",
  lsquo: "\u2018",
  rsquo: "\u2019",
  ldquo: "\u201c",
  rdquo: "\u201d",
  hellip: "\u2026",
  auml: "\u00e4",
  ouml: "\u00f6",
  uuml: "\u00fc",
  Auml: "\u00c4",
  Ouml: "\u00d6",
  Uuml: "\u00dc",
  szlig: "\u00df",
  eacute: "\u00e9",
  egrave: "\u00e8",
  agrave: "\u00e0",
  ccedil: "\u00e7",
  oacute: "\u00f3",
  aacute: "\u00e1",
  iacute: "\u00ed",
  ntilde: "\u00f1",
};
const BLOCKS = new Set(
  "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 hr blockquote pre body head title dd dt section article".split(
    " ",
  ),
);
const UNSEEN = new Set(["style", "script", "title"]);
const QUOTE_LEVELS_MAX = 16;

/** The text of an HTML body. About 100 MB/s. */
export function textOfHtml(html: string): string {
  return new HtmlText().read(html);
}

class HtmlText {
  #lines: string[] = [];
  #line = "";
  #levels = 0;
  /** The first `>` from some place on, so that text full of `<` is not searched to its end for each of them. */
  #angle = 0;
  /** Quotes in tags that open before here are none: the one of a tag before them never closed. */
  #unquotedUntil = 0;

  read(html: string): string {
    let at = 0;
    while (at < html.length) {
      const open = html.indexOf("<", at);
      const end = open < 0 ? html.length : open;
      if (end > at) this.#text(html.slice(at, end));
      if (open < 0) break;
      at = this.#tag(html, open);
    }
    this.#break();
    return this.#lines.join("\n");
  }

  /** Takes the tag at `open`; gives where to go on. */
  #tag(html: string, open: number): number {
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open + 4);
      return end < 0 ? html.length : end + 3;
    }
    const next = html.charCodeAt(open + 1) | 32;
    const isTag = (next >= 97 && next <= 122) || "/!?".includes(html[open + 1] ?? " ");
    if (this.#angle >= 0 && this.#angle <= open) this.#angle = html.indexOf(">", open);
    const end = isTag ? this.#endOfTag(html, open) : -1;
    if (end < 0) {
      this.#line += "<";
      return open + 1;
    }
    const isEnd = html[open + 1] === "/";
    const name = nameAt(html, open + (isEnd ? 2 : 1));
    if (BLOCKS.has(name)) this.#break();
    if (name === "blockquote")
      this.#levels = Math.min(Math.max(0, this.#levels + (isEnd ? -1 : 1)), QUOTE_LEVELS_MAX);
    else if (name === "td" && isEnd) this.#line += " ";
    if (isEnd || !UNSEEN.has(name)) return end;
    return endOfUnseen(html, end, name);
  }

  /** Behind the tag that begins at `open`; -1: it has no end. */
  #endOfTag(html: string, open: number): number {
    const plain = this.#angle;
    if (plain < 0 || plain - open > TAG_CHARS_MAX) return -1;
    const end = open < this.#unquotedUntil ? plain + 1 : endByQuotes(html, open, plain);
    if (end >= 0) return end;
    // A quote that never closes is no quote; the next tags would look for theirs as far, and in vain.
    this.#unquotedUntil = open + TAG_CHARS_MAX;
    return plain + 1;
  }

  #text(raw: string): void {
    this.#line += raw.includes("&") ? decodeEntities(raw) : raw;
  }

  #break(): void {
    const text = this.#line.replaceAll(/[\s\u00a0]+/g, " ").trim();
    this.#line = "";
    // An empty line says nothing where lines are only those of blocks.
    if (text !== "")
      this.#lines.push(`${">".repeat(this.#levels)}${this.#levels > 0 ? " " : ""}${text}`);
  }
}

function nameAt(html: string, at: number): string {
  let end = at;
  while (end < at + 16 && /[a-zA-Z0-9]/.test(html[end] ?? "")) end++;
  return html.slice(at, end).toLowerCase();
}

const TAG_CHARS_MAX = 65_536;

/** Behind the tag that begins at `open`; `plain` is the first `>`, which within quotes does not end it. -1: a quote does not close. */
function endByQuotes(html: string, open: number, plain: number): number {
  let end = plain;
  let quote = openQuote(html, open, end);
  while (quote !== "") {
    const close = html.indexOf(quote, end);
    if (close < 0 || close - open > TAG_CHARS_MAX) return -1;
    const next = html.indexOf(">", close);
    if (next < 0) return -1;
    quote = openQuote(html, close + 1, next);
    end = next;
  }
  return end + 1;
}

/** The quote that is open at `to`, having been none at `from`; "" where none is. */
function openQuote(html: string, from: number, to: number): string {
  let quote = "";
  for (let at = from; at < to; at++) {
    const char = html[at] ?? "";
    if (quote === "" ? char === '"' || char === "'" : char === quote)
      quote = quote === "" ? char : "";
  }
  return quote;
}

function endOfUnseen(html: string, from: number, name: string): number {
  // Cheap before exact: names come in either case.
  for (let at = html.indexOf("</", from); at >= 0; at = html.indexOf("</", at + 2))
    if (nameAt(html, at + 2) === name) {
      const end = html.indexOf(">", at);
      return end < 0 ? html.length : end + 1;
    }
  return html.length;
}

/** Character references by number, and the names that mail uses; others stay as they stand. */
export function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));?/g,
    (whole, ...groups: (string | undefined)[]) => {
      const [decimal, hexadecimal, name] = groups;
      if (name !== undefined)
        return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole;
      const point = decimal === undefined ? parseInt(hexadecimal ?? "", 16) : Number(decimal);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
