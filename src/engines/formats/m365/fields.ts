/**
 * What one record says, as fields: nested objects under dotted names, lists of named values under their names, and the
 * virtual fields of mail access. Refuses nothing: the scan has checked the text and bounded its depth and its names.
 */
import { shorten } from "../../../base/text.ts";
import type { FieldValue } from "../../../model/event.ts";
import {
  type Json,
  type JsonObject,
  fieldValueOf,
  isList,
  isObject,
  parseJson,
} from "../json/json-value.ts";
import type { Shape } from "./kinds.ts";
import { LEFT_OUT, asked, bare } from "./unlisted.ts";
import { addVirtual } from "./virtual.ts";

/** Fields of one record; a sound one has some hundred. What a text within it adds is not counted by the scan. */
const FIELDS_MAX = 8_192;
/** Names are put together of names within names: each goes on from what is left of the one before. */
const NAME_CHARS_MAX = 512;

/** Values while they are gathered, in the order of the source. */
export type Gathered = Map<string, FieldValue>;

/** Fields of a record; its lists and objects are given as JSON where somebody asks for them by name. */
export class Fields {
  readonly #values: Gathered;
  readonly #nested: ReadonlyMap<string, Json>;

  constructor(values: Gathered, nested: ReadonlyMap<string, Json>) {
    this.#values = values;
    this.#nested = nested;
  }

