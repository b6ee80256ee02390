/**
 * The text of RTF, or the HTML that Outlook wrapped into it. Refuses everything about looks; groups nest to a limit.
 * Specs: RTF 1.9.1; MS-OXRTFEX 2.1.3 (htmltag, htmlrtf).
 */
import { Buffer } from "node:buffer";
import { charsetOfCodePage, decodeCharset } from "./charset.ts";
import type { Body } from "./layout.ts";

/** What holds within a group and ends with it. */
interface Group {
  /** Its text is no text of the document: fonts, colours, pictures. */
  isHidden: boolean;
  /** Within \htmlrtf: written for programs that know no HTML. */
  isForRtf: boolean;
  /** Bytes that stand for one \u character (\uc). */
  skips: number;
}

const GROUPS_MAX = 256;
const DESTINATIONS = new Set(
  "fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles datastore mmathPr".split(
    " ",
  ),
);
const CHARACTERS: Readonly<Record<string, string>> = {
  par: "\n",
  line: "\n",
  row: "\n",
  cell: "\t",
  tab: "\t",
  emdash: "\u2014",
  endash: "\u2013",
  lquote: "\u2018",
  rquote: "\u2019",
  ldblquote: "\u201c",
  rdblquote: "\u201d",
  bullet: "\u2022",
};

/** Control words and symbols, groups, line ends and text: one token each. */
const TOKEN =
  /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\/g;

/** The text of RTF whose bytes were read as Latin-1; `html` where it wraps HTML. */
export function textOfRtf(rtf: string): Body {
  return new RtfText(/\\fromhtml/.test(rtf.slice(0, 4_096))).read(rtf);
}

class RtfText {
  readonly #isHtml: boolean;
  readonly #out: string[] = [];
  #charset = "windows-1252";
  /** Bytes of \'hh that may be halves of one character. */
  #bytes: number[] = [];
  #group: Group = { isHidden: false, isForRtf: false, skips: 1 };
  #outer: Group[] = [];
  /** Groups beyond the limit, which are passed over. */
  #beyond = 0;
  /** Characters still to be left out behind a \u. */
  #left = 0;
  #isStarred = false;

  constructor(isHtml: boolean) {
    this.#isHtml = isHtml;
  }

  read(rtf: string): Body {
    for (const [, word, number, hex, symbol, brace, text] of rtf.matchAll(TOKEN)) {
      if (hex !== undefined) this.#byte(parseInt(hex, 16));
      else {
        this.#flush();
        if (word !== undefined) this.#word(word, number === undefined ? null : Number(number));
        else if (symbol !== undefined) this.#symbol(symbol);
        else if (brace !== undefined) this.#brace(brace);
        else if (text !== undefined) this.#text(text);
      }
    }
    this.#flush();
    return { kind: this.#isHtml ? "html" : "plain", text: this.#out.join("") };
  }

  #brace(brace: string): void {
    this.#left = 0;
    if (brace === "{") {
      if (this.#outer.length >= GROUPS_MAX) this.#beyond++;
      else this.#outer.push({ ...this.#group });
    } else if (this.#beyond > 0) this.#beyond--;
    else this.#group = this.#outer.pop() ?? this.#group;
    this.#isStarred = false;
  }

  #word(word: string, number: number | null): void {
    const isStarred = this.#isStarred;
    this.#isStarred = false;
    if (word === "htmltag") this.#group.isHidden = !this.#isHtml;
    else if (isStarred || DESTINATIONS.has(word)) this.#group.isHidden = true;
    else if (word === "htmlrtf") this.#group.isForRtf = number !== 0;
    else if (word === "ansicpg" && number !== null) this.#charset = charsetOfCodePage(number);
    else if (word === "uc" && number !== null) this.#group.skips = Math.min(Math.max(0, number), 8);
    else if (word === "u" && number !== null) {
      this.#put(String.fromCharCode(number & 0xffff));
      this.#left = this.#group.skips;
    } else if (Object.hasOwn(CHARACTERS, word)) this.#put(CHARACTERS[word] ?? "");
  }

  #symbol(symbol: string): void {
    if (symbol === "*") this.#isStarred = true;
    else if (symbol === "~") this.#put("\u00a0");
    else if (symbol === "_") this.#put("-");
    else if (symbol === "\n" || symbol === "\r") this.#put("\n");
    else if ("\\{}".includes(symbol)) this.#text(symbol);
  }

  #text(text: string): void {
    const left = Math.min(this.#left, text.length);
    this.#left -= left;
    this.#put(text.slice(left));
  }

  #byte(byte: number): void {
    if (this.#left > 0) this.#left--;
    else this.#bytes.push(byte);
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    this.#put(decodeCharset(Buffer.from(this.#bytes), this.#charset).text);
    this.#bytes = [];
  }

  #put(text: string): void {
    if (!this.#group.isHidden && !this.#group.isForRtf && this.#beyond === 0) this.#out.push(text);
  }
}
