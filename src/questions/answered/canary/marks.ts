/**
 * Marks of canaries in detections: the matches of rules that are tagged `breakwater.canary` (rules/canary). Refuses to keep more of such a
 * record than the marks: the text around them is as long as whoever wrote it liked.
 */
import { CANARY_PREFIX } from "../../../model/canary.ts";
import type { Detection } from "../../../model/detection.ts";
import type { FieldValue } from "../../../model/event.ts";

/** Rules with this tag look for canaries, and say nothing of an attack. */
const TAG = "breakwater.canary";
/** The field under which a detection of such a rule has its marks. */
const FIELD = "canary";
/** Marks of one record; a person puts one into it. */
const OF_RECORD_MAX = 16;

/** A whole mark: what has more or fewer digits is none. Linear: its head is a literal. */
const MARK = new RegExp(`${CANARY_PREFIX}[0-9a-f]{16}(?![0-9a-f])`, "gi");

/** Whether a rule, or the detection of one, is about canaries. */
export function isCanary({ tags }: Pick<Detection, "tags">): boolean {
  return tags.some((tag) => tag.length === TAG.length && tag.toLowerCase() === TAG);
}

/** The detection with the marks of its record as its only field; any other detection as it is. */
export function withMarks(detection: Detection): Detection {
  if (!isCanary(detection)) return detection;
  const marks = new Set<string>();
  for (const value of Object.values(detection.fields)) gather(value, marks);
  return { ...detection, fields: { [FIELD]: [...marks] } };
}

/** The marks of a detection, in lower case; none where its rule is not about canaries. */
export function marksOf(detection: Detection): readonly string[] {
  const marks = isCanary(detection) ? detection.fields[FIELD] : null;
  return Array.isArray(marks) ? marks.map(String) : [];
}

function gather(value: FieldValue, marks: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) gather(item, marks);
  } else if (typeof value === "string") {
    for (const [mark] of value.matchAll(MARK)) {
      if (marks.size >= OF_RECORD_MAX) return;
      marks.add(mark.toLowerCase());
    }
  }
}
