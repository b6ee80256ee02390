/** Twenty seeds are twenty stories; each keeps the promises of docs/design/sample-case.md. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { DAY, dayOf } from "./calendar.ts";
import { makeSample } from "./sample.ts";
import {
  drawStory,
  firstExploitation,
  SAMPLE_VARIANTS,
  type SampleVariant,
  type Story,
} from "./story.ts";
import type { Step } from "./plan.ts";

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);
const stories = SEEDS.map((seed) => drawStory(seed, "small", "exchange"));

function hashOf(
  seed: number,
  variant: SampleVariant,
): { hash: string; sizeBytes: number; paths: string[] } {
  const hash = createHash("sha256");
  const paths: string[] = [];
  let sizeBytes = 0;
  for (const { path, bytes } of makeSample({ seed, size: "small", variant }).files) {
    paths.push(path);
    hash.update(`${path}\n`);
    for (const block of bytes) {
      hash.update(block);
      sizeBytes += block.length;
    }
  }
  return { hash: hash.digest("hex"), sizeBytes, paths };
}

function intruders(story: Story): Set<string> {
  return new Set(story.actors.map(({ name }) => name));
}

function textOf(bytes: Iterable<Uint8Array>): string {
  return Buffer.concat([...bytes]).toString("utf8");
}

/** Columns of every IIS line. */
function linesOf(seed: number, variant: SampleVariant): string[][] {
  return [...makeSample({ seed, size: "small", variant }).files]
    .filter(({ path }) => /\/u_ex\d{6}\.log$/.test(path))
    .flatMap(({ bytes }) => textOf(bytes).split("\r\n"))
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" "));
}

describe("the whole sample", () => {
  test("the same seed gives the same bytes, another seed others", () => {
    const once = hashOf(7, "exchange");
    expect(hashOf(7, "exchange")).toEqual(once);
    expect(hashOf(8, "exchange").hash).not.toBe(once.hash);
    expect(new Set(once.paths).size).toBe(once.paths.length);
  });

  test.each(SAMPLE_VARIANTS)("%s is complete and labelled", (variant) => {
    const files = new Map(
      [...makeSample({ seed: 3, size: "small", variant }).files].map(({ path, bytes }) => [
        path,
        bytes,
      ]),
    );
    for (const path of ["README.txt", "case.yaml", "story.yaml"]) {
      expect(textOf(files.get(path) ?? [])).toContain("SYNTHETIC");
    }
    const truth = JSON.parse(textOf(files.get("truth.json") ?? []));
    expect(truth).toMatchObject({
      synthetic: true,
      variant,
      finding_expected: variant !== "benign",
    });
    expect(truth.first_exploitation === null).toBe(variant !== "exchange");
    expect([...files.keys()].filter((path) => path.endsWith(".evtx"))).toHaveLength(4);
  });

  test("a file can be read twice", () => {
    const [file] = [...makeSample({ seed: 1, size: "small", variant: "benign" }).files].slice(-1);
    expect(textOf(file?.bytes ?? [])).toBe(textOf(file?.bytes ?? []));
  });
});

