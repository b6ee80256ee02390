/**
 * One object of CLIXML into fields: properties of properties get dotted names, lists of plain values stay lists. Refuses more
 * fields, and longer values, than any object of an administrator's export has; what is left out is told. Spec: MS-PSRP 2.2.5.2.
 */
import { shorten } from "../../../base/text.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { NotRead } from "../json/json-value.ts";
import { type XmlElement, attributeOf, childOf } from "../xml/tree.ts";
import { LISTS, PRIMITIVES, PROPERTIES, REPEATED, shortTypeName, unescaped } from "./layout.ts";

/** Fields of one object: a whole organisation's configuration has some 1,500. */
const FIELDS_MAX = 8_192;
const NAME_CHARS_MAX = 512;
/** The mitigations that a server fetched are one value of 45,000 characters. */
const VALUE_CHARS_MAX = 262_144;
/** Names that later objects refer to; longer texts and further ones are told by their number. */
const NAMED_MAX = 65_536;
const NAMED_CHARS_MAX = 256;

/** An object as fields. */
export interface FlatObject {
  /** Short name of its type; `String` and the like for a primitive value. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** What was left out, in the words of a flaw; null where nothing was. */
  readonly left: Omit<NotRead, "kind"> | null;
}

/** The objects of one document: types and names that one states are referred to by those after it. */
export class Objects {
  readonly #types = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** The object of an element, which is a child of the root or of a list. */
  flatten(element: XmlElement): FlatObject {
    const fields = new Fields();
    const type = element.name === "Obj" ? this.#typeOf(element) : "";
    this.#put(fields, "", element);
    return { type: type === "" ? typeOfPrimitive(element.name) : type, ...fields.done() };
  }

  /** Puts the value of an element under a name; the object itself has none, and its own text is its `ToString`. */
  #put(fields: Fields, name: string, element: XmlElement): void {
    if (element.name === "Ref") {
      const id = attributeOf(element, "RefId");
      fields.set(name, this.#names.get(id) ?? `object ${id}`);
    } else if (element.name === "Obj") this.#putObject(fields, name, element);
    else fields.set(name === "" ? "Value" : name, valueOf(element));
  }

  #putObject(fields: Fields, name: string, element: XmlElement): void {
    const type = this.#typeOf(element);
    const text = textOf(element);
    const id = attributeOf(element, "RefId");
    if (id !== "" && this.#names.size < NAMED_MAX)
      this.#names.set(id, (text ?? type).slice(0, NAMED_CHARS_MAX));
    if (text !== null) fields.set(name === "" ? "ToString" : name, text);
    // What PowerShell added hides a property of the same name, as it does for whoever looks at the object.
    for (const part of [...PROPERTIES].reverse()) {
      for (const property of childOf(element, part)?.children ?? []) {
        const own = attributeOf(property, "N");
        if (own === REPEATED || own === "") continue;
        const path = pathTo(name, unescaped(own));
        this.#put(fields, fields.has(path) ? pathTo(path, part) : path, property);
      }
    }
    for (const child of element.children) {
      if (child.name === "DCT") this.#putDictionary(fields, name, child);
      else if (LISTS.has(child.name)) this.#putList(fields, name, child);
      else if (PRIMITIVES.has(child.name) && text === null)
        fields.set(name === "" ? "Value" : name, valueOf(child));
    }
  }

