/** A match as a detection: its identity (docs/design/detections.md) and the fields that speak for it. */
import { createHash } from "node:crypto";
import { JOINING_FIELDS, type Detection, type DetectionId } from "../../model/detection.ts";
import { type Batch, type EventKey, type FieldValue, referenceOf } from "../../model/event.ts";
import { FIELDS } from "../../model/fields.ts";
import { fieldReader } from "./fields.ts";
import type { Expression, Rule } from "./rule.ts";

/** The id of a rule's match on an event: 32 hexadecimal digits that no run, path or order changes. */
export function detectionId(rule: string, key: EventKey): DetectionId {
  return detectionIdOf(rule, [key]);
}

/** The id of what a correlation found in events, in their order. */
export function detectionIdOf(rule: string, keys: readonly EventKey[]): DetectionId {
  const hash = createHash("sha256").update(rule);
  for (const key of keys) hash.update(`\n${key}`);
  return hash.digest("hex").slice(0, 32) as DetectionId;
}

/** The detection of a rule, as `match` handed it out, on a row. Fields stand under the names of their source. */
export function detectionOf(rule: Rule, batch: Batch, row: number): Detection {
  return detectionWith(rule, batch, row, fieldsOf(rule, batch, row));
}

/** The detection of whatever has the id of a rule, on a row, with these fields. */
export function detectionWith(
  { id, title, level, tags }: Pick<Rule, "id" | "title" | "level" | "tags">,
  batch: Batch,
  row: number,
  fields: Detection["fields"],
): Detection {
  const at = referenceOf(batch, row);
  const recordId = recordIdOf(batch, row);
  return {
    id: detectionId(id, at.key),
    rule: id,
    title,
    level,
    tags,
    ticks: batch.ticks[row] ?? 0n,
    digits: batch.digits,
    host: batch.host(row),
    channel: batch.channel(row),
    at,
    ...(recordId === null ? {} : { recordId }),
    fields,
  };
}

const RECORD_IDS = FIELDS.find(({ name }) => name === "record_id")?.raw ?? {};

/** What the source calls a record in the whole world; null where it has no such name. */
export function recordIdOf(batch: Batch, row: number): string | null {
  for (const name of RECORD_IDS[batch.format] ?? []) {
    const value = batch.field(row, name);
    if (typeof value === "string" && value !== "") return value.toLowerCase();
  }
  return null;
}

function fieldsOf(rule: Rule, batch: Batch, row: number): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = Object.create(null);
  // A keyword looks at everything, so everything is what it found.
  const names = hasKeyword(rule.condition) ? [...rule.reads, ...batch.names(row)] : rule.reads;
  for (const name of names) {
    const value = fieldReader(name)(batch, row);
    if (value !== undefined) fields[name] = value;
  }
  for (const name of JOINING_FIELDS) {
    const value = batch.field(row, name);
    if (value !== undefined) fields[name] ??= value;
  }
  return fields;
}

function hasKeyword(expression: Expression): boolean {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.some(hasKeyword);
    case "not":
      return hasKeyword(expression.part);
    case "field":
      return expression.fields.length === 0;
  }
}