describe("the chain", () => {
  const ORDER = ["probe", "legacy-dn", "sid", "powershell", "shell-first"];

  test.each(stories)("keeps its order and its timing (seed $seed)", (story) => {
    for (const shell of story.plan.shells) {
      const before = story.plan.steps.filter(
        ({ actor, start }) =>
          actor === shell.actor && start <= (shell.firstAnswer ?? shell.writtenAt) + 1000,
      );
      const last = (kind: string) => before.findLast((step) => step.kind === kind);
      const kinds = shell.firstAnswer === null ? ORDER.slice(0, -1) : ORDER;
      // Runs of one actor follow each other, so the last of each kind before the page belong to its run.
      const times = kinds.map((kind) => last(kind)?.logged ?? Number.NaN);
      expect(times).not.toContain(Number.NaN);
      expect(times).toEqual([...times].sort((left, right) => left - right));
      if (shell.firstAnswer === null) continue;
      const knocks = before
        .filter(({ kind }) => kind === "shell-wait" || kind === "shell-first")
        .slice(-3);
      expect(knocks.map(({ status }) => status)).toEqual([404, 404, 200]);
      const waited = (shell.firstAnswer - shell.writtenAt) / 1000;
      expect(waited).toBeGreaterThanOrEqual(60);
      expect(waited).toBeLessThanOrEqual(180);
    }
  });

  test.each(stories)("pairs request ids of front end and back end (seed $seed)", (story) => {
    const idOf = (query: string) => /cafeReqId=([0-9a-f-]{36});/.exec(query)?.[1];
    const front = new Map(
      story.plan.requests
        .filter(({ site }) => site === "front")
        .map((one) => [idOf(one.query), one]),
    );
    const back = story.plan.requests.filter(({ site }) => site === "back");
    expect(back.length).toBeGreaterThan(0);
    for (const one of back) {
      const pair = front.get(idOf(one.query));
      expect(pair).toBeDefined();
      expect(one.end).toBeLessThanOrEqual(pair?.end ?? 0);
      expect(one.end - one.takenMillis).toBeGreaterThanOrEqual(
        (pair?.end ?? 0) - (pair?.takenMillis ?? 0),
      );
    }
  });

  test.each(stories)(
    "is first proven by a call to PowerShell at the back end (seed $seed)",
    (story) => {
      const first = firstExploitation(story.plan.steps, story.actors);
      expect(first).toMatchObject({ site: "back", status: 200, rung: "executed" });
      const attack = story.plan.steps.filter(({ actor }) => intruders(story).has(actor));
      expect(attack[0]?.start).toBeLessThan(first?.start ?? 0);
      const earlier = (step: Step) => step.rung === "used" && step.start < (first?.start ?? 0);
      expect(attack.filter(earlier)).toEqual([]);
    },
  );
});

describe("the evidence", () => {
  test.each(stories)("lacks what the truth says it lacks (seed $seed)", (story) => {
    const back = story.gaps.missing.back ?? [0, 0];
    expect(back[1] - back[0] + 1).toBe(11);
    const days = new Set<string>();
    for (const { path } of makeSample({ seed: story.seed, size: "small", variant: "exchange" })
      .files) {
      const match = /(W3SVC\d)\/u_ex(\d{6})\.log$/.exec(path);
      if (match !== null && path.startsWith("evidence/MX1/")) days.add(`${match[1]} ${match[2]}`);
    }
    for (let day = Date.UTC(2021, 5, 1) / DAY; day <= Date.UTC(2021, 11, 15) / DAY; day++) {
      const stamp = new Date(day * DAY).toISOString().slice(2, 10).replaceAll("-", "");
      for (const [site, source] of [
        ["front", "W3SVC1"],
        ["back", "W3SVC2"],
      ] as const) {
        const gap = story.gaps.list.some(
          (one) =>
            one.source === source &&
            one.kind === "days-missing" &&
            day * DAY >= one.from &&
            day * DAY < one.to,
        );
        expect(days.has(`${source} ${stamp}`), `${site} ${stamp}`).toBe(!gap);
      }
    }
    const first = firstExploitation(story.plan.steps, story.actors);
    const hidden = dayOf(first?.logged ?? 0) >= back[0] && dayOf(first?.logged ?? 0) <= back[1];
    expect(hidden).toBe(story.gaps.hiding === "back-end" || story.gaps.hiding === "both");
  });

  test.each(stories)("names 54 removed files (seed $seed)", (story) => {
    const verdicts = story.plan.verdicts.filter(({ kinds }) => !kinds.includes("test-file"));
    const files = new Set(
      verdicts.flatMap(({ paths, threat }) => paths.map((path) => `${path}\n${threat}`)),
    );
    expect(files.size).toBe(54);
    expect(verdicts.filter(({ failed }) => failed)).toHaveLength(1);
    const times = verdicts.map(({ at }) => at);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(100 * DAY);
    expect(Math.max(...times)).toBeLessThan(Date.UTC(2021, 11, 16));
  });

  test.each(SAMPLE_VARIANTS)("of %s holds only addresses that belong to nobody", (variant) => {
    const free = /^(?:10\.|127\.0\.0\.1$|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:|::1$)/;
    const lines = linesOf(11, variant);
    const odd = lines.filter(
      (columns) =>
        columns.length !== 15 || !free.test(columns[2] ?? "") || !free.test(columns[8] ?? ""),
    );
    expect(lines.length).toBeGreaterThan(180_000);
    expect(lines.length).toBeLessThan(230_000);
    expect(odd).toEqual([]);
  });

  test("of a benign half-year asks nothing of the back end through Autodiscover", () => {
    const asked = linesOf(5, "benign").map((columns) => `${columns[4]}?${columns[5]}`);
    const guilty =
      /Email=autodiscover|X-Rps-CAT|^\/ecp\/\w+\.js|aspnet_client|@[^&]*\/(?:mapi|powershell|ews)/i;
    expect(asked.filter((one) => guilty.test(one))).toEqual([]);
    expect(asked.some((one) => /autodiscover\.json\?Email=/.test(one))).toBe(true);
    expect(asked.some((one) => /autodiscover\.json\/v1\.0\/.*%40/.test(one))).toBe(true);
  });
});

