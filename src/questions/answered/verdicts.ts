/**
 * Verdicts: rows in which an antivirus or EDR says that it found something, as detections without any rule. Refuses to judge
 * the product: what it calls a threat is one; a test file is marked, not dropped. Which rows: knowledge/threats.json.
 */
import { detectionWith } from "../../engines/sigma/index.ts";
import { type Detection, LEVELS, type Level } from "../../model/detection.ts";
import type { Batch, FieldValue } from "../../model/event.ts";
import {
  type Family,
  familyOf,
  type Outcome,
  TEST_FAMILY,
  type ThreatKnowledge,
  type VerdictSource,
} from "./threats.ts";

/** Rule ids of verdicts begin so; the product's id in knowledge/threats.json stands behind it. */
const RULE = "verdict/";
/** Files of one record that a detection keeps; a container of thousands is one attack, and the record names them all. */
const PATHS_MAX = 100;
/** And so many characters of them together. */
const PATHS_CHARS_MAX = 8192;
/** Longer than a path of Windows or Linux can be shown; what is cut away is in the record. */
const TEXT_CHARS_MAX = 1024;
/** Fields of a row that a detection shows, each by what it says. */
const SHOWN = [
  "action",
  "status",
  "determination",
  "user",
  "process",
  "source",
  "detection",
] as const;
/** `process:_pid:4`, `amsi:_…`, `file:_C:\\a`: a resource with its scheme. A drive has one letter. */
const SCHEME = /^[a-z]{2,20}:/;
/** Schemes of files, which readers give as paths. */
const FILE_SCHEME = /^(?:file|containerfile|webfile):/;

/** Looks at batches as they are read. */
export interface Verdicts {
  /** Tells of each row that is a verdict, by its rule's id; `detection` makes the detection of it. */
  look(batch: Batch, found: (row: number, rule: string, detection: () => Detection) => void): void;
}

/** Whether a detection is a verdict of an antivirus or EDR, and no match of a rule. */
export function isVerdict({ rule }: Pick<Detection, "rule">): boolean {
  return rule.startsWith(RULE);
}

/** Prepares what looks for verdicts. A row that none of the sources knows costs one look at its event id, or at one field. */
export function createVerdicts(knowledge: ThreatKnowledge): Verdicts {
  const sources = knowledge.verdicts.map(prepare);
  return {
    look(batch, found) {
      const fitting = sources.filter(({ formats }) => formats.has(batch.format));
      if (fitting.length === 0) return;
      for (let row = 0; row < batch.length; row++) {
        for (const prepared of fitting) {
          const outcome = outcomeOf(prepared, batch, row);
          if (outcome === null) continue;
          const threat = firstText(batch, row, prepared.source.says.threat);
          if (threat === "") continue;
          found(row, prepared.rule, () =>
            verdictOf({ prepared, threat, outcome, knowledge }, batch, row),
          );
          break;
        }
      }
    },
  };
}

/** One source of verdicts, ready to be asked for every row. */
interface Prepared {
  readonly rule: string;
  readonly source: VerdictSource;
  readonly formats: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
  /** Event ids of any of its rows; null: a row tells a verdict without one. */
  readonly eventIds: ReadonlySet<number> | null;
  readonly rows: readonly PreparedRow[];
}

interface PreparedRow {
  readonly eventIds: ReadonlySet<number>;
  readonly where: readonly (readonly [field: string, values: ReadonlySet<string>])[];
  readonly outcome: Outcome;
}

function prepare(source: VerdictSource): Prepared {
  const ids = source.rows.map(({ eventIds }) => eventIds);
  return {
    rule: RULE + source.id,
    source,
    formats: new Set(source.formats),
    providers: new Set(source.providers),
    channels: new Set(source.channels),
    eventIds: ids.some((each) => each.length === 0) ? null : new Set(ids.flat()),
    rows: source.rows.map(({ eventIds, where, outcome }) => ({
      eventIds: new Set(eventIds),
      where: Object.entries(where).map(
        ([field, values]) => [field, new Set(values.map((value) => value.toLowerCase()))] as const,
      ),
      outcome,
    })),
  };
}

