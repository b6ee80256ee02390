import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHmac } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { known } from "../base/assert.ts";
import { createFeed, createMatcher } from "../engines/sigma/index.ts";
import type { Expression } from "../engines/sigma/index.ts";
import { loadKnowledge } from "./knowledge.ts";
import { Pace } from "./pace.ts";
import {
  type PlanCache,
  PlanPlace,
  cacheFolderOf,
  packPlan,
  personalPlans,
  unpackPlan,
} from "./plan-cache.ts";
import { packValue } from "./packed-value.ts";
import { type RuleFile, planRuleFiles } from "./rules.ts";

const { logSources } = loadKnowledge();
const root = mkdtempSync(join(tmpdir(), "breakwater-plans-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const RULES: readonly RuleFile[] = [
  {
    file: "one.yml",
    text: `title: Certutil
id: 11111111-0000-4000-8000-000000000001
name: certutil
logsource: { category: process_creation, product: windows }
detection:
  twin: { Image|endswith: \\certutil.exe }
  same: { Image|endswith: \\certutil.exe }
  net: { DestinationIp|cidr: 'fd00::/8' }
  late: { '@timestamp|hour|gte': 22 }
  condition: (twin and not net) or (same and late)
level: high
---
title: Twice
id: 11111111-0000-4000-8000-000000000002
correlation:
  type: event_count
  rules: [certutil]
  group-by: [User]
  timespan: 5m
  condition: { gte: 2 }
`,
  },
  {
    file: "house.yml",
    text: `title: Known here
logsource: { category: process_creation, product: windows }
filter:
  rules: [certutil]
  backup: { User: svc_backup }
  condition: not backup
`,
  },
];
const PLACEHOLDERS: RuleFile = { file: "p.yml", text: "Admins: [root]", kind: "placeholders" };

let caches = 0;
function newCache(): PlanCache {
  return personalPlans(join(root, `cache-${caches++}`));
}

function plansIn({ folder }: PlanCache): readonly string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

async function plan(files: readonly RuleFile[], cache: PlanCache | null) {
  return (await planRuleFiles(files, logSources, new Pace(), cache)).plan;
}

test("a plan from the cache is the plan: equal, with the same objects where they were the same", async () => {
  const cache = newCache();
  const cold = await plan(RULES, cache);
  const warm = known(new PlanPlace(cache, RULES, logSources).take(), "it was kept").plan;
  expect(warm).toStrictEqual(cold);
  expect(cold.bound.length).toBeGreaterThan(1);
  const [first] = warm.rules;
  const { selections, condition, filters } = known(first, "the rule runs");
  for (const part of selections.values()) expect(within(condition, part)).toBe(true);
  expect(selections.get("twin")).not.toBe(selections.get("same"));
  expect(within(condition, known(filters[0], "it has a filter").condition)).toBe(true);
  expect(sharing(warm)).toEqual(sharing(cold));
  expect(() => createFeed(warm)).not.toThrow();
  expect(() => createMatcher(warm)).not.toThrow();
});

test("every input is part of the key, to the byte and in order", () => {
  const cache = newCache();
  const pathsOf = (files: readonly RuleFile[], sources = logSources) => {
    new PlanPlace(cache, files, sources).keep(new Uint8Array(8));
    return plansIn(cache).length;
  };
  const [one, two] = [known(RULES[0], "a file"), known(RULES[1], "a file")];
  const sets: readonly (readonly RuleFile[])[] = [
    RULES,
    [two, one],
    [one],
    [{ ...one, text: `${one.text} ` }, two],
    [{ ...one, file: "two.yml" }, two],
    [...RULES, PLACEHOLDERS],
    [...RULES, { ...PLACEHOLDERS, kind: undefined }],
  ];
  // The borders between texts count, not only what they come to together.
  const moved = [
    { ...one, text: one.text.slice(0, -1) },
    { ...two, text: `\n${two.text}` },
  ];
  sets.forEach((files, at) => expect(pathsOf(files)).toBe(at + 1));
  expect(pathsOf(moved)).toBe(sets.length + 1);
  for (const path of plansIn(cache)) rmSync(path);
  expect(pathsOf(RULES)).toBe(1);
  const { rows, unread } = logSources;
  expect(pathsOf(RULES, { rows: rows.slice(1), unread })).toBe(2);
});

test("damaged, forged, foreign and oversized files are not there", async () => {
  const cache = newCache();
  const cold = await plan(RULES, cache);
  const [path = ""] = plansIn(cache);
  const sound = readFileSync(path);
  const place = new PlanPlace(cache, RULES, logSources);
  for (let at = 0; at < sound.length; at += 97) {
    writeFileSync(
      path,
      Uint8Array.from(sound, (byte, here) => (here === at ? byte ^ 1 : byte)),
    );
    expect(place.take()).toBe(null);
  }
  for (const length of [0, 1, 15, 16, 17, sound.length - 1]) {
    writeFileSync(path, sound.subarray(0, length));
    expect(place.take()).toBe(null);
  }
  // The plan of another rule set, sound in itself, under this one's name.
  const other = newCache();
  await plan(RULES.slice(0, 1), other);
  writeFileSync(path, readFileSync(plansIn(other)[0] ?? ""));
  expect(place.take()).toBe(null);
  truncateSync(path, (64 << 20) + 1);
  expect(place.take()).toBe(null);
  rmSync(path);
  mkdirSync(path);
  expect(place.take()).toBe(null);
  expect(await plan(RULES, cache)).toStrictEqual(cold);
});

test("a vault's plans open with that vault's key alone", async () => {
  const vaultCache = (key: string): PlanCache => ({
    ...newCache(),
    secretOf: (sha256) => createHmac("sha256", key).update(sha256).digest("hex"),
  });
  const ours = vaultCache("ours");
  await plan(RULES, ours);
  expect(new PlanPlace(ours, RULES, logSources).take()).not.toBe(null);
  const theirs = { ...vaultCache("theirs"), folder: ours.folder };
  const outside = { ...personalPlans(root), folder: ours.folder };
  for (const other of [theirs, outside])
    expect(new PlanPlace(other, RULES, logSources).take()).toBe(null);
  const [path = ""] = plansIn(ours);
  expect(readFileSync(path).includes("svc_backup")).toBe(false);
});

test("placeholders are kept in a vault, and nowhere else", async () => {
  const [outside, inside] = [newCache(), { ...newCache(), owner: "vault" as const }];
  mkdirSync(outside.folder, { recursive: true });
  await plan([...RULES, PLACEHOLDERS], outside);
  expect(plansIn(outside)).toEqual([]);
  await plan([...RULES, PLACEHOLDERS], inside);
  expect(plansIn(inside)).toHaveLength(1);
});

test("a folder that cannot be used is not used, and says nothing", async () => {
  const file = join(root, "a-file");
  writeFileSync(file, "");
  const cold = await plan(RULES, null);
  expect(await plan(RULES, personalPlans(file))).toStrictEqual(cold);
  const closed = newCache();
  mkdirSync(closed.folder, { recursive: true });
  chmodSync(closed.folder, 0o500);
  expect(await plan(RULES, closed)).toStrictEqual(cold);
});

test("files are the owner's, few, and never half written: two writers give one plan", () => {
  const cache = newCache();
  const place = new PlanPlace(cache, RULES, logSources);
  const again = new PlanPlace(cache, RULES, logSources);
  const bytes = new Uint8Array(1000);
  place.keep(bytes);
  again.keep(bytes);
  const [path = ""] = plansIn(cache);
  expect(plansIn(cache)).toHaveLength(1);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(cache.folder).mode & 0o777).toBe(0o700);
  // What another writes now stays; what one left that was killed goes.
  writeFileSync(`${path}.1.new`, "");
  writeFileSync(`${path}.2.new`, "");
  const old = new Date(Date.now() - 3_600_000);
  utimesSync(`${path}.2.new`, old, old);
  utimesSync(path, old, old);
  for (let n = 0; n < 8; n++)
    new PlanPlace(cache, [{ file: `${n}`, text: "" }], logSources).keep(bytes);
  const left = plansIn(cache);
  expect(left.filter((name) => name.endsWith(".plan"))).toHaveLength(8);
  expect(left).not.toContain(path);
  expect(left.filter((name) => name.endsWith(".new"))).toEqual([`${path}.1.new`]);
  // Of a vault's one writer nothing can be in the making.
  new PlanPlace({ ...cache, owner: "vault" }, RULES, logSources).keep(bytes);
  expect(plansIn(cache).filter((name) => name.endsWith(".new"))).toEqual([]);
});