describe("the truth", () => {
  interface Told {
    readonly logged: string;
    readonly time: string;
    readonly site: string;
    readonly status: number;
    readonly request_id: string | null;
    readonly kept: boolean;
  }

  test.each([2, 3, 4])("is what the logs say, line by line (seed %i)", (seed) => {
    const shown = new Map<string, string>();
    let told: readonly Told[] = [];
    let localFolder = 0;
    for (const { path, bytes } of makeSample({ seed, size: "small", variant: "exchange" }).files) {
      if (path === "truth.json") {
        const truth = JSON.parse(textOf(bytes));
        told = [...truth.steps, ...truth.others];
      }
      if (!path.startsWith("evidence/MX1/") || !path.endsWith(".log")) continue;
      const site = path.includes("W3SVC1") ? "front" : "back";
      const aheadMillis = path.includes("local-time") ? 3_600_000 : 0;
      for (const line of textOf(bytes).split("\r\n")) {
        const id = /cafeReqId=([0-9a-f-]{36});/.exec(line)?.[1];
        if (id === undefined) continue;
        const columns = line.split(" ");
        const ended = Date.parse(`${columns[0]}T${columns[1]}Z`) - aheadMillis;
        const started = ended - Number(columns[14]);
        shown.set(
          `${site} ${id}`,
          `${new Date(ended).toISOString()} ${new Date(started).toISOString()} ${columns[11]}`,
        );
        if (aheadMillis > 0) localFolder++;
      }
    }
    const withId = told.filter(({ request_id: id }) => id !== null);
    expect(withId.length).toBeGreaterThan(20);
    expect(localFolder).toBeGreaterThan(0);
    for (const step of withId) {
      const line = shown.get(`${step.site} ${step.request_id}`);
      expect(line).toBe(step.kept ? `${step.logged} ${step.time} ${step.status}` : undefined);
    }
  });
});

test("twenty seeds are twenty stories", () => {
  const kinds = stories.map(({ cast, actors, gaps, test: contracted }) =>
    [
      cast.clinic,
      cast.build,
      actors.length,
      actors[0]?.technique,
      gaps.hiding,
      contracted === null,
      gaps.marchDays.length,
    ].join(),
  );
  expect(new Set(kinds).size).toBe(20);
  expect(new Set(stories.map(({ gaps }) => gaps.hiding)).size).toBeGreaterThan(2);
  expect(new Set(stories.map(({ gaps }) => gaps.skewStated)).size).toBe(2);
});
