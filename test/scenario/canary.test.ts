/** Canaries: set, put into a log, heard or not; and that none of it changes what an investigation says of an attack. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { type Ticks, formatTicks, ticksFromMillis } from "../../src/base/time.ts";
import {
  MARK_BYTES,
  Pace,
  type Vault,
  accountCanaries,
  beginRun,
  dossierOf,
  investigate,
  rebuildDerived,
  removeDerived,
  setCanary,
  watchLogs,
  withVault,
} from "../../src/casework/index.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import { at, inFolder, settingsIn } from "./investigation.ts";

const HEAD =
  "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip sc-status\n";
const RUN_MILLIS = 200;

/** A line of the log of IIS, to the second. */
function line(when: Ticks, stem: string, status = 404, query = "-"): string {
  const [day = "", time = ""] = formatTicks(when, 0).slice(0, -1).split("T");
  return `${day} ${time} GET ${stem} ${query} 198.51.100.7 ${status}\n`;
}

function nowTicks(): Ticks {
  return known(ticksFromMillis(Date.now()), "now");
}

/** A canary of Ann's, for as many hours. */
function canaryOf(vault: Vault, withinHours = 1, where = "") {
  const chance = randomBytes(MARK_BYTES);
  return setCanary(vault, { by: "Ann", where, withinHours, chance });
}

/** Takes a path in, or runs over what is there, as of a moment. */
function run(vault: Vault, asOf: Ticks, ...paths: readonly string[]): Promise<Dossier> {
  const given = { paths, by: "Ann", rules: null, caseFile: null, asOf, from: null, to: null };
  const rest = { byReference: false, passwords: null, claims: null };
  return investigate(vault, { ...given, ...rest }, new Pace());
}

/** Work in a vault whose clock the test sets. */
function inVault(
  work: (vault: Vault, folder: string, clock: { now: Ticks }) => Promise<void>,
): Promise<void> {
  return inFolder((folder) => {
    const clock = { now: at("2022-03-01T10:00:00Z") };
    const settings = { ...settingsIn(folder), clock: () => clock.now };
    return withVault(join(folder, "vault"), settings, { createBy: "Ann" }, (vault) =>
      work(vault, folder, clock),
    );
  });
}

const unseen = ({ findings }: Dossier) => findings.filter(({ kind }) => kind === "canary");

test("a canary in a growing log is heard within seconds, and is no sign of an attack", () =>
  inFolder((folder) =>
    withVault(join(folder, "vault"), settingsIn(folder), { createBy: "Ann" }, async (vault) => {
      const log = join(folder, "u_ex.log");
      writeFileSync(log, HEAD + line(nowTicks(), "/owa/", 200));
      const end = new AbortController();
      const notices: string[] = [];
      await beginRun(vault, "Ann", nowTicks(), new Pace());
      let mark = "";
      const notice = (text: string) => {
        notices.push(text);
        if (mark === "" && text.startsWith("run: ")) {
          ({ mark } = canaryOf(vault));
          appendFileSync(log, line(nowTicks(), `/owa/auth/${mark}.aspx`));
        } else if (text.startsWith("run: ") && notices.some((each) => each.includes("canary")))
          end.abort();
      };
      const watching = {
        paths: [log],
        syslog: null,
        by: "Ann",
        clock: nowTicks,
        notice,
        signal: end.signal,
        runMillis: RUN_MILLIS,
        turn: <T>(work: () => Promise<T>) => work(),
      };
      await watchLogs(vault, watching, new Pace());
      expect(notices.join("\n")).toContain("A canary came back in the log of IIS");
      const { canaries, nobodys } = await accountCanaries(vault, new Pace());
      expect(nobodys).toEqual([]);
      expect(canaries).toMatchObject([{ state: "seen", canary: { mark, by: "Ann" } }]);
      const [sight] = canaries[0]?.canary.seen ?? [];
      const delay = Number((sight?.ticks ?? 0n) - (canaries[0]?.canary.setAt ?? 0n)) / 1e7;
      expect(Math.abs(delay)).toBeLessThan(10);
      const dossier = await dossierOf(vault, null, new Pace());
      expect(dossier.canaries).toMatchObject([{ mark, seen: [{ digits: 0 }] }]);
      expect(dossier.cause).toMatchObject({ ladders: [], first: [], timeline: expect.anything() });
      expect(dossier.cause.timeline.some(({ what }) => /canary|in vain/.test(what))).toBe(false);
      expect(dossier.missed).toBeNull();
      expect(unseen(dossier)).toEqual([]);
    }),
  ));

test("a canary that comes due while every log is silent is a finding: that it died is what it is to show", () =>
  inFolder((folder) =>
    withVault(join(folder, "vault"), settingsIn(folder), { createBy: "Ann" }, async (vault) => {
      const log = join(folder, "u_ex.log");
      writeFileSync(log, HEAD + line(nowTicks(), "/owa/", 200));
      const end = new AbortController();
      await beginRun(vault, "Ann", nowTicks(), new Pace());
      let runs = 0;
      const watching = {
        paths: [log],
        syslog: null,
        by: "Ann",
        clock: nowTicks,
        notice: (text: string) => {
          if (!text.startsWith("run: ")) return;
          if (runs++ === 0) canaryOf(vault, 1 / 3600);
          else end.abort();
        },
        signal: end.signal,
        runMillis: RUN_MILLIS,
        turn: <T>(work: () => Promise<T>) => work(),
      };
      await watchLogs(vault, watching, new Pace());
      expect(unseen(await dossierOf(vault, null, new Pace()))).toMatchObject([{ state: "open" }]);
    }),
  ));