  /** A field; a list or an object by its own name is its JSON. */
  get(name: string): FieldValue | undefined {
    const value = this.#values.get(name) ?? this.#values.get(bare(name));
    if (value !== undefined) return value;
    const whole = this.#nested.get(bare(name));
    if (whole !== undefined) return typeof whole === "string" ? whole : JSON.stringify(whole);
    return asked(name, (other) => this.#values.get(other));
  }

  /** The names of what is listed. */
  names(): readonly string[] {
    return [...this.#values.keys()];
  }
}

/** A record that says nothing. */
export const NO_FIELDS: Fields = new Fields(new Map(), new Map());

/** The fields of a record, of the shape that its kind has, with the columns that an export puts beside it. */
export function fieldsOf(
  text: string,
  shape: Shape,
  columns: ReadonlyMap<string, string> | null,
): Fields {
  const parsed = parseJson(text);
  const record = parsed.kind === "value" && isObject(parsed.value) ? parsed.value : {};
  const values: Gathered = new Map();
  const nested = new Map<string, Json>();
  const inner = shape === "exported" ? innerOf(record) : null;
  if (inner !== null) flatten(inner, "", values, nested);
  for (const [name, value] of Object.entries(record))
    if (inner === null || (name !== "AuditData" && name !== "auditData"))
      addMember(besideName(name, value, values), value, values, nested);
  for (const [name, cell] of columns ?? [])
    if (cell !== "") addMember(besideName(name, cell, values), cell, values, nested);
  addVirtual(values, nested);
  return new Fields(values, nested);
}

/** The audit record inside an exported one; null where it cannot be read, and stays as it is. */
function innerOf(record: JsonObject): JsonObject | null {
  const held = record["AuditData"] ?? record["auditData"];
  if (isObject(held)) return held;
  const parsed = typeof held === "string" ? parseJson(held) : null;
  return parsed?.kind === "value" && isObject(parsed.value) ? parsed.value : null;
}

/** What an export says beside the record goes under its own name, or where the record says otherwise, under another. */
function besideName(name: string, value: Json, values: Gathered): string {
  const known = values.get(bare(name));
  return known === undefined || JSON.stringify(known) === JSON.stringify(fieldValueOf(value))
    ? name
    : `Export_${name}`;
}

function flatten(
  object: JsonObject,
  prefix: string,
  values: Gathered,
  nested: Map<string, Json>,
): void {
  for (const [name, value] of Object.entries(object))
    addMember(prefix === "" ? name : `${prefix}.${name}`, value, values, nested);
}

/** One member of a record: a value, or what stands below it. */
function addMember(name: string, value: Json, values: Gathered, nested: Map<string, Json>): void {
  const path = shorten(bare(name), NAME_CHARS_MAX);
  const inside = path.includes(".") ? value : unfolded(value);
  if (isObject(inside) && Object.keys(inside).length > 0) {
    nested.set(path, value);
    flatten(inside, path, values, nested);
  } else if (isList(inside) && inside.some(isObject) && saysAnything(inside)) {
    nested.set(path, value);
    addItems(path, inside, values, nested);
  } else put(values, path, fieldValueOf(value));
}

/** Takes a field; of a name that comes twice the first counts, and of too many the record says how many it lacks. */
function put(values: Gathered, name: string, value: FieldValue): void {
  if (values.has(name)) return;
  if (values.size < FIELDS_MAX) values.set(name, value);
  else values.set(LEFT_OUT, Number(values.get(LEFT_OUT) ?? 0) + 1);
}

/** Log Analytics writes nested values as text: they are read as what they are; a text that is none stays one. */
function unfolded(value: Json): Json {
  if (typeof value !== "string" || (value[0] !== "{" && value[0] !== "[")) return value;
  const parsed = parseJson(value);
  return parsed.kind === "value" ? parsed.value : value;
}

/**
 * A list that holds objects. Named values (`Name`, `Value`) go under their names; else each name gathers what all items say
 * under it, in their order. What belongs together is told by the list itself, as JSON.
 */
function addItems(
  path: string,
  items: readonly Json[],
  values: Gathered,
  nested: Map<string, Json>,
): void {
  const gathered = new Map<string, FieldValue[]>();
  for (const item of items) {
    if (!isObject(item)) {
      listOf(gathered, path).push(fieldValueOf(item));
      continue;
    }
    const pair = pairOf(item);
    if (pair !== null) addMember(`${path}.${pair.name}`, pair.value, values, nested);
    else gather(item, path, gathered, nested);
  }
  for (const [name, list] of gathered) {
    const [only] = list;
    put(values, name, list.length === 1 && only !== undefined ? only : list);
  }
}

/** Whether any value stands in it: what has none leaves no field, by which whoever asks would know of it. */
function saysAnything(value: Json): boolean {
  if (isList(value)) return value.some(saysAnything);
  return !isObject(value) || Object.values(value).some(saysAnything);
}

function gather(
  object: JsonObject,
  prefix: string,
  gathered: Map<string, FieldValue[]>,
  nested: Map<string, Json>,
): void {
  for (const [name, value] of Object.entries(object)) {
    const path = shorten(`${prefix}.${bare(name)}`, NAME_CHARS_MAX);
    if (isObject(value)) gather(value, path, gathered, nested);
    else if (isList(value)) {
      if (!nested.has(path) && value.some(isObject) && saysAnything(value)) nested.set(path, value);
      for (const item of value)
        if (isObject(item)) gather(item, path, gathered, nested);
        else listOf(gathered, path).push(fieldValueOf(item));
    } else listOf(gathered, path).push(fieldValueOf(value));
  }
}

function listOf(gathered: Map<string, FieldValue[]>, path: string): FieldValue[] {
  const known = gathered.get(path);
  if (known !== undefined) return known;
  const made: FieldValue[] = [];
  gathered.set(path, made);
  return made;
}

const PAIR_NAMES = ["Name", "name", "Key", "key"] as const;
const PAIR_VALUES = ["Value", "value"] as const;

/** A named value; of one with an old and a new value, below the name (ModifiedProperties of the audit log). */
function pairOf(item: JsonObject): { readonly name: string; readonly value: Json } | null {
  const name = PAIR_NAMES.map((key) => item[key]).find((value) => typeof value === "string");
  if (typeof name !== "string" || name === "") return null;
  const value = PAIR_VALUES.map((key) => item[key]).find((held) => held !== undefined);
  const count = Object.keys(item).length;
  if (value !== undefined && count === 2) return { name, value };
  const { NewValue, OldValue } = item;
  if (count !== 3 || NewValue === undefined || OldValue === undefined) return null;
  return { name, value: { NewValue, OldValue } };
}
