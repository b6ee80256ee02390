/**
 * Which detections are signs of an intrusion that a person could have seen. Refuses what is no intruder's: stated tests, and test files
 * of an antivirus. What canaries left, casework takes out before: by the marks that were set, since an intruder could write one alike.
 */
import { isPlausible } from "../../../base/time.ts";
import { RUNGS, type Rung } from "../../../model/cause.ts";
import { type Detection, type DetectionId, LEVELS } from "../../../model/detection.ts";
import { TEST_FAMILY } from "../threats.ts";
import { isVerdict } from "../verdicts.ts";

const MEDIUM = LEVELS.indexOf("medium");
const RUNG_TAG = /^breakwater\.rung\.(probed|reached|executed|used)$/i;

/** The dated detections of level medium and graver, or of any rung, that nobody put there to try something; in the order given. */
export function signsAmong(
  detections: readonly Detection[],
  tests: ReadonlyMap<DetectionId, string>,
): readonly Detection[] {
  const tried = new Set<string>();
  for (const detection of detections)
    if (isVerdict(detection) && detection.fields["family"] === TEST_FAMILY)
      tried.add(detection.at.key);
  return detections.filter(
    (detection) =>
      isPlausible(detection.ticks) &&
      isGrave(detection) &&
      !tests.has(detection.id) &&
      // A rule may match the record in which the antivirus tells of its test file.
      !tried.has(detection.at.key),
  );
}

function isGrave(detection: Detection): boolean {
  return LEVELS.indexOf(detection.level) >= MEDIUM || rungOf([detection]) !== null;
}

/** The highest rung that the rules of detections name; null: none of them names any. */
export function rungOf(detections: readonly Detection[]): Rung | null {
  const named = new Set(
    detections.flatMap(({ tags }) => tags.map((tag) => RUNG_TAG.exec(tag)?.[1]?.toLowerCase())),
  );
  return RUNGS.findLast((rung) => named.has(rung)) ?? null;
}
