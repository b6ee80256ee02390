/**
 * The shapes in which exporters write one Windows event as JSON. Refuses what it does not know: an object of another
 * shape is no event. Spec: docs/formats/windows-json.md.
 */
import { isObject } from "../json/json-value.ts";
import type { WindowsEvent } from "./event.ts";
import {
  isEcmd,
  isFlat,
  isPowershell,
  readEcmd,
  readFlat,
  readPowershell,
  readWinlog,
  winlogOf,
} from "./exports.ts";
import { readSections, sectionsOf } from "./sections.ts";

/** The event of a parsed value. Null where it has no shape that is read here. */
export function eventOfJson(value: unknown): WindowsEvent | null {
  if (!isObject(value)) return null;
  // A hit of Elasticsearch holds the event as it was sent.
  const line = isObject(value["_source"]) ? value["_source"] : value;
  if (isFlat(line)) return readFlat(line);
  const sections = sectionsOf(line);
  if (sections !== null) return readSections(sections);
  const winlog = winlogOf(line);
  if (winlog !== null) return readWinlog(line, winlog);
  if (isEcmd(line)) return readEcmd(line);
  return isPowershell(line) ? readPowershell(line) : null;
}
