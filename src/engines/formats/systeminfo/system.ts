/**
 * One system as systeminfo lists it, into rows: the system, each update, each network card, and what else stands behind them.
 * Refuses to complete a list that systeminfo itself cut: that is a flaw. Spec: docs/formats/systeminfo.md.
 */
import type { FieldValue } from "../../../model/event.ts";
import type { NotRead } from "../json/json-value.ts";
import { type ListingShape, splitAt } from "./layout.ts";

/** One row of a listing, before it has a place and a host. */
export interface ListingRow {
  readonly offset: number;
  readonly line: number;
  readonly sizeBytes: number;
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Text of the date that the row stands for; "" where it stands for none. */
  readonly date: string;
  readonly host: string;
  readonly channel: "systeminfo" | "qfe" | "updates";
}

/** A line of a listing, decoded. */
export interface ListingLine {
  readonly text: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly number: number;
  /** False: nothing ends it, so that it may have been cut. */
  readonly isEnded: boolean;
}

/** Where rows and flaws go. */
export interface ListingSink {
  row(row: ListingRow): void;
  flaw(offset: number, why: Omit<NotRead, "kind">): void;
}

type SystemShape = Extract<ListingShape, { readonly kind: "system" }>;

const FIELDS_MAX = 256;
const VALUES_MAX = 1_024;
/** `[01]: KB4462930`; French puts a blank before the colon. A cut list ends with the number alone. */
const ITEM = /^\s*\[(\d{1,4})\] ?:? ?(.*)$/;
/** Names of updates: with KB, as before with Q, `File 1` of a package of many files, a product code. */
const UPDATE = /^(?:(KB|Q)?(\d{5,7})(?:v\d+)?(?: - .{1,40})?|File \d+|\{[0-9A-F-]{36}\})$/i;
const DATED = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}, \d{1,2}:\d\d/;
/** An IPv6 address with its zone has at most 50 characters. */
const ADDRESS_CHARS_MAX = 64;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+(?:%\d+)?)$/i;

function isAddress(text: string): boolean {
  return text.length <= ADDRESS_CHARS_MAX && ADDRESS.test(text);
}

/** The KB number of an update's name, or "". */
export function kbOf(name: string): string {
  const [, prefix = "", digits = ""] = UPDATE.exec(name.trim()) ?? [];
  return /^kb$/i.test(prefix) ? `KB${digits}` : "";
}

/** What stands at a label: its own value, and the items below it. */
interface Section {
  readonly line: ListingLine;
  readonly name: string;
  readonly value: string;
  sizeBytes: number;
  /** Whether it has had more items than are kept. */
  isFull: boolean;
  /** Items, and what is told about each. */
  readonly items: { readonly text: string; readonly more: string[] }[];
}

/** Gathers one system after the other. */
export class Systems {
  readonly #shape: SystemShape;
  readonly #sink: ListingSink;
  /** Sections before the list of updates, until they are told as one row. */
  #before: Section[] = [];
  #section: Section | null = null;
  #host = "";
  #isTold = false;
  /** The list of updates while it is read: how many there are, and how many it says. */
  #list: { readonly section: Section; count: number } | null = null;

  constructor(shape: SystemShape, sink: ListingSink) {
    this.#shape = shape;
    this.#sink = sink;
  }

