/**
 * What a listing is, told from its first lines: systeminfo in any language, a table of updates with fixed columns (wmic qfe,
 * Get-HotFix), or updates by number and title. Refuses text without those shapes. Spec: docs/formats/systeminfo.md.
 */
import { Buffer } from "node:buffer";
import { sameBytes, utf8 } from "../../../base/bytes.ts";
import { type TextForm, textFormOf } from "../text/text-form.ts";
import { type CodePage, codePageOf, decodeCodePage } from "./code-page.ts";

/** How the text of a listing lies in bytes. */
export interface ListingText extends TextForm {
  readonly codePage: CodePage;
  /** Bytes before the listing: a byte order mark, and what wmic says when it runs for the first time. */
  readonly startBytes: number;
}

/** A column of a table: its name, and the characters it takes. */
export interface Column {
  readonly name: string;
  readonly start: number;
  /** Where the next one starts; Infinity for the last. */
  readonly end: number;
}

/** What a listing is. */
export type ListingShape =
  | {
      readonly kind: "system";
      /** Cells before a value. */
      readonly column: number;
      /** The label of the first line, with which each further system begins. */
      readonly first: string;
      readonly host: string;
      readonly osName: string;
      readonly osVersion: string;
    }
  | { readonly kind: "table"; readonly columns: readonly Column[]; readonly line: string }
  | { readonly kind: "titles" };

/** Printed once to the console before the first table, and so also into a file. */
const INSTALLING = utf8("Please wait while WMIC is being installed.");
/** A prompt may stand before a listing; more text, and this is a mail or a report that quotes one. */
const LINES_LOOKED_AT = 5;

/** `OS Version:  10.0.17134 N/A Build 17134`, in any language: the last number says the third one again. */
const VERSION = /^(\S[^\r\n]{0,79}?): +(\d{1,2}\.\d{1,2}\.(\d{4,5})) [^\r\n]{0,80}?\b\3\s*$/;
/** `KB4462930, KB4462931: Update for …` */
export const TITLED = /^((?:KB\d{6,7}(?:, )?){1,16}): (\S.{0,1000})$/;

/** How these first bytes lie in text. */
export function listingText(head: Uint8Array): ListingText {
  const outer = textFormOf(head);
  const hasNotice = sameBytes(head.subarray(0, INSTALLING.length), INSTALLING);
  const before = hasNotice ? INSTALLING.length : 0;
  const form = hasNotice ? textFormOf(head.subarray(before)) : outer;
  const startBytes = before + form.markBytes;
  const codePage = form.unitBytes === 2 ? "utf-8" : codePageOf(head.subarray(startBytes));
  return { ...form, codePage, startBytes };
}

/** The text of some bytes of a listing. */
export function decodeListing(bytes: Uint8Array, { unitBytes, codePage }: ListingText): string {
  if (unitBytes === 1) return decodeCodePage(bytes, codePage);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf16le");
}

/** What the listing is that begins so; null where it is none. */
export function listingShape(head: Uint8Array): ListingShape | null {
  const text = listingText(head);
  const lines = decodeListing(head.subarray(text.startBytes), text)
    .split("\n", LINES_LOOKED_AT * 4)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(0, LINES_LOOKED_AT);
  return systemShape(lines) ?? tableShape(lines) ?? titlesShape(lines);
}

/** By the line of the version, which is the third; where the first was cut off, the second. */
function systemShape(lines: readonly string[]): ListingShape | null {
  const at = lines.findIndex((line) => VERSION.test(line));
  const match = VERSION.exec(lines[at] ?? "");
  const name = lines[at - 1];
  if (match === null || name === undefined) return null;
  const [line, osVersion = "", version = ""] = match;
  const column = cellsOf(line.slice(0, line.indexOf(version, osVersion.length)));
  const osName = splitAt(name, column)?.label ?? "";
  const host = at > 1 ? (splitAt(lines[at - 2] ?? "", column)?.label ?? "") : "";
  if (osName === "") return null;
  return { kind: "system", column, first: host || osName, host, osName, osVersion };
}

function tableShape(lines: readonly string[]): ListingShape | null {
  const line = lines.find(
    (text) => /(^|\s)HotFixID\s/.test(text) && /\sInstalledOn(\s|$)/.test(text),
  );
  return line === undefined ? null : { kind: "table", columns: columnsOf(line), line };
}

/** wmic lists eleven columns, Get-HotFix five. */
const COLUMNS_MAX = 64;

/** The columns that a line of names heads; those beyond the limit belong to the last. */
export function columnsOf(line: string): readonly Column[] {
  const names = [...line.matchAll(/\S+/g)].slice(0, COLUMNS_MAX);
  return names.map(({ 0: name, index }, at) => ({
    name,
    // Before the first name there may be room for values all the same.
    start: at === 0 ? 0 : index,
    end: names[at + 1]?.index ?? Number.POSITIVE_INFINITY,
  }));
}

function titlesShape(lines: readonly string[]): ListingShape | null {
  const [first] = lines;
  return first !== undefined && TITLED.test(first) ? { kind: "titles" } : null;
}

/** A line of systeminfo: its label, and its value, which begins in a column of its own. */
export function splitAt(
  line: string,
  column: number,
): { readonly label: string; readonly value: string } | null {
  let cells = 0;
  let at = 0;
  while (at < line.length && cells < column) {
    const char = String.fromCodePoint(line.codePointAt(at) ?? 0);
    cells += cellsOf(char);
    at += char.length;
  }
  const label = line.slice(0, at).trimEnd();
  if (label.endsWith(":")) return { label: label.slice(0, -1), value: line.slice(at).trim() };
  const colon = /: +(?=\S)|:$/.exec(line);
  if (colon === null) return null;
  return {
    label: line.slice(0, colon.index),
    value: line.slice(colon.index + colon[0].length).trim(),
  };
}

/** Wide characters, as of Chinese, take two cells of a console. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

function cellsOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}
