/**
 * Which rows say something of a build: rows of inventories, whatever their format, and the lines in which a server speaks of its
 * own version. Refuses what a client can say: a path counts only where the server served it.
 */
import type { Batch, FieldValue } from "../../model/event.ts";
import { OBSERVATION_KINDS, type ObservationKind } from "../../model/observation.ts";
import { folderOf } from "./neighbours.ts";
import type { Seen, Sightings } from "./sightings.ts";

const EXCHANGE = "Exchange Server";
/** Formats whose rows state `Observation` in so many words. */
const INVENTORIES: ReadonlySet<string> = new Set([
  "audit-xml",
  "clixml",
  "exchange-setup",
  "http-headers",
  "nmap",
  "registry",
  "systeminfo",
  "table",
]);
/** Logs of Exchange itself. */
const EXCHANGE_LOGS: ReadonlySet<string> = new Set(["exchange"]);
/** Exported or as they were: events of Windows. */
const WINDOWS_LOGS: ReadonlySet<string> = new Set(["evtx", "windows-json"]);
const TEXT_CHARS_MAX = 256;

/**
 * `/owa/prem/15.1.2044.4/`, `/owa/auth/15.1.2044/`, `/ecp/15.1.2044.4/`: folders that an installation makes and whose pages
 * name them, so the version is one that was installed. Exchange 2010 (14) to the present (15).
 */
const VERSION_PATH = /\/(?:owa|ecp)\/(?:auth\/|prem\/)?(1[45]\.\d{1,2}\.\d{1,6}(?:\.\d{1,6})?)\//i;
/** Stands in every such path, and in few others. */
const PATH_SIGN = /\/1[45]\./;
/** `S:Bld=15.1.2375.7` among the pairs of an activity log of ECP. */
const ACTIVITY_BUILD = /(?:^|;)S:BLD=(\d{1,2}(?:\.\d{1,6}){2,3})(?:;|$)/i;

/** Looks at every row of a batch that can say something of a build; other formats cost nothing. */
export function lookAt(sightings: Sightings, batch: Batch): void {
  const { format } = batch;
  if (INVENTORIES.has(format)) lookAtInventory(sightings, batch);
  else if (format === "iis") lookAtPaths(sightings, batch, "cs-uri-stem", "sc-status");
  else if (EXCHANGE_LOGS.has(format)) lookAtServerLog(sightings, batch);
  else if (WINDOWS_LOGS.has(format)) lookAtUpdates(sightings, batch);
}

function lookAtInventory(sightings: Sightings, batch: Batch): void {
  for (let row = 0; row < batch.length; row++) {
    const kind = kindOf(batch.field(row, "Observation"));
    if (kind === null) continue;
    const build = textOf(batch.field(row, "Build"));
    const kb = textOf(batch.field(row, "Kb")).toUpperCase();
    if (build === "" && kb === "") continue;
    const product = textOf(batch.field(row, "Product"));
    sightings.see(batch, row, row + 1, seenAt(batch, row, kind, product, build, kb));
  }
}

/**
 * Paths that the server answered. Nearly every row costs one look at one field: about 3 M rows/s, so a log is read at more
 * than 200 MB/s still.
 */
function lookAtPaths(sightings: Sightings, batch: Batch, stem: string, status: string): void {
  for (let row = 0; row < batch.length; row++) {
    const path = batch.field(row, stem);
    if (typeof path !== "string" || !PATH_SIGN.test(path)) continue;
    const build = VERSION_PATH.exec(path)?.[1];
    const answer = Number(batch.field(row, status));
    if (build === undefined || (answer !== 200 && answer !== 304)) continue;
    sightings.see(batch, row, row + 1, seenAt(batch, row, "owa-path", EXCHANGE, build, ""));
  }
}

/** The columns in which Exchange writes its own version beside every request, a number each. */
const [MAJOR, MINOR, BUILD, REVISION] = [
  "MajorVersion",
  "MinorVersion",
  "BuildVersion",
  "RevisionVersion",
] as const;