  take(line: ListingLine): void {
    if (/^\s/.test(line.text)) {
      this.#continue(line);
      return;
    }
    const split = splitAt(line.text, this.#shape.column);
    if (split === null) {
      this.#sink.flaw(line.offset, { what: "line", need: "a label and a value", have: "neither" });
      return;
    }
    if (split.label === this.#shape.first) this.end();
    this.#close();
    const name = split.label.replace(/\s+/g, "");
    const { sizeBytes } = line;
    this.#section = { line, name, value: split.value, sizeBytes, isFull: false, items: [] };
    if (split.label === this.#shape.host) this.#host = split.value;
  }

  /** Tells what is open: the listing ends, or the next system begins. */
  end(): void {
    this.#close();
    this.#tellSystem();
    this.#isTold = false;
    this.#host = "";
  }

  #continue(line: ListingLine): void {
    const section = this.#section;
    const item = ITEM.exec(line.text);
    if (section === null) {
      this.#sink.flaw(line.offset, { what: "line", need: "a label before it", have: "none" });
      return;
    }
    if (this.#list !== null && item !== null) {
      this.#update(line, item[1] ?? "", (item[2] ?? "").trim());
      return;
    }
    // Half a line must not become part of the system.
    if (!line.isEnded && !this.#isTold) return;
    const text = (item?.[2] ?? line.text).trim();
    if (item !== null && section.items.length === 0 && UPDATE.test(text)) {
      // How many there are is said of the system.
      this.#before.push(section);
      this.#tellSystem();
      this.#list = { section, count: 0 };
      this.#update(line, item[1] ?? "", text);
      return;
    }
    section.sizeBytes += line.sizeBytes;
    const last = section.items.at(-1);
    // The addresses of a card are numbered again, below the card.
    const isInner = item === null || (last !== undefined && isAddress(text));
    if (!isInner || last === undefined) this.#item(section, text, line.offset);
    else if (last.more.length < VALUES_MAX) last.more.push(text);
  }

  #item(section: Section, text: string, offset: number): void {
    if (section.items.length < VALUES_MAX) section.items.push({ text, more: [] });
    else if (!section.isFull) {
      section.isFull = true;
      const have = "more; they are left out";
      this.#sink.flaw(offset, { what: "items of a label", need: `at most ${VALUES_MAX}`, have });
    }
  }

  #update(line: ListingLine, number: string, name: string): void {
    const { offset, sizeBytes, number: at } = line;
    const list = this.#list;
    if (list === null || name === "") return;
    list.count++;
    // A number that was cut would be another update.
    const kb = line.isEnded ? kbOf(name) : "";
    const fields = new Map<string, FieldValue>([
      ["Update", name],
      ["Number", number],
    ]);
    if (kb !== "") {
      fields.set("Product", "Windows").set("Observation", "hotfix-list").set("Kb", kb);
    }
    this.#sink.row({
      offset,
      line: at,
      sizeBytes,
      fields,
      date: "",
      host: this.#host,
      channel: "systeminfo",
    });
  }

  #close(): void {
    const section = this.#section;
    if (section === null) return;
    this.#section = null;
    if (this.#list !== null) {
      this.#checkList(this.#list);
      this.#list = null;
    } else if (!this.#isTold && this.#before.length < FIELDS_MAX) this.#before.push(section);
    else this.#tellSection(section);
  }

  /** systeminfo stops a long list in the middle, and goes on as if nothing were missing. */
  #checkList({ section, count }: { readonly section: Section; readonly count: number }): void {
    const said = /\d+/.exec(section.value)?.[0];
    if (said === undefined || Number(said) === count) return;
    const { offset } = section.line;
    const need = `${said}, as the listing itself says`;
    this.#sink.flaw(offset, { what: "list of updates", need, have: `${count}` });
  }

  #tellSystem(): void {
    const [first] = this.#before;
    if (first === undefined || this.#isTold) return;
    const fields = new Map<string, FieldValue>();
    for (const section of this.#before) {
      const texts = section.items.map(({ text }) => text);
      fields.set(section.name, texts.length === 0 ? section.value : [section.value, ...texts]);
    }
    const dates = this.#before.filter(({ value }) => DATED.test(value));
    this.#nameKnown(fields, dates);
    const { offset, number } = first.line;
    const sizeBytes = this.#before.reduce((sum, section) => sum + section.sizeBytes, 0);
    const date = dates[1]?.value ?? "";
    this.#sink.row({
      offset,
      line: number,
      sizeBytes,
      fields,
      date,
      host: this.#host,
      channel: "systeminfo",
    });
    this.#before = [];
    this.#isTold = true;
  }

  /** What is told by place or shape gets its English name, whatever the language. */
  #nameKnown(fields: Map<string, FieldValue>, dates: readonly Section[]): void {
    const labelled = (label: string) => label.replace(/\s+/g, "");
    const valueAt = (label: string) => {
      const found = fields.get(labelled(label));
      return typeof found === "string" ? found : "";
    };
    const version = valueAt(this.#shape.osVersion);
    const known: readonly (readonly [string, string])[] = [
      ["HostName", this.#shape.host === "" ? "" : valueAt(this.#shape.host)],
      ["OSName", valueAt(this.#shape.osName)],
      ["OSVersion", version],
      ["OriginalInstallDate", dates[0]?.value ?? ""],
      ["SystemBootTime", dates[1]?.value ?? ""],
      ["TimeZone", this.#before.find(({ value }) => /^\((?:UTC|GMT)/.test(value))?.value ?? ""],
    ];
    for (const [name, value] of known) if (value !== "") fields.set(name, value);
    const build = version.split(" ", 1)[0] ?? "";
    if (build !== "")
      fields.set("Product", "Windows").set("Build", build).set("Observation", "exported-manifest");
  }

  /** Behind the updates: one row for each network card, or for the label. */
  #tellSection({ line, name, value, sizeBytes, items }: Section): void {
    const place = { offset: line.offset, line: line.number, sizeBytes, date: "", host: this.#host };
    const fields = new Map<string, FieldValue>([[name, value]]);
    const texts = items.map(({ text }) => text);
    if (texts.length > 0) fields.set("Items", texts);
    const more = items.flatMap((item) => item.more).slice(0, VALUES_MAX);
    const addresses = more.map((text) => ITEM.exec(text)?.[2]?.trim() ?? text).filter(isAddress);
    if (addresses.length > 0) fields.set("Addresses", addresses);
    const others = more.filter((text) => !addresses.includes(text));
    if (others.length > 0) fields.set("Details", others);
    this.#sink.row({ ...place, fields, channel: "systeminfo" });
  }
}
