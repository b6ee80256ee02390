/**
 * Reads scheduled-task definitions: one row a task, dated by its registration. Refuses what is no task of the Windows
 * namespace, and never runs or resolves anything. Specified by [MS-TSCH] 2.5; decisions: docs/formats/task.md.
 */
import type { Source } from "../../../base/source.ts";
import { shorten } from "../../../base/text.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { type Range, type Reader, headOf } from "../format.ts";
import type { NotRead } from "../json/json-value.ts";
import { wholeRange } from "../text/line-reading.ts";
import { type Clock, makeClock } from "../time/moment.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import {
  type XmlChild,
  type XmlDocument,
  openXml,
  unrooted,
  xmlChildren,
  xmlRanges,
} from "../xml/children.ts";
import { decodeXml, rootNameOf, xmlEncodingOf } from "../xml/encoding.ts";
import { type XmlElement, attributeOf, childOf, childrenNamed, textIn } from "../xml/tree.ts";
import { ACTION_FIELDS, FIELDS_BY_SECTION, PRINCIPAL_FIELDS, TASK, TASKS } from "./layout.ts";

/** Reads scheduled tasks. */
export const taskReader: Reader = {
  read: (source, setting, range = wholeRange(source)) => readTasks(source, setting, range),
  ranges: (source, rangeBytes, after) => xmlRanges(source, rangeBytes, after, openTasks),
  assumptions: assumptionsOf,
};

const CHANNEL = "Scheduled task";
/** What one task may bring: nobody writes longer ones by hand, and a payload hidden in one is cut, not lost. */
const VALUE_CHARS_MAX = 8_192;
const LIST_MAX = 64;

/** A list of tasks, or the tasks themselves where the file has no element around them. */
function openTasks(source: Source): XmlDocument | NotRead {
  const head = headOf(source);
  return rootNameOf(head) === TASKS ? openXml(source) : unrooted(head);
}

function* readTasks(source: Source, setting: Setting, range: Range): Generator<Piece> {
  const document = openTasks(source);
  const rows = new Rows("task", setting.place);
  if (document.kind === "not") {
    if (range.start === 0 && source.byteLength > 0) rows.flaw(0, document);
    return yield* rows.pieces();
  }
  const clock = makeClock(setting);
  for (const child of xmlChildren(source, document, range)) {
    if (child.kind === "not") rows.flaw(child.offset, child);
    else if (child.element.name !== TASK)
      rows.flaw(child.offset, { what: "task", need: TASK, have: shorten(child.element.name, 80) });
    else rows.add(rowOf(child, setting, clock), child.sizeBytes);
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

function rowOf(
  child: Extract<XmlChild, { kind: "child" }>,
  setting: Setting,
  clock: Clock,
): DecodedRow {
  const fields = fieldsOf(child.element);
  // `schtasks /query /xml` writes the path of a task as a comment before it; old tasks have no URI.
  if (!fields.has("URI") && child.comment.startsWith("\\")) fields.set("URI", child.comment);
  const { ticks, digits, zoned } = clock(textIn(child.element, "RegistrationInfo", "Date"));
  const uri = fields.get("URI");
  return {
    offset: child.offset,
    record: typeof uri === "string" ? uri : "",
    ticks,
    digits,
    zoneAssumed: zoned ? null : (setting.zone ?? "UTC"),
    host: setting.host ?? "",
    channel: CHANNEL,
    eventId: -1,
    provider: "",
    fields,
  };
}

function fieldsOf(task: XmlElement): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  const put = (name: string, values: readonly string[]) => {
    const kept = values.slice(0, LIST_MAX).map((value) => shorten(value, VALUE_CHARS_MAX));
    // Several actions keep their places in each list: one without the value has "" there.
    if (kept.some((value) => value !== ""))
      fields.set(name, kept.length === 1 ? (kept[0] ?? "") : kept);
  };
  for (const [section, names] of FIELDS_BY_SECTION)
    for (const name of names) put(name, [textIn(task, section, name)]);
  const actions = childOf(task, "Actions");
  const principal = principalOf(task, actions === null ? "" : attributeOf(actions, "Context"));
  if (principal !== null) for (const name of PRINCIPAL_FIELDS) put(name, [textIn(principal, name)]);
  for (const [kind, names] of ACTION_FIELDS) {
    const ofKind = actions === null ? [] : childrenNamed(actions, kind);
    for (const name of names)
      put(
        fields.has(name) ? `${kind}_${name}` : name,
        ofKind.map((action) => textIn(action, name)),
      );
  }
  put("Triggers", (childOf(task, "Triggers")?.children ?? []).map(printTrigger));
  return fields;
}

/** The principal that the actions run as: the one they name, else the only one. */
function principalOf(task: XmlElement, context: string): XmlElement | null {
  const all = childrenNamed(childOf(task, "Principals") ?? task, "Principal");
  return all.find((principal) => attributeOf(principal, "id") === context) ?? all[0] ?? null;
}

/** A trigger in one line: its kind, then each value below it (`CalendarTrigger StartBoundary=… DaysInterval=1`). */
function printTrigger(trigger: XmlElement): string {
  const values: string[] = [];
  const rest = trigger.children.toReversed();
  for (
    let element = rest.pop();
    element !== undefined && values.length < LIST_MAX;
    element = rest.pop()
  ) {
    for (const child of element.children.toReversed()) rest.push(child);
    const text = element.text.trim();
    if (element.children.length === 0)
      values.push(text === "" ? element.name : `${element.name}=${text}`);
  }
  return [trigger.name, ...values].join(" ");
}

/** A date with a zone behind its seconds: whoever wrote it knew. */
const ZONED_DATE = /<Date>[^<]*(?:Z|[+-]\d\d:\d\d)\s*<\/Date>/;
const DATE = /<Date>/;

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const text = decodeXml(head.subarray(0, head.length & ~1), xmlEncodingOf(head));
  return assumptionsOfSetting(setting, DATE.test(text) && !ZONED_DATE.test(text));
}
