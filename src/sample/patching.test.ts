/** How the mail server was patched, and that every testimony of the files names the build of its day. */
import { expect, test } from "vitest";
import { DAY, LAST_DAY, dateOf, dayOf } from "./calendar.ts";
import { claimedAndMissing, outsideClaims, providerClaims, unclaimedAndMissing } from "./claims.ts";
import {
  SECURITY_UPDATES,
  buildLeftOn,
  buildOn,
  cumulativeUpdateOf,
  lastSetupOf,
  setupsOf,
  updatesIn,
} from "./exchange-build.ts";
import { type Row, readSample } from "./read-sample.test-data.ts";
import { SAMPLE_VARIANTS, drawStory } from "./story.ts";

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);
const stories = SAMPLE_VARIANTS.flatMap((variant) =>
  SEEDS.map((seed) => drawStory(seed, "small", variant)),
);

test("builds rise from update to update, none before its release, and end with the one that the cast has", () => {
  for (const { cast } of stories) {
    const { installations, build } = cast;
    expect(installations.at(-1)?.build).toBe(build);
    expect(buildOn(cast, LAST_DAY)).toBe(build);
    const numbers = installations.map((one) => one.build.split(".").map(Number));
    for (const [at, one] of installations.entries()) {
      const [, , third = 0, fourth = 0] = numbers[at] ?? [];
      const [, , thirdBefore = 0, fourthBefore = 0] = numbers[at - 1] ?? [];
      expect(third * 100 + fourth).toBeGreaterThan(thirdBefore * 100 + fourthBefore);
      expect(one.at).toBeGreaterThan(installations[at - 1]?.at ?? 0);
      const update = SECURITY_UPDATES.find(({ kb }) => kb === one.name);
      const releasedAt = update?.releasedAt ?? cumulativeUpdateOf(one.build).releasedAt;
      expect(one.at - releasedAt).toBeGreaterThan(2 * DAY);
    }
    expect(cumulativeUpdateOf(build).build).toBe(lastSetupOf(cast).build);
  }
});

test("logs name the old build on the evening of an update and the new one from the next day on; folders stay for a week", () => {
  const { cast } = drawStory(1, "small", "benign");
  const update = cast.installations.at(-1);
  const day = dayOf(update?.at ?? 0);
  expect(buildOn(cast, day)).toBe("15.1.2308.15");
  expect(buildOn(cast, day + 1)).toBe("15.1.2308.20");
  expect(buildLeftOn(cast, day + 7)).toBe("15.1.2308.15");
  expect(buildLeftOn(cast, day + 8)).toBe("15.1.2308.20");
});

const ofVariant = (wanted: string) => stories.filter(({ variant }) => variant === wanted);

test("an exploited half-year lacks four that are claimed, one of them critical, and no other story one", () => {
  for (const story of ofVariant("exchange")) {
    const missing = claimedAndMissing(story);
    expect(missing.map(({ kb, rating }) => `${kb} ${rating}`)).toEqual([
      "KB5001779 Critical",
      "KB5003435 Important",
      "KB5004779 Important",
      "KB5007012 Important",
    ]);
    expect(outsideClaims(story).map(({ claim }) => claim)).toContain(
      "four security updates were missing, one of them rated critical",
    );
  }
  const others = stories.filter(({ variant }) => variant !== "exchange");
  expect(others.flatMap(claimedAndMissing)).toEqual([]);
  expect(others.flatMap(outsideClaims)).toEqual([]);
});

test("the benign clinic installs every update within twelve days, and says so on that day", () => {
  for (const story of ofVariant("benign")) {
    const { cast } = story;
    expect(unclaimedAndMissing(story)).toEqual([]);
    expect(updatesIn(cast.build)).toEqual(SECURITY_UPDATES);
    const dates = new Map(cast.installations.map(({ name, at }) => [name, dayOf(at)]));
    for (const { kb, releasedAt } of SECURITY_UPDATES)
      expect((dates.get(kb) ?? Infinity) - dayOf(releasedAt)).toBeLessThanOrEqual(12);
    const claims = providerClaims(story);
    expect(claims.map(({ at }) => at)).toEqual(claims.map(({ kb }) => dateOf(dates.get(kb) ?? 0)));
  }
});

test("HttpProxy, Outlook on the web and IIS follow the day, and the setup log has each cumulative update", async () => {
  const { cast } = drawStory(2, "small", "benign");
  const installedOn = dayOf(cast.installations.at(-1)?.at ?? 0);
  const days = new Set(
    [installedOn, installedOn + 1].map((day) => dateOf(day).replaceAll("-", "")),
  );
  const { read } = await readSample(
    2,
    "benign",
    (path) =>
      path.includes("ExchangeSetup") ||
      path.includes("W3SVC1") ||
      [...days].some(
        (day) => path.includes(`HttpProxy_${day}`) || path.includes(`OwaServer_${day}`),
      ),
    ["BuildVersion", "RevisionVersion", "EventData", "cs-uri-stem", "Build", "Observation"],
  );
  const rows = read.flatMap((file) => file.rows);
  const said = (text: (row: Row) => string | undefined) =>
    rows.flatMap((row) => {
      const build = text(row);
      return build === undefined ? [] : [{ day: dayOf(row.millis), build }];
    });
  const columns = said((row) =>
    row.field("BuildVersion") === undefined
      ? undefined
      : `15.1.${String(row.field("BuildVersion"))}.${String(row.field("RevisionVersion"))}`,
  );
  const told = said((row) => /S:Bld=([\d.]+)/.exec(String(row.field("EventData")))?.[1]);
  const served = said(
    (row) => /^\/owa\/prem\/([\d.]+)\//.exec(String(row.field("cs-uri-stem")))?.[1],
  );
  const wrong = [...columns, ...told].filter(({ day, build }) => build !== buildOn(cast, day));
  expect(wrong).toEqual([]);
  for (const list of [columns, told])
    expect(new Set(list.map(({ build }) => build))).toEqual(
      new Set(["15.1.2308.15", "15.1.2308.20"]),
    );
  const strange = served.filter(
    ({ day, build }) => build !== buildOn(cast, day) && build !== buildLeftOn(cast, day),
  );
  expect(strange).toEqual([]);
  expect(new Set(served.map(({ build }) => build)).size).toBe(5);
  const setups = rows.filter((row) => row.field("Observation") === "setup-log");
  expect(new Set(setups.map((row) => row.field("Build")))).toEqual(
    new Set(setupsOf(cast).map(({ build }) => build)),
  );
});
