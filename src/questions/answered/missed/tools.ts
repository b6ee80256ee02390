/**
 * In which tool a person would have seen a detection, and whether that tool says it by itself: knowledge/tools.json. Refuses an entry
 * without a source, and a tool that stands twice.
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../../base/knowledge.ts";
import type { SourceCoverage } from "../../../model/coverage.ts";
import type { Detection } from "../../../model/detection.ts";
import { FORMAT_IDS, type FormatId } from "../../../model/evidence.ts";

const FILE = "tools.json";
const NAME = z.string().min(1);

const SCHEMA = z.strictObject({
  about: z.string(),
  tools: z
    .array(
      z.strictObject({
        id: NAME,
        called: NAME,
        alarms: z.boolean(),
        /** Who hears the alarm, or why one must look. */
        why: NAME,
        rules: z.array(NAME),
        channels: z.array(NAME),
        formats: z.array(z.enum(FORMAT_IDS)),
        source: NAME,
        /** documented: a public source says so; practice: responders say so. */
        confidence: z.enum(["documented", "practice"]),
        asOf: z.iso.date(),
      }),
    )
    .min(1),
});

/** One tool, with its source. */
export type Tool = Readonly<z.infer<typeof SCHEMA>["tools"][number]>;

/** Every tool that is known; the first that fits counts. */
export type Tools = readonly Tool[];

/** Reads the knowledge file. Faults: knowledge-invalid. */
export function parseTools(json: unknown): Tools {
  const { tools } = checkKnowledge(FILE, SCHEMA, json);
  if (new Set(tools.map(({ id }) => id)).size !== tools.length)
    throw knowledgeFault(FILE, "a tool stands twice");
  return Object.freeze(tools);
}

/** Where a detection would have been seen. */
export type SeenIn = Pick<Tool, "called" | "alarms">;

/** What tells the tool of a detection; a log that no tool names goes by its own name, and alarms nobody. */
export function tellTools(
  tools: Tools,
  sources: readonly SourceCoverage[],
): (detection: Pick<Detection, "rule" | "channel">) => SeenIn {
  const formats = new Map<string, FormatId>();
  for (const { channel, format } of sources)
    if (!formats.has(fold(channel))) formats.set(fold(channel), format);
  const told = new Map<string, SeenIn>();
  return ({ rule, channel }) => {
    const key = `${rule.length}:${rule}${channel}`;
    const known = told.get(key);
    if (known !== undefined) return known;
    const format = formats.get(fold(channel));
    const tool: SeenIn = tools.find(({ rules }) => namedIn(rules, rule)) ??
      tools.find(({ channels }) => namedIn(channels, channel)) ??
      tools.find((each) => format !== undefined && each.formats.includes(format)) ?? {
        called: channel === "" ? "a log without a name" : `${channel} log`,
        alarms: false,
      };
    told.set(key, tool);
    return tool;
  };
}

function namedIn(names: readonly string[], text: string): boolean {
  const folded = fold(text);
  return names.some((name) =>
    name.endsWith("*") ? folded.startsWith(fold(name.slice(0, -1))) : folded === fold(name),
  );
}

function fold(text: string): string {
  return text.toLowerCase();
}
