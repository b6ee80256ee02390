/** Logs that grow while they are followed: every complete line once, none lost, none twice, whatever happens in between. */
import { spawn } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { Fault } from "../../src/base/fault.ts";
import { readAll } from "../../src/base/source.ts";
import { evidenceOf, openEvidence } from "../../src/casework/evidence.ts";
import { Follower } from "../../src/casework/logs/follower.ts";
import { logsOf, openLog } from "../../src/casework/logs/index.ts";
import { diskFiles } from "../../src/casework/vault/files.ts";
import { createVault, openVault, verifyVault } from "../../src/casework/vault/index.ts";
import type { Vault, VaultFiles, VaultSettings } from "../../src/casework/vault/index.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import { failing } from "./failing-disk.ts";
import { LogSchedule } from "./log-schedule.ts";
import { temporaryFolder } from "./make-vault.ts";
import { Crash, diskError } from "./memory-disk.ts";
import { settingsIn, verifySettings } from "./settings.ts";

/** What can happen; a look stands between two rotations, or what lay there in between was never seen by anybody. */
const STEPS = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("append" as const),
        lines: fc.nat(5),
        half: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("burst" as const),
        lines: fc.integer({ min: 1, max: 40 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("look" as const),
        times: fc.integer({ min: 1, max: 30 }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: "rotate" as const }) },
    { weight: 1, arbitrary: fc.constant({ do: "copy-truncate" as const }) },
    { weight: 1, arbitrary: fc.constant({ do: "restart" as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const), staged: fc.boolean() }) },
  ),
  { minLength: 4, maxLength: 25 },
);
type Step =
  typeof STEPS extends fc.Arbitrary<infer T extends readonly unknown[]> ? T[number] : never;

async function take(schedule: LogSchedule, step: Step): Promise<void> {
  switch (step.do) {
    case "append":
      return schedule.append(step.lines, step.half);
    case "burst":
      return schedule.append(step.lines, false, 300);
    case "look":
      for (let time = 0; time < step.times; time++) await schedule.look();
      return undefined;
    case "rotate":
      await schedule.lookBefore(step.do);
      schedule.rotate();
      return schedule.look();
    case "copy-truncate":
      await schedule.lookBefore(step.do);
      schedule.copyTruncate();
      return schedule.look();
    case "restart":
      return schedule.restart();
    case "kill":
      if (step.staged) await schedule.look(false);
      schedule.drop();
      return schedule.open();
  }
}

for (const watch of ["file", "folder"] as const)
  test(`watching a ${watch}: any schedule of writing, rotating, cutting, restarting and killing`, async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => {
        const schedule = new LogSchedule(temporaryFolder(), watch);
        await schedule.look();
        for (const step of steps) await take(schedule, step);
        await schedule.settle();
        expect(schedule.kept()).toEqual([...schedule.written].sort());
        for (const text of schedule.texts()) expect(text).toMatch(/^$|\n$/);
        schedule.vault.close();
        const report = verifyVault(
          schedule.vaultFolder,
          verifySettings(settingsIn(schedule.folder)),
        );
        expect(report).toMatchObject({ intact: true, troubles: [], decrypted: true });
      }),
      { numRuns: 60 },
    );
  }, 120_000);

