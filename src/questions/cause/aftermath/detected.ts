/** Changes that rules and antivirus tell of: files in web folders, pages that were called. One for each thing that they name. */
import { isPlausible } from "../../../base/time.ts";
import { firstTextOf } from "../../../engines/lookout/index.ts";
import { spell } from "../../../engines/wording/index.ts";
import type { Detection, DetectionId } from "../../../model/detection.ts";
import { PRELUDE } from "../first-exploitation.ts";
import { type Changed, byChange } from "./changes.ts";
import { type Stretch, countsOn } from "./cover.ts";
import { fill, holds, parseTemplate } from "./rows.ts";
import type { ChangeSign } from "./terms.ts";

/** What detections are looked at with. */
interface DetectedMatter {
  readonly detections: readonly Detection[];
  readonly tests: ReadonlyMap<DetectionId, string>;
  readonly first: { readonly host: string };
  readonly time: Stretch;
  readonly nameOf: (host: string) => string;
}

/** The changes that a sign of kind `detection` shows, each thing once, dated by the first. */
export function changesDetected(sign: ChangeSign, matter: DetectedMatter): Changed[] {
  const { where } = sign;
  if (where.kind !== "detection") return [];
  const { detections, tests, first, time, nameOf } = matter;
  const says = parseTemplate(sign.says);
  const found = detections.flatMap((detection): Changed[] => {
    const { rule, tags, ticks, digits, at, channel } = detection;
    const host = nameOf(detection.host);
    if (!isPlausible(ticks) || ticks < time.from - PRELUDE || !countsOn(sign.on, host, first.host))
      return [];
    if (where.rule !== undefined && !rule.startsWith(where.rule)) return [];
    if (where.tag !== undefined && !tags.includes(where.tag)) return [];
    const read = (names: readonly string[]) => firstTextOf((name) => detection.fields[name], names);
    if (!holds(sign, read)) return [];
    const test = tests.get(detection.id);
    const of = test === undefined ? "" : ` (of the test that the case file states: ${spell(test)})`;
    return [
      {
        ticks,
        digits,
        host,
        what: `${fill(says, read)}${of}`,
        by: read(sign.by ?? []),
        at,
        channel,
      },
    ];
  });
  const things = Map.groupBy(found.sort(byChange), ({ what }) => what.toLowerCase());
  return [...things.values()].flatMap(([earliest]) => (earliest === undefined ? [] : [earliest]));
}
