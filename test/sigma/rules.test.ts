/** Our own rules against events that they must find and events that they must leave alone (rules/tests). */
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { z } from "zod";
import { memorySource } from "../../src/base/source.ts";
import { iisReader } from "../../src/engines/formats/iis/read.ts";
import {
  type Rule,
  createCarried,
  createMatcher,
  findNotHere,
  parseLogSources,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import { RUNGS } from "../../src/model/cause.ts";
import { FORMAT_IDS, NO_EVIDENCE } from "../../src/model/evidence.ts";
import { batchOf } from "./rows.ts";

const TEXTS = z.array(z.string());
const TESTS = z.strictObject({
  events: z.array(
    z.strictObject({
      about: z.string(),
      format: z.enum(FORMAT_IDS),
      channel: z.string().optional(),
      eventId: z.int().optional(),
      provider: z.string().optional(),
      fields: z.record(z.string(), z.union([z.string(), z.int(), TEXTS])),
      /** Exactly these rules match. */
      expect: TEXTS,
      /** Rules that the event comes close to. */
      not: TEXTS.default([]),
    }),
  ),
});

const FOLDERS = ["rules/exchange", "rules/canary"];
const parsed = FOLDERS.flatMap((folder) =>
  readdirSync(folder).flatMap((name) => parseRules(name, readFileSync(join(folder, name), "utf8"))),
);
const sources = parseLogSources(
  JSON.parse(readFileSync("knowledge/sigma-logsources.json", "utf8")),
);
const plan = planRules(parsed, sources);
const matcher = createMatcher(plan);
const cases = readdirSync("rules/tests").flatMap((name) =>
  TESTS.parse(load(readFileSync(join("rules/tests", name), "utf8"))).events.map((event) => ({
    ...event,
    name,
  })),
);

test.each(cases)(
  "$name: $about",
  ({ format, channel, eventId, provider, fields, expect: names }) => {
    const event = {
      fields,
      ...(channel === undefined ? {} : { channel }),
      ...(eventId === undefined ? {} : { eventId }),
      ...(provider === undefined ? {} : { provider }),
    };
    const found: string[] = [];
    matcher.match(batchOf(format, [event]), (_, rule) => found.push(basename(rule.file, ".yml")));
    expect(found.sort()).toEqual([...names].sort());
  },
);

test("every rule that runs is tried from both sides", () => {
  const running = plan.accounts.filter(({ state }) => state === "run");
  const names = running.map(({ file }) => basename(file, ".yml")).sort();
  const found = new Set(cases.flatMap((one) => one.expect));
  const spared = new Set(cases.flatMap((one) => one.not));
  expect(names.filter((name) => !found.has(name))).toEqual([]);
  expect(names.filter((name) => !spared.has(name))).toEqual([]);
  expect([...found, ...spared].filter((name) => !names.includes(name))).toEqual([]);
});

test("a rule on cookies says that it does not apply, instead of staying silent", () => {
  expect(plan.accounts.filter(({ state }) => state !== "run")).toEqual([]);
  const log = (columns: string) => {
    const carried = createCarried();
    const bytes = Buffer.from(
      `#Fields: date time cs-uri-stem ${columns}\n2021-03-03 00:00:00 /x -\n`,
    );
    const place = { evidence: NO_EVIDENCE, member: "", file: "u_ex210303.log" };
    const setting = { place, host: null, zone: null, skewMillis: 0 };
    for (const piece of iisReader.read(memorySource(bytes), setting))
      if (piece.kind === "batch") carried.add(piece);
    return findNotHere(plan, carried.state()).find(({ rule }) => rule.title.includes("cookie"));
  };
  expect(log("cs(User-Agent)")).toMatchObject({
    reason: "no log of -/webserver/- here carries cs(Cookie)",
    needs: "logs of iis with cs(Cookie)",
  });
  expect(log("cs(Cookie)")).toBeUndefined();
});

const rules = parsed.filter((one): one is Rule => one.kind === "rule");

test.each(rules)(
  "$file: rungs are words of the ladder, at most one, and it says where it comes from",
  (rule) => {
    const rungs = rule.tags.filter((tag) => tag.startsWith("breakwater.rung."));
    expect(rungs.length).toBeLessThanOrEqual(1);
    for (const rung of rungs) expect(RUNGS).toContain(rung.slice("breakwater.rung.".length));
    expect(rule.references).not.toEqual([]);
  },
);