test("a link where a plan is to be written is replaced, not followed", () => {
  const cache = newCache();
  const place = new PlanPlace(cache, RULES, logSources);
  place.keep(new Uint8Array(8));
  const [path = ""] = plansIn(cache);
  const target = join(root, "precious");
  writeFileSync(target, "precious");
  rmSync(path);
  symlinkSync(target, path);
  symlinkSync(target, `${path}.${process.pid}.new`);
  place.keep(new Uint8Array(8));
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(statSync(path).size).toBe(24);
});

test("bytes of something else are no plan", async () => {
  const made = await plan(RULES, null);
  expect(unpackPlan(packPlan(made))).toStrictEqual(made);
  expect(() => unpackPlan(new Uint8Array(3))).toThrow(RangeError);
  expect(() => unpackPlan(new Uint8Array(64))).toThrow(SyntaxError);
  expect(() => unpackPlan(packValue({ bound: [] }))).toThrow(TypeError);
});

test("the folder for what can be made again", () => {
  expect(cacheFolderOf({ XDG_CACHE_HOME: "/var/c" }, "/home/a")).toBe("/var/c/breakwater");
  expect(cacheFolderOf({ XDG_CACHE_HOME: "here" }, "/home/a")).toBe("/home/a/.cache/breakwater");
  expect(cacheFolderOf({}, "/home/a")).toBe("/home/a/.cache/breakwater");
});

function within(expression: Expression, part: Expression): boolean {
  if (expression === part) return true;
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.some((one) => within(one, part));
    case "not":
      return within(expression.part, part);
    case "field":
      return false;
  }
}

/** The places of all objects in the order in which they are met: equal where the same ones are shared. */
function sharing(value: unknown): readonly number[] {
  const places = new Map<object, number>();
  const met: number[] = [];
  const visit = (one: unknown): void => {
    if (typeof one !== "object" || one === null) return;
    const place = places.get(one) ?? places.size;
    met.push(place);
    if (places.has(one)) return;
    places.set(one, place);
    const below = one instanceof Map || one instanceof Set ? [...one] : Object.values(one);
    for (const item of below.flat()) visit(item);
  };
  visit(value);
  return met;
}
