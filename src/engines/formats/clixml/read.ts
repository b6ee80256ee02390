/**
 * Reads CLIXML: one row for each exported object, and for each element of an exported list. Refuses objects beyond a limit, and
 * what is not well formed: each is a flaw. One range: types are stated once, for all objects behind. Spec: docs/formats/clixml.md.
 */
import type { Source } from "../../../base/source.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Reader } from "../format.ts";
import { readByClock, wholeRange } from "../text/line-reading.ts";
import type { Clock } from "../time/moment.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import { type XmlChild, type XmlDocument, openXml, xmlChildren } from "../xml/children.ts";
import { decodeXml, xmlEncodingOf } from "../xml/encoding.ts";
import { MarkupScan } from "../xml/markup.ts";
import { childOf } from "../xml/tree.ts";
import { Objects } from "./flatten.ts";
import { saidBy } from "./inventory.ts";
import { LISTS, PROPERTIES } from "./layout.ts";

/** Reads CLIXML. */
export const clixmlReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByClock(source, setting, range, (from, _, clock) => readObjects(from, setting, clock)),
  *ranges(source, _, after) {
    if (after === null || after.end < source.byteLength) yield wholeRange(source);
  },
  assumptions: assumptionsOf,
};

function* readObjects(source: Source, setting: Setting, clock: Clock): Generator<Piece> {
  const rows = new Rows("clixml", setting.place);
  const document = openXml(source);
  if (document.kind === "not") {
    rows.flaw(0, document);
  } else {
    const reading = new Reading(rows, setting, clock);
    for (const child of objectsOf(source, document)) {
      reading.take(child);
      if (rows.isFull) yield* rows.pieces();
    }
  }
  yield* rows.pieces();
}

/** The objects of a document. A list stands for its elements, however long it is, and also where it is cut. */
function* objectsOf(source: Source, document: XmlDocument): Generator<XmlChild> {
  const scan = new MarkupScan(source, document.encoding);
  for (const child of xmlChildren(source, document, { start: 0, end: source.byteLength })) {
    const isList =
      child.kind === "child"
        ? child.element.children.some(
            ({ name, children }) => LISTS.has(name) && children.length > 0,
          ) && PROPERTIES.every((name) => childOf(child.element, name) === null)
        : child.what === "element longer than the limit" || child.have === "no end";
    const contentAt = isList ? listAt(scan, document, child.offset) : -1;
    if (contentAt < 0) {
      yield child;
      continue;
    }
    const range = { start: contentAt, end: child.offset + child.sizeBytes };
    for (const item of xmlChildren(source, { ...document, contentAt }, range)) {
      // Behind the list its own object ends: that is all that can stand there, since the object is whole.
      if (item.kind === "not" && item.need === "nothing behind the end of the root") break;
      yield item;
    }
  }
}

/** Markup before a list: the names of its type, and PowerShell writes them only once. */
const BEFORE_LIST_MAX = 256;

/** The first byte of the content of the list in the object at `offset`; -1 where it holds none. */
function listAt(scan: MarkupScan, { encoding }: XmlDocument, offset: number): number {
  let depth = 0;
  let at = offset;
  for (let markup = 0; markup < BEFORE_LIST_MAX; markup++) {
    const next = scan.next(at);
    if (next === null || next.end < 0) return -1;
    at = next.end;
    if (next.kind === "start" && depth === 1) {
      const tag = decodeXml(scan.bytes(next.start, Math.min(at, next.start + 64)), encoding);
      const name = /^<(\w+)/.exec(tag)?.[1] ?? "";
      if (LISTS.has(name)) return at;
      if (name === "Props" || name === "MS") return -1;
    }
    if (next.kind === "start") depth++;
    else if (next.kind === "end" && --depth <= 0) return -1;
  }
  return -1;
}

/** How a row says which kind of observation it is; no type of PowerShell or Exchange has such a property. */
const OBSERVATION = "Observation";

/** The objects of one document as rows. */
class Reading {
  readonly #rows: Rows;
  readonly #setting: Setting;
  readonly #clock: Clock;
  readonly #objects = new Objects();
  #count = 0;

  constructor(rows: Rows, setting: Setting, clock: Clock) {
    this.#rows = rows;
    this.#setting = setting;
    this.#clock = clock;
  }

  take(child: XmlChild): void {
    if (child.kind === "not") {
      this.#rows.flaw(child.offset, child);
      return;
    }
    const { type, fields, left } = this.#objects.flatten(child.element);
    if (left !== null) this.#rows.flaw(child.offset, left);
    this.#rows.add(this.#row(child.offset, type, fields), child.sizeBytes);
  }

  #row(offset: number, type: string, own: ReadonlyMap<string, FieldValue>): DecodedRow {
    const said = saidBy(type, own);
    const { ticks, digits, zoned } = this.#clock(said.time);
    const zoneAssumed = zoned ? null : (this.#setting.zone ?? "UTC");
    const fields = new Map(own);
    // An object cannot say by a property of its own what only its type can.
    fields.delete(OBSERVATION);
    for (const [name, value] of said.fields) fields.set(name, value);
    return {
      offset,
      record: String(++this.#count),
      ticks,
      digits,
      zoneAssumed,
      host: this.#setting.host ?? said.host,
      channel: said.channel,
      eventId: -1,
      provider: "",
      fields,
    };
  }
}

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const text = decodeXml(head, xmlEncodingOf(head));
  return assumptionsOfSetting(setting, /<DT\b[^<>]*>[^<>Z+]{10,40}</.test(text));
}
