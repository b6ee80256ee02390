/**
 * What the parts of an event are called, and how their values are finished (docs/formats/evtx.md).
 * EventData by the name of each Data, UserData by element, System as `Element` and `Element_Attribute`.
 * Refuses to lose anything: of two fields with one name, the lesser gets its section's name before its own.
 */
import { EVENT_DATA, SYSTEM, SYSTEM_FIRST, SYSTEM_NUMBERS, USER_DATA } from "../windows-names.ts";
import {
  type Inner,
  type Placed,
  type Role,
  type Slot,
  slotOf,
  splice,
  type Table,
  textOf,
} from "./slot.ts";
import { type Attribute, childNamed, type Element, localName, type Node } from "./tree.ts";

export interface NamedField {
  readonly name: string;
  readonly slot: Slot;
}

interface Found extends NamedField {
  readonly section: string;
  /** Data without a name: an array of texts is then one Data for each. */
  readonly unnamed: boolean;
}

/** Fields by name in the order of the markup; not fixed where a Data is named by a value. */
export function nameFields(
  content: readonly Node[],
  inner: Inner | null,
): { readonly fields: readonly NamedField[]; readonly fixed: boolean } {
  const collector = new Collector(inner);
  const root = childNamed(content, "Event");
  if (root !== undefined)
    for (const { node, table } of splice(root.content, 0, inner))
      if (node.kind === "element") collector.section(node, table);
  return { fields: resolve(group(collector.found)), fixed: collector.fixed };
}

class Collector {
  readonly found: Found[] = [];
  fixed = true;
  readonly #inner: Inner | null;

  constructor(inner: Inner | null) {
    this.#inner = inner;
  }

  /** A child of Event. */
  section(element: Element, table: Table): void {
    const section = localName(element.name);
    this.#attributes(element, table, section, section);
    const content = splice(element.content, table, this.#inner);
    let own = true;
    for (const { node, table: from } of content) {
      if (node.kind !== "element") continue;
      own = false;
      this.#element(node, from, section);
    }
    if (own) this.#add({ name: section, content, section, omitted: true });
  }

  #element(element: Element, table: Table, section: string): void {
    const given = section === EVENT_DATA ? this.#givenName(element, table) : null;
    const local = localName(element.name);
    const name = given ?? local;
    this.#attributes(element, table, section, name);
    const content = splice(element.content, table, this.#inner);
    const children = content.filter((child) => child.node.kind === "element");
    for (const { node, table: from } of children)
      if (node.kind === "element") this.#element(node, from, section);
    if (children.length > 0) return;
    const unnamed = given === null && local === "Data";
    const silent = given !== null || element.attributes.every(isSilent);
    if (content.length > 0)
      this.#add({ name, content, section, unnamed, omitted: section === SYSTEM });
    else if (section !== SYSTEM && silent) this.found.push({ name, section, unnamed, slot: EMPTY });
  }

  /** The `Name` of a Data without its blanks: `Threat Name` is ThreatName in every Sigma rule. */
  #givenName(element: Element, table: Table): string | null {
    const attribute = element.attributes.find(({ name }) => name === "Name");
    if (attribute === undefined) return null;
    const slot = slotOf(placed(attribute, table), "plain", false);
    if (slot?.kind !== "constant") {
      this.fixed &&= slot === null;
      return null;
    }
    const name = textOf(slot.value).replace(/\s+/g, "");
    return name === "" ? null : name;
  }

  #attributes(element: Element, table: Table, section: string, name: string): void {
    for (const attribute of element.attributes) {
      if (isSilent(attribute) || (section === EVENT_DATA && isNameOfData(element, attribute)))
        continue;
      const content = placed(attribute, table);
      this.#add({
        name: `${name}_${localName(attribute.name)}`,
        content,
        section,
        omitted: true,
      });
    }
  }

  #add(field: Candidate): void {
    const { section, content, unnamed = false, omitted } = field;
    const isTime = section === SYSTEM && field.name === "TimeCreated_SystemTime";
    const name = isTime ? "TimeCreated" : field.name;
    const slot = slotOf(content, roleOf(section, name), omitted);
    if (slot !== null) this.found.push({ name, section, unnamed, slot });
  }
}

interface Candidate {
  readonly name: string;
  readonly section: string;
  readonly content: readonly Placed[];
  readonly unnamed?: boolean;
  /** An empty value means that the field is not there. */
  readonly omitted: boolean;
}

const EMPTY: Slot = { kind: "constant", value: "" };

function placed(attribute: Attribute, table: Table): readonly Placed[] {
  return attribute.content.map((node) => ({ node, table }));
}

/** Namespaces say how to read the markup; they are no data. */
function isSilent({ name }: Attribute): boolean {
  return name === "xmlns" || name.startsWith("xmlns:");
}

function isNameOfData(element: Element, attribute: Attribute): boolean {
  return attribute.name === "Name" && localName(element.name) !== EVENT_DATA;
}

function roleOf(section: string, name: string): Role {
  if (section === EVENT_DATA) return "data";
  if (section !== SYSTEM) return "plain";
  return name === "TimeCreated" ? "time" : SYSTEM_NUMBERS.has(name) ? "number" : "plain";
}

/** Elements of one name in one section become one field, a list, at the place of the first. */
function group(found: readonly Found[]): readonly Found[] {
  const groups = new Map<string, Found[]>();
  for (const field of found) {
    const key = `${field.section} ${field.name}`;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [field]);
    else same.push(field);
  }
  return [...groups.values()].flatMap((same): readonly Found[] => {
    const [first] = same;
    if (first === undefined || (same.length === 1 && !first.unnamed)) return same;
    const items = same.map(({ slot }) => slot);
    return [{ ...first, slot: { kind: "list", items, flat: first.unnamed } }];
  });
}

/** Gives each field a name of its own: data before System, but for the names that are System's. */
function resolve(fields: readonly Found[]): readonly NamedField[] {
  const owners = new Map<string, number>();
  for (const { name, section } of fields)
    owners.set(name, Math.max(owners.get(name) ?? -1, rank(section, name)));
  return fields.map(({ name, section, slot }) =>
    rank(section, name) === owners.get(name) && rank(section, name) > 0
      ? { name, slot }
      : { name: `${section}_${name}`, slot },
  );
}

/** Which section a plain name belongs to; 0 where the name never goes without its section. */
function rank(section: string, name: string): number {
  switch (section) {
    case SYSTEM:
      return SYSTEM_FIRST.has(name) ? 4 : 1;
    case EVENT_DATA:
      return 3;
    case USER_DATA:
      return 2;
    default:
      return name === section || name.startsWith(`${section}_`) ? 1 : 0;
  }
}