  #putDictionary(fields: Fields, name: string, dictionary: XmlElement): void {
    for (const entry of dictionary.children) {
      const key = entry.children.find((child) => attributeOf(child, "N") === "Key");
      const value = entry.children.find((child) => attributeOf(child, "N") === "Value");
      if (key === undefined || value === undefined) continue;
      const told = key.name === "Obj" ? (textOf(key) ?? "") : String(valueOf(key) ?? "");
      this.#put(fields, pathTo(name, told), value);
    }
  }

  /** Texts of the elements as one list; what an element has besides its text gets its number in the name. */
  #putList(fields: Fields, name: string, list: XmlElement): void {
    const texts: FieldValue[] = [];
    const path = name === "" ? "Items" : name;
    for (const [index, item] of list.children.entries()) {
      if (fields.isFull) break;
      const before = fields.size;
      const pair = pairName(item);
      const own = pathTo(path, pair ?? String(index));
      this.#put(fields, own, item);
      if (pair !== null) fields.join(own);
      else if (fields.size > before) texts.push(fields.take(own) ?? "");
    }
    if (texts.some((text) => text !== "") || list.children.length === 0) fields.set(path, texts);
  }

  #typeOf(element: XmlElement): string {
    const stated = childOf(element, "TN");
    if (stated === null) {
      const reference = childOf(element, "TNRef");
      return reference === null ? "" : (this.#types.get(attributeOf(reference, "RefId")) ?? "");
    }
    const type = shortTypeName(unescaped(stated.children[0]?.text ?? ""));
    if (this.#types.size < NAMED_MAX)
      this.#types.set(attributeOf(stated, "RefId"), type.slice(0, NAMED_CHARS_MAX));
    return type;
  }
}

/** The fields of one object while they are gathered. */
class Fields {
  readonly #fields = new Map<string, FieldValue>();
  #tooMany = 0;
  #cut = "";

  get size(): number {
    return this.#fields.size;
  }

  get isFull(): boolean {
    return this.#fields.size >= FIELDS_MAX;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  set(name: string, value: FieldValue): void {
    const own = shorten(name, NAME_CHARS_MAX);
    if (this.isFull && !this.#fields.has(own)) this.#tooMany++;
    else if (typeof value === "string" && value.length > VALUE_CHARS_MAX) {
      this.#cut = own;
      this.#fields.set(own, shorten(value, VALUE_CHARS_MAX));
    } else this.#fields.set(own, value);
  }

  /** Takes a field out again. */
  take(name: string): FieldValue | undefined {
    const own = shorten(name, NAME_CHARS_MAX);
    const value = this.#fields.get(own);
    this.#fields.delete(own);
    return value;
  }

  /** Makes one field of the name and the value of a pair. */
  join(name: string): void {
    const value = this.take(`${name}.Value`);
    if (value === undefined) return;
    this.take(`${name}.Name`);
    this.take(name);
    this.set(name, value);
  }

  done(): Pick<FlatObject, "fields" | "left"> {
    const left =
      this.#tooMany > 0
        ? { what: "fields", need: `at most ${FIELDS_MAX}`, have: `${this.#tooMany} more` }
        : this.#cut === ""
          ? null
          : { what: "value", need: `at most ${VALUE_CHARS_MAX} characters`, have: this.#cut };
    return { fields: this.#fields, left };
  }
}

/** The name of a pair of name and value, as which Exchange lists the parameters of a cmdlet; null where it is none. */
function pairName(item: XmlElement): string | null {
  const properties = childOf(item, "Props")?.children ?? [];
  const of = (name: string) => properties.find((child) => attributeOf(child, "N") === name);
  const name = of("Name");
  const isPair = name?.name === "S" && (of("Value") ?? of("NewValue")) !== undefined;
  return isPair ? unescaped(name.text) : null;
}

function pathTo(name: string, own: string): string {
  return shorten(name === "" ? own : `${name}.${own}`, NAME_CHARS_MAX);
}

/** What the object calls itself, or null. */
function textOf(element: XmlElement): string | null {
  const text = childOf(element, "ToString");
  return text === null ? null : unescaped(text.text);
}

/** Numbers beyond 2^53 and bytes stay texts. */
function valueOf(element: XmlElement): FieldValue {
  const text = unescaped(element.text);
  switch (PRIMITIVES.get(element.name)) {
    case "nothing":
      return null;
    case "truth":
      return text === "true";
    case "number": {
      const number = Number(text);
      return text.trim() === "" ||
        (Number.isInteger(number) && !Number.isSafeInteger(number)) ||
        Number.isNaN(number)
        ? text
        : number;
    }
    case "text":
    case "bytes":
    case undefined:
      return text;
  }
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["S", "String"],
  ["B", "Boolean"],
  ["DT", "DateTime"],
  ["I32", "Int32"],
  ["I64", "Int64"],
]);

function typeOfPrimitive(name: string): string {
  return TYPES.get(name) ?? name;
}
