/**
 * The sample case against its own truth: twenty seeds are twenty stories, and nothing in the program has read the truth.
 * An exchange story must be dated within the hour, or the dossier must name the gap that hides it.
 */
import { expect, test } from "vitest";
import { TICKS_PER_HOUR } from "../../src/base/time.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import { FULL } from "../../bench/measure.ts";
import { type Truth, at, investigateSample } from "./investigation.ts";

/** All twenty with BENCH=full; these hold all kinds of gap and a test before the attack. */
const EXCHANGE_SEEDS = FULL ? Array.from({ length: 20 }, (_, at) => at + 1) : [1, 6, 9, 12];
const BENIGN_SEEDS = FULL ? [1, 2, 3, 4, 5] : [1, 2];

function dated(dossier: Dossier, truth: Truth): string {
  const truly = at(truth.first_exploitation ?? "");
  for (const first of dossier.cause.first) {
    const off = first.at.first - truly;
    if (off <= TICKS_PER_HOUR && off >= -TICKS_PER_HOUR) return "within the hour";
  }
  const hiding = dossier.cause.first
    .flatMap(({ hiddenBy }) => hiddenBy)
    .find(({ gap }) => gap.from <= truly && truly <= gap.to);
  if (hiding !== undefined) return `hidden by a gap of ${hiding.channel}`;
  const said = dossier.cause.first.map((first) => `${first.host} ${first.at.first}`).join(", ");
  return `wrong: said ${said}, true ${truly} (${truth.first_exploitation})`;
}

test.each(EXCHANGE_SEEDS)("exchange, seed %i: the first exploitation, or the gap", async (seed) => {
  const { dossier, truth } = await investigateSample({ seed, size: "small", variant: "exchange" });
  const hidden = truth.first_exploitation_hidden_by !== null;
  expect(dated(dossier, truth)).toMatch(
    hidden ? /^within the hour|^hidden by/ : /^within the hour/,
  );
});

test.each(BENIGN_SEEDS)("benign, seed %i: no finding above low", async (seed) => {
  const { dossier, truth } = await investigateSample({ seed, size: "small", variant: "benign" });
  expect(truth.first_exploitation).toBeNull();
  // An administrator who tidies up is seen, and nothing is made of it.
  expect(
    dossier.findings.filter(({ kind, level }) => kind === "rule" && level !== "informational"),
  ).toEqual([]);
  const grave = dossier.findings.filter(
    ({ level }) => level !== "low" && level !== "informational",
  );
  expect(grave.map(({ title }) => title)).toEqual([]);
  expect(dossier.cause.first).toEqual([]);
  // "Not seen" is worth what it was looked for in.
  const cause = dossier.answers.find(({ question }) => question === "cause");
  const texts = cause?.statements.map(({ text }) => text).join("\n");
  expect(texts).toMatch(/No finding of exploitation on MX1, in [\d,]+ IIS records of MX1 W3SVC1/);
});