/**
 * A log has one way to say it or the other: columns beside every request, a pair among others, or a path. Rows that say the same
 * are counted together.
 */
function lookAtServerLog(sightings: Sightings, batch: Batch): void {
  const last: LastVersion = { build: undefined, revision: undefined, text: "" };
  let from = 0;
  let said = "";
  let host = "";
  const tell = (to: number) => {
    if (said !== "")
      sightings.see(batch, from, to, seenAt(batch, from, "server-log", EXCHANGE, said, ""));
  };
  let hasColumns = false;
  for (let row = 0; row < batch.length; row++) {
    const version = versionIn(batch, row, last);
    hasColumns ||= version !== null;
    const text = version ?? activityIn(batch, row);
    if (text === said && (text === "" || batch.host(row) === host)) continue;
    tell(row);
    [from, said, host] = [row, text, batch.host(row)];
  }
  tell(batch.length);
  if (!hasColumns) lookAtPaths(sightings, batch, "UrlStem", "HttpStatus");
}

/** What the columns said where they were asked last. */
interface LastVersion {
  build: unknown;
  revision: unknown;
  text: string;
}

/** The version in a row's columns, "" where they hold none; null where the log has no such columns. */
function versionIn(batch: Batch, row: number, last: LastVersion): string | null {
  const build = batch.field(row, BUILD);
  if (build === undefined) return null;
  const revision = batch.field(row, REVISION);
  if (build !== last.build || revision !== last.revision) {
    const numbers = [batch.field(row, MAJOR), batch.field(row, MINOR), build, revision];
    last.build = build;
    last.revision = revision;
    last.text = numbers.every(isVersionNumber) ? numbers.join(".") : "";
  }
  return last.text;
}

function activityIn(batch: Batch, row: number): string {
  const data = batch.field(row, "EventData");
  return typeof data === "string" ? (ACTIVITY_BUILD.exec(data)?.[1] ?? "") : "";
}

const WINDOWS_UPDATE = "Microsoft-Windows-WindowsUpdateClient";
const INSTALLER = "MsiInstaller";
/** Installed by Windows Update; an update of a package, as those of Exchange are, said to have installed (from practice). */
const [INSTALLED, PACKAGE_UPDATED] = [19, 1022];
const KB = /\bKB\d{6,7}\b/i;

/** Events in which Windows says that an update was installed. Two numbers are compared in a row, and mostly nothing else. */
function lookAtUpdates(sightings: Sightings, batch: Batch): void {
  for (let row = 0; row < batch.length; row++) {
    const id = batch.eventId(row);
    if (id !== INSTALLED && id !== PACKAGE_UPDATED) continue;
    const provider = batch.provider(row);
    const isUpdate = id === INSTALLED ? provider === WINDOWS_UPDATE : provider === INSTALLER;
    if (!isUpdate) continue;
    const told = batch.field(row, id === INSTALLED ? "updateTitle" : "Data");
    const title = (Array.isArray(told) ? told : [told]).map(textOf).join(" - ");
    const kb = KB.exec(title)?.[0].toUpperCase();
    if (kb !== undefined)
      sightings.see(batch, row, row + 1, seenAt(batch, row, "update-history", title, "", kb));
  }
}

function seenAt(
  batch: Batch,
  row: number,
  kind: ObservationKind,
  product: string,
  build: string,
  kb: string,
): Seen {
  const { format, place } = batch;
  const host = batch.host(row);
  const folder = host === "" ? folderOf(place.file) : "";
  return { host, folder, format, channel: batch.channel(row), kind, product, build, kb };
}

const KINDS: ReadonlyMap<string, ObservationKind> = new Map(
  OBSERVATION_KINDS.map((kind) => [kind, kind]),
);

function kindOf(value: FieldValue | undefined): ObservationKind | null {
  return typeof value === "string" ? (KINDS.get(value) ?? null) : null;
}

function textOf(value: FieldValue | undefined): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value).trim().slice(0, TEXT_CHARS_MAX)
    : "";
}

function isVersionNumber(value: unknown): boolean {
  return /^\d{1,6}$/.test(String(value));
}