test("cut at every byte of the last frames: the start closes what is whole, and goes on in a new object", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "file");
  schedule.append(3);
  await schedule.look();
  for (const lines of [2, 1]) {
    schedule.append(lines);
    await schedule.look();
  }
  const path = schedule.segment();
  schedule.drop();
  const sizeBytes = statSync(path).size;
  // The frames of the last two commits, three lines of 27 bytes in all.
  const framesAt = sizeBytes - 3 * LINE_BYTES - 2 * 20;
  for (let length = sizeBytes; length >= framesAt; length--) {
    const copy = temporaryFolder();
    cpSync(schedule.folder, copy, { recursive: true });
    truncateSync(join(copy, relative(schedule.folder, path)), length);
    const settings = settingsIn(copy, "again", 1000);
    const before = verifyVault(join(copy, "vault"), verifySettings(settings));
    const whole = [framesAt, framesAt + 2 * LINE_BYTES + 20, sizeBytes].includes(length);
    expect([length, before.intact, before.unchecked]).toEqual([length, whole, [ENDS]]);
    const vault = openVault(join(copy, "vault"), settings);
    expect(vault.cleaned.join()).toMatch(whole ? /left open$/ : /cut \d+ bytes never acknowledged/);
    // The copied log has another inode; the one that was followed is named, as it is after a crash.
    await followOnce(vault, schedule.log);
    const [log, ...others] = logsOf(vault);
    expect([length, others]).toEqual([length, []]);
    if (log?.holding.kind !== "log") throw new Error("a log");
    expect(textOf(vault, log).split("\n").slice(0, -1)).toEqual(schedule.written);
    expect(new Set(log.holding.segments).size).toBe(length === sizeBytes ? 1 : 2);
    vault.close();
    const after = verifyVault(join(copy, "vault"), verifySettings(settings));
    expect([length, after.troubles, after.unchecked]).toEqual([length, [], []]);
  }
});

test("what a crash cannot have caused stays as it is: told, and the log goes on behind what can be read", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "file");
  for (let commit = 0; commit < 3; commit++) {
    schedule.append(2);
    await schedule.look();
  }
  const path = schedule.segment();
  schedule.drop();
  const sizeBytes = statSync(path).size;
  const altered = readFileSync(path);
  const at = sizeBytes - 3 * LINE_BYTES - 40;
  altered[at] = (altered[at] ?? 0) ^ 1;
  writeFileSync(path, altered);
  const settings = verifySettings(settingsIn(schedule.folder));
  const [trouble] = verifyVault(schedule.vaultFolder, settings).troubles;
  expect(trouble).toMatchObject({
    what: "altered",
    message: expect.stringMatching(/frame 1 does/),
  });
  expect(verifyVault(schedule.vaultFolder, { ...settings, key: null })).toMatchObject({
    troubles: [],
    unchecked: expect.arrayContaining([expect.stringMatching(/only the key can check them/)]),
  });
  schedule.open();
  expect(schedule.vault.cleaned).toEqual([expect.stringMatching(/^left .* open: frame 1/)]);
  expect(readFileSync(path)).toEqual(altered);
  await schedule.settle();
  expect(schedule.kept()).toEqual([...schedule.written].sort());
  schedule.vault.close();
  expect(verifyVault(schedule.vaultFolder, settings).troubles).toHaveLength(1);
  rmSync(path);
  const [removed] = verifyVault(schedule.vaultFolder, settings).troubles;
  expect(removed).toMatchObject({ what: "removed", object: trouble?.object });
});

test("an evidence states how much of a log was read, and opens to exactly that", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "file");
  schedule.append(2);
  await schedule.look();
  const [early] = evidenceOf(schedule.vault);
  const entries = schedule.vault.entries().length;
  await schedule.restart();
  schedule.append(3);
  await schedule.look();
  const [late] = evidenceOf(schedule.vault);
  if (early === undefined || late === undefined) throw new Error("two states of a log");
  expect(late.hash).toBe(early.hash);
  expect([early.sizeBytes, late.sizeBytes]).toEqual([2 * LINE_BYTES, 5 * LINE_BYTES]);
  for (const { sizeBytes } of [early, late]) {
    const source = openEvidence(schedule.vault, { ...late, sizeBytes });
    expect(source.byteLength).toBe(sizeBytes);
    expect(Buffer.from(readAll(source)).toString().split("\n")).toHaveLength(
      sizeBytes / LINE_BYTES + 1,
    );
    source.close();
  }
  // Before the second segment was opened the journal knew one.
  expect(evidenceOf(schedule.vault, entries)[0]?.holding).toEqual(early.holding);
  expect(evidenceOf(schedule.vault, 1)).toEqual([]);
  expect(() => openEvidence(schedule.vault, { ...late, sizeBytes: late.sizeBytes + 1 })).toThrow(
    /is damaged/,
  );
  await schedule.settle();
  schedule.vault.close();
});

