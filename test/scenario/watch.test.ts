/** Logs that are watched go on being kept, and are closed at the end, whatever becomes of the runs over them. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Fault } from "../../src/base/fault.ts";
import { Pace, type Vault, beginRun, watchLogs, withVault } from "../../src/casework/index.ts";
import { at, inFolder, settingsIn } from "./investigation.ts";

const LINE = "2021-08-13 04:12:07 GET /owa/ 198.51.100.7 200\n";
const RUN_MILLIS = 300;
const WHEN = at("2022-03-01T10:00:00Z");

/** Watches one log in a vault of its own; `turn` decides what becomes of each run. */
async function watch(
  turn: (work: () => Promise<unknown>, run: number, end: AbortController) => Promise<unknown>,
  judge: (vault: Vault, notices: readonly string[]) => void,
): Promise<void> {
  await inFolder(async (folder) => {
    const log = join(folder, "u_ex210813.log");
    writeFileSync(log, `#Fields: date time cs-method cs-uri-stem c-ip sc-status\n${LINE}`);
    const mode = { createBy: "Ann" };
    await withVault(join(folder, "vault"), settingsIn(folder), mode, async (vault) => {
      const end = new AbortController();
      const pace = new Pace(() => undefined, end.signal);
      const notices: string[] = [];
      let runs = 0;
      await beginRun(vault, "Ann", WHEN, new Pace());
      const watching = {
        paths: [log],
        syslog: null,
        by: "Ann",
        clock: () => WHEN,
        notice: (line: string) => void notices.push(line),
        signal: end.signal,
        runMillis: RUN_MILLIS,
        turn: async <T>(work: () => Promise<T>): Promise<T> => {
          let made: T | null = null;
          const kept = async () => (made = await work());
          appendFileSync(log, LINE);
          await turn(kept, ++runs, end);
          if (made === null) throw new Error("a run that was neither done nor refused");
          return made;
        },
      };
      await watchLogs(vault, watching, pace);
      judge(vault, notices);
    });
  });
}

function closings(vault: Vault): number {
  return vault.entries().filter(({ kind }) => kind === "log-closed").length;
}

test("a run that fails, as on a full disk, is told and tried again while the logs are followed", () =>
  watch(
    async (work, run, end) => {
      if (run === 1) throw new Fault("disk-full", "no space left", "free some space");
      await work();
      setTimeout(() => end.abort(), RUN_MILLIS);
    },
    (vault, notices) => {
      expect(notices).toContain("no run: no space left; free some space");
      expect(notices.some((line) => line.startsWith("run: "))).toBe(true);
      expect(closings(vault)).toBe(1);
    },
  ));

test("an end in the middle of a run closes every log before the vault is let go", () =>
  watch(
    async (_, __, end) => {
      end.abort();
      throw new Fault("interrupted", "stopped as asked", "run it again");
    },
    (vault) => expect(closings(vault)).toBe(1),
  ));
