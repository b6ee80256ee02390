/**
 * A catalogue in YAML, as people write one by hand, as the value that JSON of the same words would be; numbers and dates stay
 * text. Refuses tags, aliases and keys that stand twice. Spec: YAML 1.2.2, read by js-yaml.
 */
import { FAILSAFE_SCHEMA, boolCoreTag, load, nullCoreTag } from "js-yaml";
import type { JsonRead } from "./json-tree.ts";

/** People write thousands of lines at the most. */
const CHARS_MAX = 1 << 20;
const DEPTH_MAX = 12;
/** A build such as `15.10` would lose its zero as a number. */
const SCHEMA = FAILSAFE_SCHEMA.withTags(nullCoreTag, boolCoreTag);

/** Whether a text means to be one of ours. */
export function isOwnYaml(text: string): boolean {
  return /^(?:asOf|sources)[ \t]*:/m.test(text);
}

/** The value of a text, or what is wrong with it and where. */
export function readOwnYaml(text: string): JsonRead {
  if (text.length > CHARS_MAX) return { why: `it is YAML of more than ${CHARS_MAX} characters` };
  try {
    return { value: load(text, { schema: SCHEMA, maxDepth: DEPTH_MAX, maxAliases: 0 }) };
  } catch (error) {
    const [first = ""] = error instanceof Error ? error.message.split("\n") : [];
    return { why: `it is no YAML: ${first} (line:column)` };
  }
}