test("the same head in the same file again is another log; a file edited before the position ends the log", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "file");
  const { log } = schedule;
  for (const text of ["head\none\n", "head\n", "head\ntwo\n", "HEAD\ntwo\n"]) {
    writeFileSync(log, text);
    await schedule.look();
    await schedule.look();
  }
  expect(schedule.texts()).toEqual(["head\none\n", "head\ntwo\n", "HEAD\ntwo\n"]);
  await schedule.restart();
  appendFileSync(log, "three\n");
  await schedule.settle();
  expect(schedule.texts().at(-1)).toBe("HEAD\ntwo\nthree\n");
  expect(new Set(logsOf(schedule.vault).map(({ hash }) => hash)).size).toBe(3);
  schedule.vault.close();
});

test("what is no log in lines is not followed, and why is said once", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "folder");
  const folder = join(schedule.folder, "logs");
  writeFileSync(join(folder, "a.evtx"), "ElfFile\0 and so on\n");
  writeFileSync(join(folder, "b.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 10]));
  writeFileSync(join(folder, "c.txt"), Buffer.from("\ufeffutf 16\n", "utf16le"));
  symlinkSync(join(folder, "a.evtx"), join(folder, "d.log"));
  cpSync(schedule.vaultFolder, join(folder, "vault"), { recursive: true });
  writeFileSync(join(folder, "e.log"), "a line\n");
  for (let look = 0; look < 3; look++) await schedule.look();
  expect(schedule.texts()).toEqual(["a line\n"]);
  expect(schedule.notices.map((line) => line.replaceAll(folder, ""))).toEqual([
    expect.stringMatching(/^not followed: \/d.log: a symbolic link/),
    expect.stringMatching(/^not followed: \/vault: a vault/),
    expect.stringMatching(/^not followed: \/a.evtx: Windows rewrites an event log in place/),
    expect.stringMatching(/^not followed: \/b.gz: it is no text in lines/),
    expect.stringMatching(/^not followed: \/c.txt: it is UTF-16/),
    "following /e.log from byte 0",
  ]);
  await schedule.settle();
  schedule.vault.close();
});

test("a destroyed log is not taken in again; nothing inside the vault is watched", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "file");
  schedule.append(2);
  await schedule.look();
  const segment = basename(schedule.segment());
  await schedule.restart();
  const act = { kind: "evidence-destroyed" as const, by: "Ann", body: null, sealed: null };
  schedule.vault.destroy([{ ...act, subject: segment }]);
  schedule.append(1);
  await schedule.look();
  expect(schedule.notices.at(-1)).toMatch(/this log was destroyed by an act/);
  expect(evidenceOf(schedule.vault).map(({ holding }) => holding.kind)).toEqual(["destroyed"]);
  const inside = join(schedule.vaultFolder, "run", "lock.sqlite");
  const { vault } = schedule;
  expect(
    () => new Follower({ vault, paths: [inside], by: "Ann", onNotice: () => undefined }),
  ).toThrow(/is inside the vault/);
  await schedule.settle();
  vault.close();
});

test("damage in the vault keeps nothing out that comes now", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "folder");
  schedule.append(2);
  await schedule.look();
  const path = schedule.segment();
  await schedule.restart();
  truncateSync(path, 90);
  schedule.append(3);
  await schedule.look();
  const [log] = logsOf(schedule.vault);
  expect(log?.sizeBytes).toBe(5 * LINE_BYTES);
  expect(() => textOf(schedule.vault, known(log, "a log"))).toThrow(/is damaged/);
  await schedule.settle();
  schedule.vault.close();
});

test("a line longer than a frame is committed in pieces, and lines of any length come whole", async () => {
  const schedule = new LogSchedule(temporaryFolder(), "file");
  const text = `short\n${"long ".repeat(500_000)}\nafter\n${"x".repeat(900_000)}\nend\n`;
  writeFileSync(schedule.log, text);
  await schedule.settle();
  expect(schedule.texts()).toEqual([text]);
  schedule.vault.close();
});

