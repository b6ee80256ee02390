/**
 * The dossier for machines: the same value as canonical JSON, whole, without the limits of the page.
 * Names are in snake_case as in every output; a time is ISO 8601 in UTC with the digits of its source, or null.
 */
import { canonicalJson, inertJson } from "../../base/text.ts";
import { formatTicks, TICKS_PER_SECOND, toTicks } from "../../base/time.ts";
import { utf8 } from "../../base/bytes.ts";
import type { Dossier } from "../../model/dossier.ts";
import { datedMissed } from "./missed-json.ts";
import { datedPatches } from "./patches-json.ts";

/** Raised when a reader of this file would have to change. */
const VERSION = 1;
/** The lengths of time among the bigints; all others are points in time. */
const LENGTHS = new Set(["rhythm", "holds", "keeps"]);
/** Objects whose keys come from evidence: they are copied as they are. */
const VERBATIM = new Set(["fields", "more"]);

/** UTF-8 JSON, sorted keys, one line; the same dossier gives the same bytes. */
export function renderDossierJson(dossier: Dossier): Uint8Array {
  const dated = {
    ...dossier,
    patches: datedPatches(dossier.patches),
    missed: datedMissed(dossier.missed),
  };
  return utf8(`${inertJson(canonicalJson({ version: VERSION, dossier: plain(dated, 7) }))}\n`);
}

/** A model value as JSON holds it; `digits` of the nearest object that states them serve its times. */
function plain(value: unknown, digits: number): unknown {
  if (typeof value === "bigint") return timeText(value, digits);
  if (Array.isArray(value)) return value.map((item) => plain(item, digits));
  if (typeof value !== "object" || value === null) return value;
  const own = "digits" in value && typeof value.digits === "number" ? value.digits : digits;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "digits")
      .map(([name, inner]) => pair(name, inner, own)),
  );
}

function pair(name: string, value: unknown, digits: number): [string, unknown] {
  if (LENGTHS.has(name) && typeof value === "bigint") {
    return [`${snake(name)}_seconds`, Number(value) / Number(TICKS_PER_SECOND)];
  }
  if (LENGTHS.has(name)) return [`${snake(name)}_seconds`, null];
  if (VERBATIM.has(name)) return [name, value];
  return [name === "ticks" ? "time" : snake(name), plain(value, digits)];
}

function timeText(count: bigint, digits: number): string | null {
  const ticks = toTicks(count);
  return ticks === null ? null : formatTicks(ticks, digits);
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
