/**
 * Which rows tell of what Defender does not scan: its own event 5007, Sysmon's 13, keys of a hive, the settings that PowerShell exports,
 * the protection log. Refuses to judge; what an exclusion is worth is for exclusions.ts.
 */
import { UNDATED } from "../../base/time.ts";
import { EVENT_LOGS, type Pace, type Signs } from "../../engines/lookout/index.ts";
import type { Batch, FieldValue } from "../../model/event.ts";
import type { ExclusionKind } from "./exclusions-spelling.ts";

/** What a record says of an exclusion. */
export const [ADDED, REMOVED, STANDS] = [
  "exclusion-added",
  "exclusion-removed",
  "exclusion-stands",
] as const;

const VALUE_CHARS_MAX = 512;
const OF_ROW_MAX = 4_096;
const DEFENDER = "microsoft-windows-windows defender/operational";
const SYSMON = "microsoft-windows-sysmon/operational";
const [CONFIGURED, VALUE_SET] = [5007, 13];
/** `HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions\Paths\C:\Temp = 0x0` */
const SETTING =
  /\\windows defender\\exclusions\\(paths|processes|extensions|temporarypaths)\\(.+)$/i;
const KEY = /windows defender\\exclusions\\(paths|processes|extensions|temporarypaths)$/i;
const KINDS: Readonly<Record<string, ExclusionKind>> = {
  paths: "path",
  temporarypaths: "path",
  processes: "process",
  extensions: "extension",
};
/** Names of a row that are no values of its key. */
const OF_KEY: ReadonlySet<string> = new Set([
  "Key",
  "Hive",
  "Category",
  "(default)",
  "ValuesLeftOut",
]);
/** Lists of an export of Get-MpPreference, and of the protection log. */
const LISTS: readonly (readonly [name: string, kind: ExclusionKind])[] = [
  ["ExclusionPath", "path"],
  ["ExclusionProcess", "process"],
  ["ExclusionExtension", "extension"],
  ["PathExclusions", "path"],
  ["ProcessExclusions", "process"],
  ["ExtExclusions", "extension"],
];
const LISTING: ReadonlySet<string> = new Set(["clixml", "mplog"]);

/** An exclusion as the `of` of a sign. */
export function exclusionText(kind: ExclusionKind, value: string): string {
  return `${kind} ${value}`;
}

/** What exclusionText wrote. */
export function exclusionOf(of: string): { readonly kind: ExclusionKind; readonly value: string } {
  const blank = of.indexOf(" ");
  const kind = KINDS[`${of.slice(0, blank)}${of.startsWith("process") ? "es" : "s"}`] ?? "path";
  return { kind, value: of.slice(blank + 1) };
}

/** Looks at every row that can tell of an exclusion; rows of other logs cost an event id or nothing. */
export function lookAtExclusions(signs: Signs, batch: Batch): void {
  if (batch.format === "registry") lookAtKeys(signs, batch);
  else if (LISTING.has(batch.format)) lookAtLists(signs, batch);
  else if (EVENT_LOGS.has(batch.format)) lookAtEvents(signs, batch);
}

function lookAtEvents(signs: Signs, batch: Batch): void {
  for (let row = 0; row < batch.length; row++) {
    const id = batch.eventId(row);
    if (id !== CONFIGURED && id !== VALUE_SET) continue;
    const channel = batch.channel(row).toLowerCase();
    if (id === CONFIGURED && channel === DEFENDER) {
      const [old, now] = [settingIn(batch, row, "OldValue"), settingIn(batch, row, "NewValue")];
      if (now !== "") tell(signs, batch, row, ADDED, now, "each");
      else if (old !== "") tell(signs, batch, row, REMOVED, old, "each");
    } else if (id === VALUE_SET && channel === SYSMON) {
      const set = settingIn(batch, row, "TargetObject");
      if (set !== "") tell(signs, batch, row, ADDED, set, "each");
    }
  }
}

function settingIn(batch: Batch, row: number, field: string): string {
  const text = batch.field(row, field);
  if (typeof text !== "string") return "";
  const [, list = "", rest = ""] = SETTING.exec(text.slice(0, VALUE_CHARS_MAX * 2)) ?? [];
  const kind = KINDS[list.toLowerCase()];
  const value = rest.replace(/ = 0x[0-9a-f]{1,8}$/i, "");
  return kind === undefined ? "" : exclusionText(kind, value);
}

function lookAtKeys(signs: Signs, batch: Batch): void {
  for (let row = 0; row < batch.length; row++) {
    if (batch.field(row, "Category") !== "defender-exclusion") continue;
    const key = batch.field(row, "Key");
    const list = typeof key === "string" ? KEY.exec(key)?.[1] : undefined;
    const kind = KINDS[list?.toLowerCase() ?? ""];
    if (kind === undefined) continue;
    const values = batch.names(row).filter((name) => !OF_KEY.has(name));
    for (const name of values.slice(0, OF_ROW_MAX))
      tell(signs, batch, row, STANDS, exclusionText(kind, name.replace(/^Value_/, "")), "all");
  }
}

function lookAtLists(signs: Signs, batch: Batch): void {
  for (let row = 0; row < batch.length; row++) {
    // Most lines of a protection log are of another kind: one look, not six.
    if (batch.format === "mplog" && batch.field(row, "EventType") !== "RealTimeProtection")
      continue;
    for (const [name, kind] of LISTS)
      for (const value of textsOf(batch.field(row, name)).slice(0, OF_ROW_MAX)) {
        const pace = (batch.ticks[row] ?? UNDATED) === UNDATED ? "all" : "day";
        tell(signs, batch, row, STANDS, exclusionText(kind, value), pace);
      }
  }
}

function textsOf(value: FieldValue | undefined): string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts.flatMap((text) =>
    typeof text === "string" && text.trim() !== "" && !/^\(none\)$|^N\/A/i.test(text) ? [text] : [],
  );
}

function tell(signs: Signs, batch: Batch, row: number, sign: string, of: string, pace: Pace): void {
  const shown = { host: batch.host(row), channel: batch.channel(row), by: "" };
  signs.see(batch, row, { ...shown, sign, of: of.slice(0, VALUE_CHARS_MAX) }, pace);
}
