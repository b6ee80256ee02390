/** Our own rules against events that they must find and events that they must leave alone (rules/tests). */
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { load, loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { z } from "zod";
import { memorySource } from "../../src/base/source.ts";
import { iisReader } from "../../src/engines/formats/iis/read.ts";
import {
  correlate,
  createCarried,
  createFeed,
  createMatcher,
  findNotHere,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import { RUNGS } from "../../src/model/cause.ts";
import { LEVELS } from "../../src/model/detection.ts";
import { FORMAT_IDS, type FormatId, NO_EVIDENCE } from "../../src/model/evidence.ts";
import { LOG_SOURCES } from "./log-sources.ts";
import { batchOf } from "./rows.ts";

const TEXTS = z.array(z.string());
const EVENT = z.strictObject({
  format: z.enum(FORMAT_IDS),
  channel: z.string().optional(),
  eventId: z.int().optional(),
  provider: z.string().optional(),
  host: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), TEXTS])),
});
const OUTCOME = z.strictObject({
  about: z.string(),
  /** Exactly these match. */
  expect: TEXTS,
  /** What the event, or the events, come close to. */
  not: TEXTS.default([]),
});
/** An event of a sequence; `times` stands for so many, a second apart, each with its number where a text says `{n}`. */
const DATED = EVENT.extend({ time: z.iso.datetime(), times: z.int().positive().default(1) });
const TESTS = z.strictObject({
  /** One event, and the rules that match it. */
  events: z.array(OUTCOME.extend(EVENT.shape)).default([]),
  /** Events in the order in which they are read, and the correlations that tell of them, once for each time that they do. */
  sequences: z.array(OUTCOME.extend({ events: z.array(DATED) })).default([]),
});
type PlainEvent = Omit<z.infer<typeof EVENT>, "format">;

const FOLDERS = readdirSync("rules").filter((name) => name !== "tests");
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join("rules", folder)).map((file) => ({
    file,
    text: readFileSync(join("rules", folder, file), "utf8"),
  })),
);
const parsed = files.flatMap(({ file, text }) => parseRules(file, text));
const plan = planRules(parsed, LOG_SOURCES);
const matcher = createMatcher(plan);
const tests = readdirSync("rules/tests").map((name) => ({
  name,
  ...TESTS.parse(load(readFileSync(join("rules/tests", name), "utf8"))),
}));
const cases = tests.flatMap(({ name, events }) => events.map((event) => ({ ...event, name })));
const sequences = tests.flatMap(({ name, sequences: own }) =>
  own.map((one) => ({ ...one, name, events: one.events.flatMap(numbered) })),
);

function numbered({ times, time, fields, ...event }: z.infer<typeof DATED>) {
  return Array.from({ length: times }, (_, at) => ({
    ...event,
    time: new Date(Date.parse(time) + 1_000 * at).toISOString(),
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === "string" ? value.replace("{n}", String(at + 1)) : value,
      ]),
    ),
  }));
}

/** One event as a batch of its own, at this place of the file. */
function batchAt(format: FormatId, event: PlainEvent & { readonly time?: string }, offset: number) {
  const { channel, eventId, provider, host, time, fields } = event;
  const plain = {
    fields,
    ...(channel === undefined ? {} : { channel }),
    ...(eventId === undefined ? {} : { eventId }),
    ...(provider === undefined ? {} : { provider }),
    ...(host === undefined ? {} : { host }),
    ...(time === undefined ? {} : { time }),
  };
  return { ...batchOf(format, [plain]), offsets: Float64Array.of(offset) };
}

const nameOf = ({ file }: { readonly file: string }) => basename(file, ".yml");
const nameById = new Map(parsed.map((one) => [one.id, nameOf(one)]));

test.each(cases)("$name: $about", ({ format, expect: names, ...event }) => {
  const found: string[] = [];
  matcher.match(batchAt(format, event, 0), (_, rule) => found.push(nameOf(rule)));
  expect(found.sort()).toEqual([...names].sort());
});

test.each(sequences)("$name: $about", ({ events, expect: names }) => {
  const feed = createFeed(plan);
  for (const [at, { format, ...event }] of events.entries()) {
    const batch = batchAt(format, event, at);
    matcher.match(batch, (row, rule) => feed.add(rule, batch, row));
  }
  const found = [...correlate(plan, feed).matches].map(({ rule }) => nameById.get(rule) ?? rule);
  expect(found.sort()).toEqual([...names].sort());
});

const isHidden = (id: string) => plan.correlations.hidden.has(id);

test("every rule that runs is tried from both sides", () => {
  // A correlation that is there for others alone is tried by theirs.
  const names = plan.accounts
    .filter(({ state, kind, id }) => state === "run" && (kind === "rule" || !isHidden(id)))
    .map(nameOf)
    .sort();
  const all = [...cases, ...sequences];
  const found = new Set(all.flatMap((one) => one.expect));
  const spared = new Set(all.flatMap((one) => one.not));
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

/** What the engine does not keep of a document: words for people, and whose it is. */
const DOCUMENT = z.looseObject({
  id: z.uuid(),
  description: z.string().min(40),
  level: z.enum(LEVELS),
  references: TEXTS.min(1),
  tags: TEXTS.min(1),
  falsepositives: TEXTS.min(1),
  /** What a reader of the finding needs. */
  fields: TEXTS.default([]),
  detection: z.unknown().optional(),
});
/** A technique or tactic of ATT&CK, a CVE, a word of our own. */
const TAG = /^(?:attack\.[a-z0-9.-]+|cve\.\d{4}-\d+|breakwater\.(?:rung\.[a-z]+|canary))$/;

const documents = files.flatMap(({ file, text }) =>
  loadAll(text).map((document, at) => ({ file: at === 0 ? file : `${file}, ${at + 1}`, document })),
);

test.each(documents)(
  "$file says what it means, where it comes from and when it is wrong",
  ({ document }) => {
    const { tags, references, fields, detection } = DOCUMENT.parse(document);
    expect(references.filter((one) => !/^(?:https:\/\/|docs\/)/.test(one))).toEqual([]);
    expect(tags.filter((tag) => !TAG.test(tag))).toEqual([]);
    const rungs = tags.filter((tag) => tag.startsWith("breakwater.rung."));
    expect(rungs.length).toBeLessThanOrEqual(1);
    for (const rung of rungs) expect(RUNGS).toContain(rung.slice("breakwater.rung.".length));
    // A canary shows the whole record, since it looks for its mark anywhere in it; a correlation shows its events.
    const showsOther = detection === undefined || tags.includes("breakwater.canary");
    expect(showsOther || fields.length > 0).toBe(true);
  },
);

test("no two rules have one id, one title or one file name", () => {
  for (const part of ["id", "title"] as const) {
    const all = parsed.map((one) => one[part] ?? "");
    expect(all.filter((value, at) => all.indexOf(value) !== at)).toEqual([]);
  }
  const names = files.map(nameOf);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