/** What the row says was done, or null where it is no verdict of this source. */
function outcomeOf(prepared: Prepared, batch: Batch, row: number): Outcome | null {
  const { eventIds, providers, channels, rows } = prepared;
  const eventId = eventIds === null ? -1 : batch.eventId(row);
  if (eventIds !== null && !eventIds.has(eventId)) return null;
  if (providers.size > 0 && !providers.has(batch.provider(row))) return null;
  if (channels.size > 0 && !channels.has(batch.channel(row))) return null;
  const fitting = rows.find(
    ({ eventIds: ids, where }) =>
      (ids.size === 0 || ids.has(eventId)) &&
      where.every(([field, values]) =>
        values.has(String(batch.field(row, field) ?? "").toLowerCase()),
      ),
  );
  return fitting?.outcome ?? null;
}

/** What is known of a row before it is a detection. */
interface Found {
  readonly prepared: Prepared;
  readonly threat: string;
  readonly outcome: Outcome;
  readonly knowledge: ThreatKnowledge;
}

function verdictOf(found: Found, batch: Batch, row: number): Detection {
  const { prepared, threat, outcome, knowledge } = found;
  const { says, kind, product } = prepared.source;
  const host = batch.host(row) || firstText(batch, row, says.host);
  const named = familyOf(threat, knowledge);
  const isAnything = kind === "alert" && (host === "" || named === knowledge.otherFamily);
  const family = isAnything ? knowledge.alertFamily : named;
  const fields: Record<string, FieldValue> = { threat, family: family.id, outcome };
  const paths = pathsOf(batch, row, says.path);
  const kept = withinLimits(paths);
  fields["path"] = kept;
  if (kept.length < paths.length) fields["paths_left_out"] = paths.length - kept.length;
  const others = textsOf(batch, row, says.resource).filter((text) => isOtherResource(text));
  if (others.length > 0) fields["resource"] = withinLimits(others);
  for (const name of SHOWN) {
    const text = firstText(batch, row, says[name]);
    if (text !== "") fields[name] = text;
  }
  const hashes = withinLimits([...new Set(textsOf(batch, row, says.hash))]);
  if (hashes.length > 0) fields["hash"] = hashes;
  const level = levelOf(firstText(batch, row, says.severity), family, knowledge);
  const title = `${product}: ${family.text}`;
  const rule = { id: prepared.rule, title, level, tags: [] };
  return { ...detectionWith(rule, batch, row, fields), host };
}

/** The graver of the family's level and the source's own word; the word alone where the threat's name tells no family. */
function levelOf(severity: string, family: Family, knowledge: ThreatKnowledge): Level {
  const { otherFamily, alertFamily } = knowledge;
  const stated = LEVELS.find((level) => level === severity.toLowerCase());
  if (stated === undefined || family.id === TEST_FAMILY) return family.level;
  const isNamed = family !== otherFamily && family !== alertFamily;
  return isNamed && LEVELS.indexOf(stated) < LEVELS.indexOf(family.level) ? family.level : stated;
}

/** A resource that is no file; those that are stand with the paths. */
function isOtherResource(text: string): boolean {
  return SCHEME.test(text) && !FILE_SCHEME.test(text);
}

/** As many of the texts, from the first on, as a detection keeps. */
function withinLimits(texts: readonly string[]): readonly string[] {
  let chars = 0;
  return texts.slice(0, PATHS_MAX).filter((text) => (chars += text.length) <= PATHS_CHARS_MAX);
}

function pathsOf(batch: Batch, row: number, names: readonly string[]): readonly string[] {
  for (const name of names) {
    const paths = textsOf(batch, row, [name]).filter((text) => !SCHEME.test(text));
    if (paths.length > 0) return [...new Set(paths)];
  }
  return [];
}

function firstText(batch: Batch, row: number, names: readonly string[]): string {
  return textsOf(batch, row, names)[0] ?? "";
}

/** The texts of the first of these fields that has any. */
function textsOf(batch: Batch, row: number, names: readonly string[]): readonly string[] {
  for (const name of names) {
    const value = batch.field(row, name);
    if (value === undefined || value === null) continue;
    const texts = (Array.isArray(value) ? value.flat(2) : [value])
      .map((each) => String(each).trim())
      .filter((text) => text !== "" && text !== "-")
      .map((text) => text.slice(0, TEXT_CHARS_MAX).toWellFormed());
    if (texts.length > 0) return texts;
  }
  return [];
}
