/**
 * A threat as Defender's events tell it: their Path is one text with all resources. Refuses events of other forms: they
 * have none of these fields. Spec: docs/formats/evtx.md.
 */
import type { FieldValue } from "../../../model/event.ts";
import { fileOf, namesResources, resourcesOf } from "../defender-resources.ts";

/** Who writes these events. */
export const DEFENDER_PROVIDER = "Microsoft-Windows-Windows Defender";

/** `Resource` as written and, where there are any, `File`, both lists; null where the path names no resource. */
export function resourceFields(
  path: FieldValue | undefined,
): ReadonlyMap<string, FieldValue> | null {
  if (typeof path !== "string" || !namesResources(path)) return null;
  const resources = resourcesOf(path);
  const files = new Set(resources.map(fileOf).filter((file) => file !== ""));
  const fields = new Map<string, FieldValue>([["Resource", resources]]);
  if (files.size > 0) fields.set("File", [...files]);
  return fields;
}
