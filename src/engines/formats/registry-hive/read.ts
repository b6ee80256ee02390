/**
 * Reads registry hives: one row a key, dated by its last write, with its values as fields. Refuses deleted keys and
 * transaction logs, and says when they matter. Spec: layout.ts; decisions: docs/formats/registry.md.
 */
import type { Source } from "../../../base/source.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Range, Reader } from "../format.ts";
import { skewTicks, ticksUnderSkew } from "../time/moment.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import { categoryOf, plainPath } from "./category.ts";
import { type Hive, type HiveTrouble, openHive } from "./hive.ts";
import { type Budget, type KeyNode, keyAt, keyBelow } from "./key.ts";
import { BASE_BYTES } from "./layout.ts";
import { observedIn } from "./observation.ts";
import { KeyTree } from "./tree.ts";
import { valueBudget, valuesOf } from "./value.ts";

/** Reads registry hives. About 65 MB/s: every value of every key is decoded. */
export const registryReader: Reader = {
  // A key's path is told by keys anywhere in the hive: it is read in one piece, and anew where it has changed.
  read: (source, setting, range) =>
    range !== undefined && range.start > 0 ? [] : readHive(source, setting),
  *ranges(source, _, after): Generator<Range> {
    const size = source.byteLength;
    if (after === null || after.end < size) yield { start: 0, end: size, line: 0, header: "" };
  },
  // Every time is a FILETIME in UTC.
  assumptions: (_, setting) => assumptionsOfSetting({ ...setting, zone: null }, false),
};

const REGISTRY = "Registry";
const AMCACHE = "Amcache";
const FIELD_CHARS_MAX = 65_536;
const NAME_CHARS_MAX = 256;
/** Names that are ours: a value of that name must not pass for them. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  "Key",
  "Hive",
  "Category",
  "Product",
  "Build",
  "Kb",
  "Observation",
  "Path",
  "Sha1",
  "ValuesLeftOut",
]);

function* readHive(source: Source, setting: Setting): Generator<Piece> {
  const rows = new Rows("registry", setting.place);
  if (source.byteLength === 0) return;
  const { hive, troubles } = openHive(source);
  for (const trouble of troubles) rows.flaw(trouble.offset, trouble);
  if (hive === null) return yield* rows.pieces();
  const tree = new KeyTree(hive);
  for (const trouble of tree.troubles) rows.flaw(trouble.offset, trouble);
  const shared = {
    host: setting.host ?? computerOf(hive),
    channel: isAmcache(hive) ? AMCACHE : REGISTRY,
    budget: valueBudget(hive),
    skew: skewTicks(setting),
  };
  for (const at of tree.offsets()) {
    const key = keyAt(hive, at);
    if (key === null) continue;
    const { row, chars } = rowOf(hive, tree, key, shared, rows);
    rows.add(row, chars);
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** What all rows of a hive share. */
interface Shared {
  readonly host: string;
  readonly channel: string;
  readonly budget: Budget;
  readonly skew: bigint;
}

function rowOf(
  hive: Hive,
  tree: KeyTree,
  key: KeyNode,
  { host, channel, budget, skew }: Shared,
  rows: Rows,
): { readonly row: DecodedRow; readonly chars: number } {
  const path = tree.pathOf(key);
  const { fields, chars } = fieldsOf(hive, key, path, budget, rows);
  const row = {
    offset: BASE_BYTES + key.at,
    record: path === "" ? ROOT : path,
    ticks: ticksUnderSkew(key.written, skew),
    digits: 7,
    zoneAssumed: null,
    host,
    channel,
    eventId: -1,
    provider: "",
    fields,
  };
  return { row, chars: chars + path.length };
}

const ROOT = "\\";

function fieldsOf(
  hive: Hive,
  key: KeyNode,
  path: string,
  budget: Budget,
  rows: Rows,
): { readonly fields: Map<string, FieldValue>; readonly chars: number } {
  const fields = new Map<string, FieldValue>([["Key", path === "" ? ROOT : path]]);
  if (hive.fileName !== "") fields.set("Hive", hive.fileName);
  const plain = plainPath(path);
  const category = categoryOf(plain);
  if (category !== "") fields.set("Category", category);
  let [chars, leftOut] = [0, 0];
  const onTrouble = ({ offset, ...why }: HiveTrouble) => rows.flaw(offset, why);
  for (const { name, value } of valuesOf(hive, key, budget, onTrouble)) {
    const size = name.length + sizeOf(value);
    if (chars + size > FIELD_CHARS_MAX) leftOut++;
    else {
      chars += size;
      fields.set(fieldName(name, fields), value);
    }
  }
  if (leftOut > 0) fields.set("ValuesLeftOut", leftOut);
  for (const [name, value] of observedIn(plain, key.name, fields)) fields.set(name, value);
  return { fields, chars };
}

const BLANK = /\s/;

/** The field of a value: its name without blanks; one that is ours, or taken, gets a prefix. */
function fieldName(name: string, taken: ReadonlyMap<string, FieldValue>): string {
  if (name === "") return "(default)";
  const short = name.length > NAME_CHARS_MAX ? name.slice(0, NAME_CHARS_MAX) : name;
  const bare = BLANK.test(short) ? short.replaceAll(/\s+/g, "") : short;
  let label = OWN_NAMES.has(bare) || taken.has(bare) ? `Value_${short}` : bare;
  while (taken.has(label)) label += "_";
  return label;
}

function sizeOf(value: FieldValue): number {
  if (typeof value === "string") return value.length;
  return Array.isArray(value)
    ? value.reduce((sum: number, item: FieldValue) => sum + sizeOf(item), 0)
    : 8;
}

/** The computer of a SYSTEM hive; "" in every other. */
function computerOf(hive: Hive): string {
  const selected = valueOf(hive, keyBelow(hive, "Select"), "Current");
  const number = typeof selected === "number" && selected < 1_000 ? selected : 1;
  const set = `ControlSet${String(number).padStart(3, "0")}`;
  const name = valueOf(
    hive,
    keyBelow(hive, set, "Control", "ComputerName", "ComputerName"),
    "ComputerName",
  );
  return typeof name === "string" ? name : "";
}

function valueOf(hive: Hive, key: KeyNode | null, name: string): FieldValue {
  if (key === null) return null;
  for (const found of valuesOf(hive, key, valueBudget(hive), () => {}))
    if (found.name === name) return found.value;
  return null;
}

/** By the path that it was opened by, or by what lies in it. */
function isAmcache(hive: Hive): boolean {
  if (/(?:^|\\)amcache\.hve$/i.test(hive.fileName)) return true;
  return keyBelow(hive, "Root", "InventoryApplicationFile") !== null;
}