test("a full disk: nothing is lost, nothing twice, no nonce used for two texts", async () => {
  const folder = temporaryFolder();
  const settings = settingsIn(folder);
  createVault(join(folder, "vault"), "Ann", settings).close();
  const log = join(folder, "app.log");
  writeFileSync(log, "one\n");
  let full = false;
  const frames = new Map<string, string>();
  const others: string[] = [];
  const paths = new Map<number, string>();
  const files: VaultFiles = {
    ...diskFiles,
    open: (path) => {
      const file = diskFiles.open(path);
      paths.set(file, path);
      return file;
    },
    write: (file, bytes, offset) => {
      const place = `${paths.get(file)} from byte ${offset}`;
      const text = Buffer.from(bytes).toString("hex");
      // A frame stands where it stands for its nonce: other bytes in its place would be other text under it.
      const isObject = place.includes("/objects/");
      if (isObject && (frames.get(place) ?? text) !== text) others.push(place);
      if (isObject) frames.set(place, text);
      diskFiles.write(file, full ? bytes.subarray(0, 3) : bytes, offset);
      if (full) throw diskError("ENOSPC");
    },
  };
  const vault = openVault(join(folder, "vault"), { ...settings, files });
  const follower = new Follower({ vault, paths: [log], by: "Ann", onNotice: () => undefined });
  const commit = async () => {
    await follower.look();
    const results = await Promise.allSettled(follower.logs.map((one) => one.commit()));
    return results.map(({ status }) => status);
  };
  expect(await commit()).toEqual(["fulfilled"]);
  full = true;
  appendFileSync(log, "two\n");
  expect(await commit()).toEqual(["rejected"]);
  appendFileSync(log, "three\n");
  expect(await commit()).toEqual(["rejected"]);
  expect(logsOf(vault).map((one) => textOf(vault, one))).toEqual(["one\n"]);
  full = false;
  expect(await commit()).toEqual(["fulfilled"]);
  expect(await commit()).toEqual(["fulfilled"]);
  expect(logsOf(vault).map((one) => textOf(vault, one))).toEqual(["one\ntwo\nthree\n"]);
  await follower.stop();
  vault.close();
  expect([others, frames.size > 4]).toEqual([[], true]);
  expect(verifyVault(join(folder, "vault"), verifySettings(settings)).troubles).toEqual([]);
});

for (const [name, error] of [
  ["a crash", () => new Crash()],
  ["a full disk", () => diskError("ENOSPC")],
  ["a failing disk", () => diskError("EIO")],
] as const)
  test(`${name} at each step of opening, following, committing and closing`, async () => {
    const folder = temporaryFolder();
    const settings = settingsIn(folder, name);
    const path = join(folder, "vault");
    createVault(path, "Ann", settings).close();
    const log = join(folder, "app.log");
    let written = "";
    let step = 0;
    for (let reached = true; reached; step++) {
      const files = failing(step, error);
      const told = await followFailing(path, { ...settings, files }, log, (lines) => {
        written += lines;
        appendFileSync(log, lines);
      });
      const vault = openVault(path, settings);
      const [one] = logsOf(vault);
      expect([step, one?.sizeBytes ?? 0]).toSatisfy(([, size]) => size >= told);
      await followOnce(vault, log);
      expect(logsOf(vault).map((each) => textOf(vault, each))).toEqual([written]);
      vault.close();
      const report = verifyVault(path, verifySettings(settings));
      expect([step, report.troubles, report.unchecked]).toEqual([step, [], []]);
      reached = files.operations() > step;
    }
    expect(step).toBeGreaterThan(60);
  }, 60_000);

/** Follows through two commits, as far as the disk lets it; gives the length that was committed at last. */
async function followFailing(
  path: string,
  settings: VaultSettings,
  log: string,
  append: (lines: string) => void,
): Promise<number> {
  append("before\n");
  let told = 0;
  let vault: Vault | null = null;
  try {
    vault = openVault(path, settings);
    const follower = new Follower({ vault, paths: [log], by: "Ann", onNotice: () => undefined });
    for (let look = 0; look < 3; look++) {
      append(`line ${look}\n`);
      await follower.look();
      await Promise.allSettled(follower.logs.map((one) => one.commit()));
      told = follower.logs[0]?.sizeBytes ?? told;
    }
    await follower.stop();
  } catch (error) {
    const isTold = error instanceof Crash || error instanceof Fault;
    if (!isTold) throw error;
  } finally {
    vault?.close();
  }
  return told;
}

