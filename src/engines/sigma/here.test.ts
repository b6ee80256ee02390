import { expect, test } from "vitest";
import { LOG_SOURCES } from "../../../test/sigma/log-sources.ts";
import { type PlainEvent, batchOf } from "../../../test/sigma/rows.ts";
import type { Batch } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { type CarriedState, createCarried } from "./carried.ts";
import { findNotHere } from "./here.ts";
import { parseRules } from "./parse.ts";
import { planRules } from "./plan.ts";

function notHere(logsource: string, detection: string, state: CarriedState) {
  const text = `title: t\nid: r\nlogsource: {${logsource}}\ndetection:\n  ${detection}\n`;
  return findNotHere(planRules(parseRules("r.yml", text), LOG_SOURCES), state).map(
    ({ reason, needs }) => `${reason}; ${needs}`,
  );
}

function batch(
  format: FormatId,
  events: readonly PlainEvent[],
  declared?: readonly string[],
): Batch {
  return { ...batchOf(format, events), ...(declared === undefined ? {} : { declared }) };
}

function carriedBy(...batches: readonly Batch[]): CarriedState {
  const carried = createCarried();
  for (const one of batches) carried.add(one);
  return carried.state();
}

const ANY = "a: {F: x}\n  condition: a";
const row = (channel: string, eventId = -1): PlainEvent => ({ channel, eventId, fields: {} });

test("a log that is not here, by the places where it would be", () => {
  const process = "category: process_creation, product: windows";
  const needs = "Microsoft-Windows-Sysmon/Operational 1, or Security 4688";
  const absent = [`no log of windows/process_creation/- is here; ${needs}`];
  expect(notHere(process, ANY, [])).toEqual(absent);
  expect(notHere(process, ANY, carriedBy(batch("iis", [row("W3SVC1")])))).toEqual(absent);
  // The log is here, and never told of a new process: its audit policy is off.
  expect(notHere(process, ANY, carriedBy(batch("evtx", [row("Security", 4624)])))).toEqual(absent);
  expect(notHere(process, ANY, carriedBy(batch("evtx", [row("SECURITY", 4688)])))).toEqual([]);
});

test("a column that this log does not declare, by its name there", () => {
  const cookie = "a: {cs-cookie|contains: x}\n  condition: a";
  const lines = (columns: readonly string[]) => carriedBy(batch("iis", [row("W3SVC1")], columns));
  const without = lines(["cs-uri-stem", "c-ip"]);
  expect(notHere("category: webserver", cookie, without)).toEqual([
    "no log of -/webserver/- here carries cs(Cookie); logs of iis with cs(Cookie)",
  ]);
  expect(notHere("category: webserver", cookie, lines(["cs(Cookie)"]))).toEqual([]);
  // One log that has it is enough; so is one that declares nothing.
  const both = carriedBy(
    batch("iis", [row("W3SVC1")], ["c-ip"]),
    batch("iis", [row("W3SVC1")], ["cs(Cookie)"]),
  );
  expect(notHere("category: webserver", cookie, both)).toEqual([]);
  expect(notHere("category: webserver", cookie, carriedBy(batch("iis", [row("")])))).toEqual([]);
});

test("what a rule can do without is not asked for", () => {
  const state = carriedBy(batch("iis", [row("W3SVC1")], ["cs-uri-stem", "cs-uri-query"]));
  const either = "a: {cs-cookie: x}\n  b: {cs-uri-stem: y}\n  condition: a or b";
  expect(notHere("category: webserver", either, state)).toEqual([]);
  const unless = "a: {cs-cookie: x}\n  b: {cs-uri-stem: y}\n  condition: b and not a";
  expect(notHere("category: webserver", unless, state)).toEqual([]);
  expect(notHere("category: webserver", "k: [x]\n  condition: k", state)).toEqual([]);
  expect(notHere("category: webserver", "a: {Computer: x}\n  condition: a", state)).toEqual([]);
});

test("columns are taken note of for every channel of a batch", () => {
  const state = carriedBy(
    batch("iis", [row("W3SVC1")], ["a"]),
    batch("iis", [row("W3SVC1"), row("W3SVC2"), row("w3svc1")], ["b"]),
  );
  expect(state).toEqual([
    { format: "iis", channel: "w3svc1", eventIds: [], fields: ["a", "b"] },
    { format: "iis", channel: "w3svc2", eventIds: [], fields: ["b"] },
  ]);
});

test("counts of parts give what one count gives", () => {
  const parts = [
    batch("evtx", [row("Security", 4624), row("Security", 4688), row("System", 7045)]),
    batch("iis", [row("W3SVC1")], ["c-ip"]),
  ];
  const merged = createCarried();
  for (const part of parts) merged.absorb(carriedBy(part));
  expect(merged.state()).toEqual(carriedBy(...parts));
});

test("a million made-up channels and ids are everything, and cost little", () => {
  const many = Array.from({ length: 6_000 }, (_, at) => row(`c${at}`, 1));
  const ids = Array.from({ length: 6_000 }, (_, at) => row("Security", at));
  const state = carriedBy(batch("evtx", ids), batch("evtx", many));
  expect(state.length).toBeLessThan(2_100);
  expect(state).toContainEqual(expect.objectContaining({ channel: "security", eventIds: null }));
  expect(notHere("product: windows, service: powershell", ANY, state)).toEqual([]);
});
