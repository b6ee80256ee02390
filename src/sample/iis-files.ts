/** The IIS logs of the sample, one file a day and site, and where each of them lies. */
import { writeIis } from "../engines/formats/index.ts";
import type { MadeFile } from "../model/sample.ts";
import { DAY, FIRST_DAY, LAST_DAY, ZONE, dateOf, stampOf } from "./calendar.ts";
import { isMissing } from "./gaps.ts";
import { IIS_FIELDS } from "./habit.ts";
import { madeFile } from "./made-file.ts";
import type { Site } from "./plan.ts";
import type { Servers } from "./servers.ts";
import type { Story } from "./story.ts";
import { linesOfDay } from "./traffic.ts";
import { zoneOffsetMillis } from "../base/time.ts";

interface Folder {
  readonly path: string;
  readonly site: Site;
  readonly days: readonly number[];
  readonly local: boolean;
}

/** Every IIS log of the story; a gap is a file that is not there. */
export function* makeIisFiles({ story, dayLog }: Servers): Generator<MadeFile> {
  for (const folder of foldersOf(story)) {
    for (const day of folder.days) {
      const shiftMillis = folder.local ? zoneOffsetMillis(ZONE, day * DAY + DAY / 2) : 0;
      const log = { ...dayLog(folder.site, day), shiftMillis };
      yield madeFile(`${folder.path}/u_ex${stampOf(day)}.log`, () =>
        writeIis(linesOfDay(log), IIS_FIELDS, `${dateOf(day)} 00:00:00`),
      );
    }
  }
}

function foldersOf(story: Story): Folder[] {
  const { gaps } = story;
  const all = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, at) => FIRST_DAY + at);
  const kept = (site: Site) => all.filter((day) => !isMissing(gaps, site, day));
  const local = new Set(gaps.localDays);
  const logs = "inetpub/logs/LogFiles";
  return [
    {
      path: `MX1/${logs}/W3SVC1`,
      site: "front",
      days: kept("front").filter((day) => !local.has(day)),
      local: false,
    },
    { path: "MX1/local-time/W3SVC1", site: "front", days: gaps.localDays, local: true },
    { path: "MX1/march/W3SVC1", site: "front", days: gaps.marchDays, local: false },
    { path: `MX1/${logs}/W3SVC2`, site: "back", days: kept("back"), local: false },
    { path: `WEB1/${logs}/W3SVC1`, site: "web", days: all, local: false },
  ];
}
