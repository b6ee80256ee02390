/** Builds of Exchange 2016 around the story, and the security updates of 2021; numbers and dates from Microsoft's own list. */
import { known } from "../base/assert.ts";
import { dayOf, on } from "./calendar.ts";

/** A security update of 2021. */
export interface SecurityUpdate {
  readonly kb: string;
  readonly month: string;
  readonly releasedAt: number;
  /** Microsoft's rating of the worst that it fixes. */
  readonly rating: "Critical" | "Important";
}

/** In the order of release. */
export const SECURITY_UPDATES: readonly SecurityUpdate[] = [
  { kb: "KB4602269", month: "February 2021", releasedAt: on(2, 9), rating: "Important" },
  { kb: "KB5000871", month: "March 2021", releasedAt: on(3, 2), rating: "Critical" },
  { kb: "KB5001779", month: "April 2021", releasedAt: on(4, 13), rating: "Critical" },
  { kb: "KB5003435", month: "May 2021", releasedAt: on(5, 11), rating: "Important" },
  { kb: "KB5004779", month: "July 2021", releasedAt: on(7, 13), rating: "Important" },
  { kb: "KB5007012", month: "October 2021", releasedAt: on(10, 12), rating: "Important" },
  { kb: "KB5007409", month: "November 2021", releasedAt: on(11, 9), rating: "Important" },
];

/** A cumulative update. */
export interface CumulativeUpdate {
  readonly name: string;
  readonly build: string;
  readonly releasedAt: number;
  /** Builds of the security updates that were made for it, by their numbers. */
  readonly updated: Readonly<Record<string, string>>;
}

/** In the order of release. */
export const CUMULATIVE_UPDATES: readonly CumulativeUpdate[] = [
  {
    name: "CU18",
    build: "15.1.2106.2",
    releasedAt: Date.UTC(2020, 8, 15),
    updated: { KB4602269: "15.1.2106.8", KB5000871: "15.1.2106.13" },
  },
  {
    name: "CU19",
    build: "15.1.2176.2",
    releasedAt: Date.UTC(2020, 11, 15),
    updated: {
      KB4602269: "15.1.2176.4",
      KB5000871: "15.1.2176.9",
      KB5001779: "15.1.2176.12",
      KB5003435: "15.1.2176.14",
    },
  },
  {
    name: "CU20",
    build: "15.1.2242.4",
    releasedAt: on(3, 16),
    updated: { KB5001779: "15.1.2242.8", KB5003435: "15.1.2242.10", KB5004779: "15.1.2242.12" },
  },
  {
    name: "CU21",
    build: "15.1.2308.8",
    releasedAt: on(6, 29),
    updated: { KB5004779: "15.1.2308.14", KB5007012: "15.1.2308.15", KB5007409: "15.1.2308.20" },
  },
];

/** The cumulative update of a build. */
export function cumulativeUpdateOf(build: string): CumulativeUpdate {
  const [, , number] = build.split(".");
  return known(
    CUMULATIVE_UPDATES.find((unit) => unit.build.split(".")[2] === number),
    "the cast has builds of these cumulative updates only",
  );
}

/** The number after the third dot, which security updates raise. */
export function revisionOf(build: string): number {
  return Number(build.split(".")[3]);
}

/** Which security updates of 2021 are in a build: those before its cumulative update, and those on top of it. */
export function updatesIn(build: string): readonly SecurityUpdate[] {
  const unit = cumulativeUpdateOf(build);
  return SECURITY_UPDATES.filter(({ kb, releasedAt }) => {
    const updated = unit.updated[kb];
    return updated === undefined
      ? releasedAt < unit.releasedAt
      : revisionOf(updated) <= revisionOf(build);
  });
}

/** An update that was installed, in the evening. */
export interface Installation {
  readonly at: number;
  /** `CU20`, or the number of a security update. */
  readonly name: string;
  readonly kind: "CU" | "SU";
  /** The build since then. */
  readonly build: string;
}

/** What was installed on the mail server, in its order; the first one lies before every log. */
export interface InstalledBuilds {
  readonly installations: readonly Installation[];
}

/** Every run of setup that installed a cumulative update, in its order. */
export function setupsOf({ installations }: InstalledBuilds): readonly Installation[] {
  return installations.filter(({ kind }) => kind === "CU");
}

/** The run of setup that installed the cumulative update that is there at the end. */
export function lastSetupOf(server: InstalledBuilds): Installation {
  return known(setupsOf(server).at(-1), "a cumulative update was installed");
}

/** The build that the logs of a day name: updates are installed in the evening, and count from the next day on. */
export function buildOn(server: InstalledBuilds, day: number): string {
  return latestOn(server, day).build;
}

/** The build whose folders the server has besides: that of the update before, in the week after one; else the one of the day. */
export function buildLeftOn({ installations }: InstalledBuilds, day: number): string {
  const latest = latestOn({ installations }, day);
  const before = installations[installations.indexOf(latest) - 1];
  return before !== undefined && day - dayOf(latest.at) <= LEFT_DAYS ? before.build : latest.build;
}

/** Browsers that stay open ask for scripts of the build with which they began. */
const LEFT_DAYS = 7;

function latestOn({ installations }: InstalledBuilds, day: number): Installation {
  const done = installations.findLast(({ at }) => dayOf(at) < day);
  return known(done ?? installations[0], "something was installed");
}

/** `15.01.2176.009`, as Exchange pads it in some of its logs. */
export function paddedBuild(build: string): string {
  const [major = "", minor = "", number = "", revision = ""] = build.split(".");
  return `${major}.${minor.padStart(2, "0")}.${number.padStart(4, "0")}.${revision.padStart(3, "0")}`;
}

/** The four numbers under the names of the columns in which Exchange's logs write them. */
export function versionColumns(build: string) {
  const [major = 15, minor = 1, number = 0, revision = 0] = build.split(".").map(Number);
  return {
    MajorVersion: major,
    MinorVersion: minor,
    BuildVersion: number,
    RevisionVersion: revision,
  };
}
