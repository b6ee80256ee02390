/**
 * Reads audit logs that Exchange exported as XML: one row for each entry, in either log. Refuses entries that are not well formed,
 * or longer than a limit: each is a flaw. Spec: docs/formats/audit-xml.md.
 */
import { UNDATED } from "../../../base/time.ts";
import type { Source } from "../../../base/source.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import {
  type DayReading,
  contradiction,
  dayOrderAssumption,
  decideDayOrder,
  readDateText,
} from "../time/day-order.ts";
import { type Range, type Reader, headOf } from "../format.ts";
import { readByClock, wholeRange } from "../text/line-reading.ts";
import type { Clock } from "../time/moment.ts";
import { EXCHANGE, auditedBy, observed } from "../observed.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import { type XmlChild, openXml, xmlChildren, xmlRanges } from "../xml/children.ts";
import { decodeXml, xmlEncodingOf } from "../xml/encoding.ts";
import { type XmlElement, attributeOf } from "../xml/tree.ts";

/** Reads audit logs in XML. */
export const auditXmlReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByClock(source, setting, range, (from, part, clock) =>
      readEntries(from, setting, part, clock),
    ),
  ranges: (source, rangeBytes, after) => xmlRanges(source, rangeBytes, after),
  assumptions: assumptionsOf,
};

/** An entry with more fields than this was not written by Exchange. */
const FIELDS_MAX = 1_024;
/** Items that one entry names: a purge of a folder can name thousands. */
const ITEMS_MAX = 16_384;

function* readEntries(
  source: Source,
  setting: Setting,
  range: Range,
  clock: Clock,
): Generator<Piece> {
  const rows = new Rows("audit-xml", setting.place);
  const days = dayReading(headOf(source), setting);
  const document = openXml(source);
  if (document.kind === "not") {
    // What is wrong with the start is told once.
    if (range.start === 0) rows.flaw(0, document);
  } else {
    for (const child of xmlChildren(source, document, range)) {
      take(child, { rows, setting, clock, days });
      if (rows.isFull) yield* rows.pieces();
    }
  }
  yield* rows.pieces();
}

/** What entries are read with. */
interface Reading {
  readonly rows: Rows;
  readonly setting: Setting;
  readonly clock: Clock;
  readonly days: DayReading;
}

function take(child: XmlChild, reading: Reading): void {
  const { rows } = reading;
  if (child.kind === "not") rows.flaw(child.offset, child);
  else if (child.element.name === "Event")
    rows.add(rowOf(child.element, child.offset, reading), child.sizeBytes);
  else rows.flaw(child.offset, { what: "entry", need: "an Event", have: child.element.name });
}

function rowOf(event: XmlElement, offset: number, reading: Reading): DecodedRow {
  const { rows, setting, clock, days } = reading;
  const isAdmin = attributeOf(event, "Cmdlet") !== "";
  const fields = fieldsOf(event);
  const { server, build } = auditedBy(attributeOf(event, "OriginatingServer"));
  for (const [name, value] of observed(EXCHANGE, build, "server-log")) fields.set(name, value);
  const date = attributeOf(event, isAdmin ? "RunDate" : "LastAccessed");
  const read = readDateText(date, days.order);
  if (read.kind === "contradicts") rows.flaw(offset, contradiction(date, days));
  const moment =
    read.kind === "read" ? clock(read.iso) : { ticks: UNDATED, digits: 0, zoned: true };
  return {
    offset,
    // Entries have no name of their own.
    record: String(offset),
    ticks: moment.ticks,
    digits: moment.digits,
    zoneAssumed: moment.zoned ? null : (setting.zone ?? "UTC"),
    host: setting.host ?? server,
    // As the same entries are called where PowerShell exported them.
    channel: isAdmin ? "AdminAuditLogEvent" : "MailboxAuditLogEvent",
    eventId: -1,
    provider: "",
    fields,
  };
}

function fieldsOf(event: XmlElement): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>(event.attributes);
  for (const group of event.children) {
    const own = group.text.trim();
    if (own !== "") put(fields, group.name, own);
    const lists = new Map<string, string[]>();
    for (const item of group.children.slice(0, ITEMS_MAX)) {
      const named = attributeOf(item, "Name");
      for (const [attribute, value] of item.attributes) {
        // A parameter or a property has a name; items of a folder have none, and come as lists.
        if (named === "") listIn(lists, `${group.name}.${attribute}`).push(value);
        else if (attribute === "Value") put(fields, `${group.name}.${named}`, value);
        else if (attribute !== "Name") put(fields, `${group.name}.${named}.${attribute}`, value);
      }
    }
    for (const [name, values] of lists) put(fields, name, values);
  }
  return fields;
}

function listIn(lists: Map<string, string[]>, name: string): string[] {
  const known = lists.get(name) ?? [];
  lists.set(name, known);
  return known;
}

function put(fields: Map<string, FieldValue>, name: string, value: FieldValue): void {
  if (fields.size < FIELDS_MAX) fields.set(name, value);
}

const DATES = /\b(?:RunDate|LastAccessed)\s*=\s*"([^"]{1,64})"/g;

/** Exchange 2010 wrote `3/5/2010 11:59:12 PM`, later ones ISO 8601 with an offset. */
function dayReading(head: Uint8Array, setting: Setting): DayReading {
  const text = decodeXml(head, xmlEncodingOf(head));
  const dates = [...text.matchAll(DATES)].map(([, date = ""]) => date);
  const why = "Exchange 2010 wrote these dates month first";
  return decideDayOrder(dates, { order: "month-first", why }, setting);
}

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const days = dayReading(head, setting);
  const found = assumptionsOfSetting(setting, days.example !== null);
  const order = dayOrderAssumption(setting.place.file, days);
  return order === null ? found : [...found, order];
}
