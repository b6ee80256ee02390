/** Builds of Exchange 2016 around the story, and the updates that came later; numbers and dates from Microsoft's own list. */
import { on } from "./calendar.ts";

/** A security update of 2021. */
export interface SecurityUpdate {
  readonly kb: string;
  readonly month: string;
  readonly releasedAt: number;
  /** Microsoft's rating of the worst that it fixes. */
  readonly rating: "Critical" | "Important";
}

/** What came after the March update, in the order of release. */
export const LATER_UPDATES: readonly SecurityUpdate[] = [
  { kb: "KB5001779", month: "April 2021", releasedAt: on(4, 13), rating: "Critical" },
  { kb: "KB5003435", month: "May 2021", releasedAt: on(5, 11), rating: "Important" },
  { kb: "KB5004779", month: "July 2021", releasedAt: on(7, 13), rating: "Important" },
  { kb: "KB5007012", month: "October 2021", releasedAt: on(10, 12), rating: "Important" },
];

/** A cumulative update by the third number of its builds: its name, its own build, its release. */
export interface CumulativeUpdate {
  readonly name: string;
  readonly build: string;
  readonly releasedAt: number;
}

const CUMULATIVE: Readonly<Record<string, CumulativeUpdate>> = {
  "2106": { name: "CU18", build: "15.1.2106.2", releasedAt: Date.UTC(2020, 8, 15) },
  "2176": { name: "CU19", build: "15.1.2176.2", releasedAt: Date.UTC(2020, 11, 15) },
  "2242": { name: "CU20", build: "15.1.2242.4", releasedAt: on(3, 16) },
  "2308": { name: "CU21", build: "15.1.2308.8", releasedAt: on(6, 29) },
};

/** Numbers of the later updates that a build of the cast holds. */
const HELD: Readonly<Record<string, number>> = {
  "15.1.2176.14": 2,
  "15.1.2242.12": 3,
  "15.1.2308.14": 3,
};

/** The cumulative update of a build. */
export function cumulativeUpdateOf(build: string): CumulativeUpdate {
  const found = CUMULATIVE[build.split(".")[2] ?? ""];
  return found ?? { name: "an unknown CU", build, releasedAt: on(1, 1) };
}

/** Which later updates are in a build; the others are missing. */
export function updatesIn(build: string): readonly SecurityUpdate[] {
  return LATER_UPDATES.slice(0, HELD[build] ?? 0);
}

/** `15.01.2176.009`, as Exchange pads it in some of its logs. */
export function paddedBuild(build: string): string {
  const [major = "", minor = "", number = "", revision = ""] = build.split(".");
  return `${major}.${minor.padStart(2, "0")}.${number.padStart(4, "0")}.${revision.padStart(3, "0")}`;
}
