/** What is taken for granted in the same way whatever the format: what the case file says, and UTC where nobody says more. */
import type { Assumption, Setting } from "../../model/evidence.ts";

/** The assumptions that a setting brings; `isUnzoned`: whether times of the file name no zone. */
export function assumptionsOfSetting(setting: Setting, isUnzoned: boolean): Assumption[] {
  const { file } = setting.place;
  const found: Assumption[] = [];
  if (setting.zone !== null) {
    const why = "the case file names it; a Z in the file is set aside, a numeric offset is not";
    found.push({ file, what: "zone", value: setting.zone, why });
  } else if (isUnzoned) {
    const why = "times without a zone are taken as UTC; the case file names none for this file";
    found.push({ file, what: "zone", value: "UTC", why });
  }
  if (setting.host !== null)
    found.push({ file, what: "host", value: setting.host, why: "the case file names it" });
  if (setting.skewMillis !== 0) {
    const why = "the case file says how far the clock was ahead; it is taken off every time";
    found.push({ file, what: "skew", value: `${setting.skewMillis} ms`, why });
  }
  return found;
}
