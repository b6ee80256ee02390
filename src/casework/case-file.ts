/**
 * The case file (YAML): what people know and no log says. Refuses a file with anything it does not know,
 * because a misspelt key would silently change every time of a host.
 */
import { load, YAMLException } from "js-yaml";
import { z } from "zod";
import { Fault } from "../base/fault.ts";
import { isZone, parseTime } from "../base/time.ts";
import type { Ticks } from "../base/time.ts";
import type { CaseFile, CaseSource } from "../model/case-file.ts";
import type { Place, Setting } from "../model/evidence.ts";
import { ESCALATION } from "./escalation/case-terms.ts";

const SKEW_MILLIS_MAX = 10 * 365 * 86_400_000;

const list = z.array(z.string()).default([]);
const zone = z.string().refine(isZone, "not a time zone name such as Europe/Guernsey");
const moment = z.union([z.string(), z.date()]).transform((value, context) => {
  const read = parseTime(value instanceof Date ? value.toISOString() : value);
  if (read !== null) return read.ticks;
  context.addIssue({ code: "custom", message: "not a time such as 2021-09-14T09:00:00Z" });
  return z.NEVER;
});

const SCHEMA = z.strictObject({
  name: z.string(),
  synthetic: z.boolean().default(false),
  jurisdictions: list,
  hosts: z
    .array(z.strictObject({ name: z.string().min(1), addresses: list, aliases: list, roles: list }))
    .default([]),
  sources: z
    .array(
      z.strictObject({
        files: z.string().min(1),
        host: z.string().nullable().default(null),
        zone: zone.nullable().default(null),
        skew_ms: z
          .number()
          .int()
          .min(-SKEW_MILLIS_MAX)
          .max(SKEW_MILLIS_MAX)
          .nullable()
          .default(null),
        dates: z.enum(["day-first", "month-first"]).nullable().default(null),
      }),
    )
    .default([]),
  front_doors: list,
  tests: z
    .array(
      z.strictObject({
        who: z.string(),
        addresses: list,
        from: moment.nullable().default(null),
        to: moment.nullable().default(null),
      }),
    )
    .default([]),
  staff_networks: list,
  custodians: list,
  patching: z
    .strictObject({
      days: z.number().int().min(0).max(3_650).nullable().default(null),
      urgent_days: z.number().int().min(0).max(3_650).nullable().default(null),
    })
    .nullable()
    .default(null),
  escalation: ESCALATION.nullable().default(null),
});

/** What holds when nobody handed in a case file: nothing is known beyond the evidence. */
export const NO_CASE_FILE: CaseFile = {
  name: "unnamed case",
  synthetic: false,
  jurisdictions: [],
  hosts: [],
  sources: [],
  frontDoors: [],
  tests: [],
  staffNetworks: [],
  custodians: [],
  patching: null,
  escalation: null,
};

/** Reads a case file. Faults: case-file-invalid, naming the line or the field. */
export function parseCaseFile(text: string): CaseFile {
  const parsed = SCHEMA.safeParse(loadYaml(text));
  if (!parsed.success) {
    const { issues } = parsed.error;
    // A misspelt key is why another one is missing.
    const first = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
    const where = first?.path.join(".") ?? "";
    throw invalid(`${where === "" ? "" : `${where}: `}${first?.message ?? "not a case file"}`);
  }
  const { hosts, tests, sources, ...rest } = parsed.data;
  return {
    name: rest.name,
    synthetic: rest.synthetic,
    jurisdictions: rest.jurisdictions,
    hosts,
    tests,
    sources: sources.map(({ skew_ms, dates, ...source }) => ({
      ...source,
      skewMillis: skew_ms,
      dayOrder: dates,
    })),
    frontDoors: rest.front_doors,
    staffNetworks: rest.staff_networks,
    custodians: rest.custodians,
    patching:
      rest.patching === null
        ? null
        : { days: rest.patching.days, urgentDays: rest.patching.urgent_days },
    escalation: rest.escalation,
  };
}

/** Reads YAML. Faults: case-file-invalid. */
export function loadYaml(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (error instanceof YAMLException) throw invalid(error.message.split("\n")[0] ?? "not YAML");
    throw error;
  }
}

function invalid(what: string): Fault {
  return new Fault(
    "case-file-invalid",
    `the case file cannot be used: ${what}`,
    "`breakwater sample DIR` writes a case file that shows every key",
  );
}

/**
 * What the case file says about one file: per value, the first source whose pattern fits. `completeAt` is the file's last change,
 * or when it was received.
 */
export function settingFor(
  caseFile: CaseFile,
  place: Place,
  completeAt: Ticks | null = null,
): Setting {
  const fitting = caseFile.sources.filter((source) => fits(source, place.file));
  const first = <T>(pick: (source: CaseSource) => T | null): T | null =>
    fitting.map(pick).find((value) => value !== null) ?? null;
  return {
    place,
    host: first((source) => source.host),
    zone: first((source) => source.zone),
    skewMillis: first((source) => source.skewMillis) ?? 0,
    dayOrder: first((source) => source.dayOrder),
    completeAt,
  };
}

/** How far the case file says that the clock of a file was ahead; 0 where it says nothing. */
export function skewFor({ sources }: CaseFile, file: string): number {
  return (
    sources.find((source) => source.skewMillis !== null && fits(source, file))?.skewMillis ?? 0
  );
}

/** Whether the pattern fits the end of the path, beginning at any part. Linear in the path's length. */
function fits(source: CaseSource, file: string): boolean {
  const pattern = source.files.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
  const parts = file.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
  return partsFit(["**", ...pattern], parts);
}

function partsFit(pattern: readonly string[], parts: readonly string[]): boolean {
  // reachable[i]: the pattern up to here can have consumed the first i parts.
  let reachable = parts.map(() => false);
  reachable = [true, ...reachable];
  for (const piece of pattern) {
    const next = reachable.map(() => false);
    for (let at = 0; at <= parts.length; at++) {
      if (reachable[at] !== true) continue;
      if (piece === "**") next.fill(true, at);
      else if (at < parts.length && nameFits(piece, parts[at] ?? "")) next[at + 1] = true;
    }
    reachable = next;
  }
  return reachable[parts.length] === true;
}

/** `*` stands for any run of characters; case does not matter, as on the machines the files come from. */
function nameFits(pattern: string, name: string): boolean {
  const [head = "", ...rest] = pattern.toLowerCase().split("*");
  const text = name.toLowerCase();
  if (!text.startsWith(head)) return false;
  if (rest.length === 0) return text === head;
  let at = head.length;
  const tail = rest.pop() ?? "";
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