test("a canary that is not seen in time is a finding, the same whenever the run is replayed", () =>
  inVault(async (vault, folder, clock) => {
    const { mark } = canaryOf(vault, 1, "IIS of MX1");
    clock.now = at("2022-03-01T12:00:00Z");
    const log = join(folder, "u_ex220301.log");
    writeFileSync(log, HEAD + line(at("2022-03-01T09:00:00Z"), "/", 200));
    appendFileSync(log, line(at("2022-03-01T11:30:00Z"), "/", 200));
    const dossier = await run(vault, clock.now, log);
    expect(unseen(dossier)).toMatchObject([{ level: "high", state: "open", question: "answered" }]);
    expect(unseen(dossier)[0]?.why).toContain(`Ann set ${mark} at 2022-03-01T10:00:00Z`);
    expect(unseen(dossier)[0]?.why).toContain("looked at: an unnamed host until 2022-03-01T11:30");
    // What is set later is no input of this run, and a replay of it says the same.
    canaryOf(vault, 0.01);
    clock.now = at("2022-03-02T12:00:00Z");
    await removeDerived(vault, new Pace());
    expect(await rebuildDerived(vault, "Ann", new Pace())).toMatchObject({ identical: true });
    expect((await accountCanaries(vault, new Pace())).canaries.map(({ state }) => state)).toEqual([
      "missing",
      "not-looked-for",
    ]);
    expect((await accountCanaries(vault, new Pace())).canaries[1]?.why).toBe(
      "no run since it was set",
    );
    // It comes late, from a server that was cut off: then there is nothing left to answer.
    writeFileSync(join(folder, "late.log"), HEAD + line(at("2022-03-01T11:45:00Z"), `/${mark}`));
    const late = await run(vault, clock.now, join(folder, "late.log"));
    expect(
      unseen(late)
        .map(({ why }) => why)
        .join(),
    ).not.toContain(mark);
    expect(late.canaries.map(({ seen }) => seen.length)).toEqual([1, 0]);
  }));

test("a run as of an earlier day does not know of it; evidence that ends before it is set judges nothing", () =>
  inVault(async (vault, folder, clock) => {
    const { mark } = canaryOf(vault);
    const log = join(folder, "u_ex220228.log");
    writeFileSync(log, HEAD + line(at("2022-02-28T09:00:00Z"), "/", 200));
    clock.now = at("2022-03-03T10:00:00Z");
    const earlier = await run(vault, at("2022-02-28T12:00:00Z"), log);
    expect([earlier.canaries, unseen(earlier)]).toEqual([[], []]);
    expect((await accountCanaries(vault, new Pace())).canaries).toMatchObject([
      {
        state: "not-looked-for",
        why: "the last run is as of 2022-02-28T12:00:00Z, before it was set",
      },
    ]);
    const later = await run(vault, clock.now);
    expect(unseen(later)).toEqual([]);
    const { unknown } = known(
      later.answers.find(({ question }) => question === "answered"),
      "the question is asked",
    );
    expect(unknown.join("\n")).toContain(
      `would have rung for ${mark}: the evidence ends at 2022-02-28T09:00:00Z, before it was set`,
    );
  }));

test("a mark that nobody set, in 10 MB of marks and in many lines, is somebody's noise and hides no attack", () =>
  inVault(async (vault, folder, clock) => {
    canaryOf(vault, 0.5);
    clock.now = at("2022-03-01T12:00:00Z");
    const nobodys = "breakwater-canary-00000000000000ff";
    const shell = (query: string) =>
      line(at("2022-03-01T11:00:00Z"), "/aspnet_client/x.aspx", 200, query);
    const hostile = "breakwater-canary-".repeat(600_000);
    writeFileSync(
      join(folder, "u_ex220301.log"),
      HEAD +
        shell(nobodys) +
        line(clock.now, `/${hostile}`) +
        line(clock.now, `/${"f".repeat(99)}`),
    );
    const dossier = await run(vault, clock.now, join(folder, "u_ex220301.log"));
    expect(dossier.cause.ladders).toMatchObject([{ steps: [{ rung: "used", count: 1 }] }]);
    expect(unseen(dossier)).toHaveLength(1);
    expect(JSON.stringify(dossier.answers)).toContain(
      `Nobody set ${nobodys} (an unnamed host) here`,
    );
    expect((await accountCanaries(vault, new Pace())).nobodys).toMatchObject([{ mark: nobodys }]);
  }));

test("whoever reads a mark in a log and uses it again hides nothing grave behind it", () =>
  inVault(async (vault, folder, clock) => {
    const { mark } = canaryOf(vault);
    const [first, again] = [at("2022-03-01T10:05:00Z"), at("2022-03-01T10:30:00Z")];
    const log = join(folder, "u_ex220301.log");
    const put = line(first, `/owa/auth/${mark}.aspx`, 200);
    writeFileSync(log, HEAD + put + line(again, `/aspnet_client/x.aspx`, 200, mark));
    clock.now = at("2022-03-01T12:00:00Z");
    const { cause, findings } = await run(vault, clock.now, log);
    expect(cause.ladders).toMatchObject([{ steps: [{ rung: "used", first: again, count: 1 }] }]);
    // The findings of other rules stay whole: what they matched is answered, not dropped.
    expect(findings.find(({ level }) => level === "critical")?.detections).toHaveLength(2);
  }));