/** Starts a following child, kills it `millis` after its first commit, and gives the last length that it told. */
function followUntilKilled(
  folder: string,
  log: string,
  seed: string,
  millis: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, "following-child.ts");
    const child = spawn(process.execPath, [script, folder, log, seed], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") },
    });
    let printed = "";
    child.stdout.on("data", (data: Buffer) => {
      const isFirst = !/^\d/m.test(printed);
      printed += data.toString();
      if (isFirst && /^\d/m.test(printed)) setTimeout(() => child.kill("SIGKILL"), millis);
    });
    child.on("error", reject);
    child.on("close", (_, signal) => {
      const told = printed.split("\n").filter((line) => /^\d+$/.test(line));
      if (signal === "SIGKILL") resolve(Number(told.at(-1) ?? 0));
      else reject(new Error(`the child ended by itself: ${printed}`));
    });
  });
}

test("kill -9 twenty times while a writer appends: what was told is there, every line once", async () => {
  const folder = temporaryFolder();
  createVault(join(folder, "vault"), "Ann", settingsIn(folder)).close();
  const log = join(folder, "app.log");
  writeFileSync(log, "line 0\n");
  let written = 1;
  let rotations = 0;
  const writer = setInterval(() => {
    const lines = Array.from({ length: 20 }, () => `line ${written++}\n`).join("");
    appendFileSync(log, lines);
  }, 5);
  let objects = 0;
  try {
    for (let kill = 0; kill < 20; kill++) {
      const told = await followUntilKilled(folder, log, `kill ${kill}`, (kill * 131) % 430);
      const vault = openVault(join(folder, "vault"), settingsIn(folder, `look ${kill}`));
      const logs = logsOf(vault);
      expect(logs.at(-1)?.sizeBytes).toBeGreaterThanOrEqual(told);
      const segments = logs.flatMap(({ holding }) =>
        holding.kind === "log" ? holding.segments : [],
      );
      // No start goes on in an object that another process has begun.
      expect(new Set(segments).size).toBeGreaterThan(objects);
      objects = segments.length;
      vault.close();
      if (kill % 6 === 5) {
        rotations++;
        renameSync(log, `${log}.${rotations}`);
        writeFileSync(log, `line ${written++}\n`);
      }
    }
  } finally {
    clearInterval(writer);
  }
  const vault = openVault(join(folder, "vault"), settingsIn(folder, "last"));
  await followOnce(vault, log);
  const lines = logsOf(vault).flatMap((one) => textOf(vault, one).split("\n").slice(0, -1));
  const expected = Array.from({ length: written }, (_, line) => `line ${line}`);
  expect(lines.length).toBe(written);
  expect([...lines].sort()).toEqual(expected.sort());
  expect(rotations).toBe(3);
  vault.close();
  const report = verifyVault(join(folder, "vault"), verifySettings(settingsIn(folder)));
  // The clock of these tests begins anew with every process: that it went back is said, and nothing else.
  const unchecked = [expect.stringMatching(/^times: act \d+ is dated .* a clock was set back/)];
  expect(report).toMatchObject({ intact: true, unchecked, unfinished: [] });
}, 90_000);

/** A line of the schedule: `line N `, twenty letters, a line feed. */
const LINE_BYTES = 28;
const ENDS =
  "the ends of 1 open segments of growing logs: until they are closed, a cut there cannot be told";

/** Follows a log until nothing moves any more, and closes it. */
async function followOnce(vault: Vault, log: string): Promise<void> {
  const follower = new Follower({ vault, paths: [log], by: "Ann", onNotice: () => undefined });
  for (let look = 0; look < 50; look++) {
    await follower.look();
    await Promise.all(follower.logs.map((one) => one.commit()));
  }
  await follower.stop();
}

function textOf(vault: Vault, { hash, sizeBytes }: Evidence): string {
  const source = openLog(vault, hash, sizeBytes);
  try {
    return Buffer.from(readAll(source)).toString();
  } finally {
    source.close();
  }
}
