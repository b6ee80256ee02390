/**
 * BinXML markup into a tree ([MS-EVEN6] 2.2.12): elements, attributes, text, references, instructions, holes.
 * Refuses what is nested deeper than DEPTH_MAX and what its grammar does not know.
 */
import type { Cursor } from "./cursor.ts";
import { DEPTH_MAX, KNOWN_TYPE, MORE, Token, VALUE_BYTES, ValueType } from "./layout.ts";
import type { Attribute, Element, Node, Part } from "./tree.ts";
import { valueAt } from "./value.ts";

/** What markup needs of the chunk around it. */
export interface Surroundings {
  /** The name that the cursor's next four bytes point to; the cursor passes over it where it is written in place. */
  name(cursor: Cursor): string;
  /** The content of the template instance at the cursor, which passes over it. */
  embedded(cursor: Cursor, depth: number): readonly Node[];
}

/** Everything up to the end of the fragment, or of the element whose content it is. Lists are cut to their size: they grow by 17. */
export function parseContent(
  cursor: Cursor,
  around: Surroundings,
  dependencies: boolean,
  depth = 0,
): readonly Node[] {
  const nodes: Node[] = [];
  if (depth > DEPTH_MAX) {
    cursor.fail("BinXML depth", `at most ${DEPTH_MAX} levels`, "more");
    return nodes;
  }
  while (cursor.at < cursor.end) {
    const token = cursor.byte();
    if (token === Token.end || token === Token.endElement) return nodes.slice();
    switch (token & ~MORE) {
      case Token.fragment:
        if (cursor.has(3, "fragment header")) cursor.at += 3;
        break;
      case Token.openElement:
        nodes.push(parseElement(cursor, around, dependencies, depth, (token & MORE) !== 0));
        break;
      case Token.instance:
        cursor.at--;
        nodes.push(...around.embedded(cursor, depth + 1));
        break;
      case Token.instructionTarget:
        nodes.push(parseInstruction(cursor, around));
        break;
      default:
        parsePart(cursor, around, token, nodes);
    }
  }
  return nodes;
}

/** Elements of a template carry the number of the value on which they depend; those outside of one do not. */
function parseElement(
  cursor: Cursor,
  around: Surroundings,
  dependencies: boolean,
  depth: number,
  attributed: boolean,
): Element {
  if (dependencies) cursor.short("element dependency");
  cursor.long("element size");
  const name = around.name(cursor);
  const attributes = attributed ? parseAttributes(cursor, around) : [];
  const token = cursor.byte();
  if (token === Token.closeStart) {
    const content = parseContent(cursor, around, dependencies, depth + 1);
    return { kind: "element", name, attributes, content };
  }
  if (token !== Token.closeEmpty)
    cursor.fail("element", "the end of its start tag", `token ${token}`, cursor.at - 1);
  return { kind: "element", name, attributes, content: [] };
}

function parseAttributes(cursor: Cursor, around: Surroundings): readonly Attribute[] {
  const attributes: Attribute[] = [];
  cursor.long("attribute list size");
  while (cursor.at < cursor.end) {
    const token = cursor.bytes.view.getUint8(cursor.at) & ~MORE;
    if (token !== Token.attribute) break;
    cursor.at++;
    const name = around.name(cursor);
    attributes.push({ name, content: parseAttributeContent(cursor, around) });
  }
  return attributes.slice();
}

function parseAttributeContent(cursor: Cursor, around: Surroundings): readonly Part[] {
  const parts: Part[] = [];
  while (cursor.at < cursor.end) {
    const token = cursor.bytes.view.getUint8(cursor.at);
    if (!isPart(token & ~MORE)) break;
    cursor.at++;
    parsePart(cursor, around, token, parts);
  }
  return parts.slice();
}

function isPart(token: number): boolean {
  switch (token) {
    case Token.value:
    case Token.cdata:
    case Token.character:
    case Token.entity:
    case Token.substitution:
    case Token.optionalSubstitution:
      return true;
    default:
      return false;
  }
}

function parsePart(cursor: Cursor, around: Surroundings, token: number, into: Node[]): void {
  switch (token & ~MORE) {
    case Token.value:
      into.push(parseValue(cursor));
      return;
    case Token.cdata:
      into.push({ kind: "cdata", text: cursor.counted("CDATA section") });
      return;
    case Token.character:
      into.push({ kind: "text", text: String.fromCharCode(cursor.short("character reference")) });
      return;
    case Token.entity: {
      const name = around.name(cursor);
      // No entity but the five of XML is ever expanded: another stays as it is written.
      into.push({ kind: "entity", name, text: ENTITIES.get(name) ?? `&${name};` });
      return;
    }
    case Token.substitution:
    case Token.optionalSubstitution: {
      const index = cursor.short("substitution");
      cursor.byte();
      into.push({ kind: "hole", index, optional: token === Token.optionalSubstitution });
      return;
    }
    default:
      cursor.fail("BinXML token", "one that the format has", String(token), cursor.at - 1);
  }
}

/** A value written into the markup: text in all that Windows writes, a number where the grammar allows it. */
function parseValue(cursor: Cursor): Part {
  const type = cursor.byte();
  if (type === ValueType.unicode) return { kind: "text", text: cursor.counted("value text") };
  const size = VALUE_BYTES[type] ?? 0;
  if (size === 0 || KNOWN_TYPE[type] === 0) {
    cursor.fail("value in the markup", "text, or a type of fixed size", `type ${type}`);
    return { kind: "text", text: "" };
  }
  if (!cursor.has(size, "value in the markup")) return { kind: "text", text: "" };
  cursor.at += size;
  return { kind: "value", value: valueAt(cursor.bytes, type, cursor.at - size, size) };
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

function parseInstruction(cursor: Cursor, around: Surroundings): Node {
  const target = around.name(cursor);
  const follows =
    cursor.at < cursor.end && cursor.bytes.view.getUint8(cursor.at) === Token.instructionData;
  if (follows) cursor.at++;
  return { kind: "instruction", target, text: follows ? cursor.counted("instruction") : "" };
}
