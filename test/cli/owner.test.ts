/**
 * Two at one vault: one process serves it, commands of others run in it as if nobody did. Then what goes wrong:
 * an owner or a client killed, garbage on the socket, a socket that a dead owner left.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

/** Not the launcher: what is killed here is the program itself. */
const PROGRAM = resolve("src/doors/cli/main.ts");
const home = mkdtempSync(join(tmpdir(), "breakwater-owner-test-"));
const LINE =
  "2021-08-13 04:12:07 10.0.0.5 GET /autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example 443 - 198.51.100.7 python-requests/2.25.1 - 200 0 0 312";
const HEAD =
  "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken";
const STORY = ["--by", "Ann", "--as-of", "2021-12-31T00:00:00Z"];
let folders = 0;
const started: ChildProcess[] = [];

beforeAll(() => {
  writeFileSync(join(home, "day.log"), `${HEAD}\r\n${LINE}\r\n`);
  writeFileSync(join(home, "later.log"), `${HEAD}\r\n${LINE.replace("04:12", "05:12")}\r\n`);
  const quiet = LINE.replace(/autodiscover\S* \S+/, "owa/ -");
  writeFileSync(join(home, "large.log"), `${HEAD}\r\n${`${quiet}\r\n`.repeat(400_000)}`);
  writeFileSync(join(home, "scores.csv"), "cve,epss,percentile\nCVE-2021-34473,0.9,0.9\n");
  mkdirSync(join(home, "first"));
  const made = run(join(home, "first"), "investigate", "../day.log", "--vault", "vault", ...STORY);
  if (made.code !== 0) throw new Error(made.stderr);
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A copy of the vault that was made first, with its key, in a home of its own with the evidence beside it. */
function freshFolder(): string {
  const folder = join(home, `folder-${folders++}`);
  cpSync(join(home, "first"), folder, { recursive: true, preserveTimestamps: true });
  for (const name of ["day.log", "later.log", "scores.csv"])
    cpSync(join(home, name), join(folder, name), { preserveTimestamps: true });
  return folder;
}

/** Each case is a home: the checkpoint that is kept beside the key tells a copy of a vault from the vault. */
function envOf(cwd: string) {
  const [own = ""] = relative(home, cwd).split("/");
  return {
    PATH: process.env["PATH"],
    TMPDIR: tmpdir(),
    HOME: join(home, own),
    NO_COLOR: "1",
    LOGNAME: "tester",
    NODE_COMPILE_CACHE: join(home, "compiled"),
  };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(cwd: string, ...words: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], {
    cwd,
    env: envOf(cwd),
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** A command that is under way, and how it ends. */
function begin(cwd: string, ...words: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd, env: envOf(cwd) });
  started.push(child);
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes: Buffer) => (said.stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (said.stderr += bytes.toString()));
  const ended = new Promise<Ended>((done) => child.on("close", (code) => done({ code, ...said })));
  return { child, said, ended };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1200) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

async function serve(folder: string, vault = "vault") {
  const owner = begin(folder, "serve", "--vault", vault, "--port", "0");
  await until("serve prints its address", () => {
    if (owner.child.exitCode !== null) throw new Error(owner.said.stderr);
    return owner.said.stdout.includes("\n");
  });
  return { ...owner, url: owner.said.stdout.trim() };
}

/** The served page's data, as the browser of the printed address would get it. */
async function servedJson(url: string): Promise<Record<string, readonly unknown[]>> {
  const { origin, searchParams } = new URL(url);
  const headers = { authorization: `Bearer ${searchParams.get("token")}` };
  return JSON.parse(await (await fetch(`${origin}/dossier.json`, { headers })).text()).dossier;
}

function isSealing(folder: string): boolean {
  return readdirSync(join(folder, "vault", "objects", "tmp")).length > 0;
}

function socketOf(folder: string): string {
  return readFileSync(join(folder, "vault", "run", "socket"), "utf8").trim();
}

const EVENT = ["duties", "event", "aware", "--at", "2021-12-06T09:30:00Z", "--by", "Ann"];
const AT = ["--as-of", "2021-12-08T09:30:00Z"];

test("every command says the same through the owner as it says alone", async () => {
  const commands = [
    ["evidence", "list", "--vault", "vault"],
    ["evidence", "list", "--vault", "vault", "--format", "json"],
    ["evidence", "coverage", "--vault", "vault", "--as-of", "2021-12-31T00:00:00Z"],
    [...EVENT, "--vault", "vault"],
    [
      "duties",
      "event",
      "nonsense",
      "--at",
      "2021-12-06T09:30:00Z",
      "--by",
      "A",
      "--vault",
      "vault",
    ],
    ["duties", "show", "--vault", "vault", ...AT],
    ["investigate", "later.log", "--vault", "vault", ...STORY],
    ["investigate", "later.log", "--vault", "vault", ...STORY, "--format", "json", "--strict"],
    ["dossier", "--vault", "vault", "--out", "board"],
    ["dossier", "--vault", "vault", "--out", "board"],
    ["unlock", "--vault", "vault"],
    ["evidence", "list", "--vault", "vault", "--key", "nowhere"],
    ["catalogue", "add", "scores.csv", "--vault", "vault", "--by", "Ann", "--date", "2021-12-01"],
    ["catalogue", "add", "scores.csv", "--vault", "vault"],
    ["catalogue", "list", "--vault", "vault", ...AT],
  ];
  const alone = freshFolder();
  const owned = freshFolder();
  const { child } = await serve(owned);
  for (const words of commands) {
    const direct = run(alone, ...words);
    expect([words, steady(run(owned, ...words))]).toEqual([words, steady(direct)]);
  }
  expect(run(owned, "verify", "vault").code).toBe(0);
  expect(statSync(socketOf(owned)).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(socketOf(owned))).mode & 0o777).toBe(0o700);
  child.kill("SIGINT");
  await until("the socket is gone", () => !existsSync(join(owned, "vault", "run", "socket")));
  expect(existsSync(join(owned, "vault", "run", "owner.sock"))).toBe(false);
});

/** Without what differs between two vaults of one story: times of acting, names of objects, signatures. */
function steady({ code, stdout, stderr }: Ended): Ended {
  const text = stdout.replace(
    /"(modified_at|recorded_at|taken_at|checkpoint|object)":"[^"]+"/g,
    "$1",
  );
  const long = createHash("sha256").update(text).digest("hex");
  return { code, stdout: text.length < 4000 ? text : long, stderr };
}

test("the served page shows what a client's command has changed", async () => {
  const folder = freshFolder();
  const { url } = await serve(folder);
  const before = await servedJson(url);
  expect(run(folder, ...EVENT, "--vault", "vault")).toMatchObject({ code: 0 });
  const told = await servedJson(url);
  expect([before["incident"]?.length, told["incident"]?.length]).toEqual([0, 1]);
  expect(run(folder, "investigate", "later.log", "--vault", "vault", ...STORY).code).toBe(0);
  const after = await servedJson(url);
  expect([before["evidence"]?.length, after["evidence"]?.length]).toEqual([1, 2]);
});

test("relative paths mean what they mean in the client's folder", async () => {
  const folder = freshFolder();
  await serve(folder);
  const elsewhere = join(folder, "elsewhere");
  mkdirSync(elsewhere);
  const log = readFileSync(join(folder, "day.log"), "utf8");
  writeFileSync(join(elsewhere, "later.log"), log.replace("04:12", "06:12"));
  const words = ["investigate", "later.log", "--vault", "../vault", ...STORY];
  expect(run(elsewhere, ...words).code).toBe(0);
  const { stdout } = run(elsewhere, "evidence", "list", "--vault", "../vault");
  expect(stdout).toContain(join(elsewhere, "later.log"));
  expect(run(elsewhere, "dossier", "--vault", "../vault", "--out", "board").code).toBe(0);
  expect(existsSync(join(elsewhere, "board", "dossier.html"))).toBe(true);
});

test("a key that is wrong is wrong beside an owner too; what needs the vault for itself is refused", async () => {
  const folder = freshFolder();
  await serve(folder);
  writeFileSync(join(folder, "key"), `${"0".repeat(64)}\n`, { mode: 0o600 });
  const wrong = run(folder, "duties", "show", "--vault", "vault", "--key", "key");
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("this is not the key of vault");
  for (const name of ["lock", "serve"]) {
    const refused = run(folder, name, "--vault", "vault");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("another process owns this vault");
  }
});

test("one who waits is told so; Ctrl-C ends the client's command and nobody else's", async () => {
  const folder = freshFolder();
  await serve(folder);
  const large = join(home, "large.log");
  const working = begin(folder, "investigate", large, "--vault", "vault", ...STORY);
  await until("evidence is being sealed", () => isSealing(folder));
  const waiting = begin(folder, "evidence", "list", "--vault", "vault");
  await until("the second is told", () => waiting.said.stderr.includes("waiting for other work"));
  // The journal alone is free at any moment.
  expect(run(folder, ...EVENT, "--vault", "vault").code).toBe(0);
  working.child.kill("SIGINT");
  const stopped = await working.ended;
  expect(stopped).toMatchObject({ code: 2, stdout: "" });
  expect(stopped.stderr).toContain("breakwater: error: stopped as asked");
  expect(await waiting.ended).toMatchObject({ code: 0 });
  expect(run(folder, "duties", "show", "--vault", "vault", ...AT).stdout).toContain("running");
});

test("a client that is killed takes its own command with it, and no more", async () => {
  const folder = freshFolder();
  const owner = await serve(folder);
  const large = join(home, "large.log");
  const working = begin(folder, "investigate", large, "--vault", "vault", ...STORY);
  await until("evidence is being sealed", () => isSealing(folder));
  const waiting = begin(folder, "evidence", "list", "--vault", "vault");
  await until("another waits", () => waiting.said.stderr.includes("waiting for other work"));
  working.child.kill("SIGKILL");
  expect(await waiting.ended).toMatchObject({ code: 0 });
  owner.child.kill("SIGINT");
  expect(await owner.ended).toMatchObject({ code: 0 });
  expect(run(folder, "verify", "vault").code).toBe(0);
});

test("two clients at once, and many: each gets its own answer", async () => {
  const folder = freshFolder();
  const { url } = await serve(folder);
  const direct = run(folder, "evidence", "list", "--vault", "vault").stdout;
  const lists = Array.from({ length: 6 }, () =>
    begin(folder, "evidence", "list", "--vault", "vault"),
  );
  const events = Array.from({ length: 4 }, () => begin(folder, ...EVENT, "--vault", "vault"));
  for (const { ended } of lists) expect(await ended).toMatchObject({ code: 0, stdout: direct });
  for (const { ended } of events) expect(await ended).toMatchObject({ code: 0 });
  expect((await servedJson(url))["incident"]).toHaveLength(4);
});

test("an owner killed with -9: who waits is told, the next owner takes the place of its socket", async () => {
  const folder = freshFolder();
  const owner = await serve(folder);
  const large = join(home, "large.log");
  const working = begin(folder, "investigate", large, "--vault", "vault", ...STORY);
  await until("evidence is being sealed", () => isSealing(folder));
  const waiting = begin(folder, "evidence", "list", "--vault", "vault");
  await until("another waits", () => waiting.said.stderr.includes("waiting for other work"));
  owner.child.kill("SIGKILL");
  for (const { ended } of [working, waiting]) {
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("the process that owns this vault ended before this command did");
    expect(stderr).toContain("hint: what the vault acknowledged is kept; run the same command");
  }
  expect(existsSync(socketOf(folder))).toBe(true);
  expect(run(folder, "evidence", "list", "--vault", "vault").code).toBe(0);
  await serve(folder);
  expect(run(folder, ...EVENT, "--vault", "vault")).toMatchObject({ code: 0 });
});

test("garbage on the socket is shown the door; the owner goes on", async () => {
  const folder = freshFolder();
  await serve(folder);
  const garbage = [
    "\0\u0001\u0002\n",
    "{}\n",
    '{"words":7}\n',
    "[".repeat(20_000),
    "x".repeat(5e6),
  ];
  for (const text of [...garbage, '{"words":["serve","--vault","vault"],"coloured":1}\n']) {
    const answer = await new Promise<string>((done) => {
      let heard = "";
      const socket = connect(socketOf(folder), () => socket.write(text));
      socket.on("data", (bytes: Buffer) => (heard += bytes.toString()));
      socket.on("error", () => {});
      socket.on("close", () => done(heard));
      if (!text.endsWith("\n")) setTimeout(() => socket.end(), 200);
    });
    expect([text.slice(0, 20), answer.split("\n").length]).toEqual([text.slice(0, 20), 2]);
  }
  expect(run(folder, "evidence", "list", "--vault", "vault").code).toBe(0);
});

test("a vault whose path is too long for a socket: it listens in a private folder that run/socket names", async () => {
  const folder = freshFolder();
  const deep = join(folder, ...Array.from({ length: 6 }, () => "a-folder-with-a-long-name"));
  mkdirSync(deep, { recursive: true });
  cpSync(join(folder, "vault"), join(deep, "vault"), { recursive: true });
  const owner = await serve(deep);
  const place = socketOf(deep);
  expect(place.startsWith(tmpdir())).toBe(true);
  expect(statSync(dirname(place)).mode & 0o777).toBe(0o700);
  expect(run(deep, "evidence", "list", "--vault", "vault").code).toBe(0);
  owner.child.kill("SIGKILL");
  await owner.ended;
  const next = await serve(deep);
  expect(existsSync(dirname(place))).toBe(false);
  next.child.kill("SIGINT");
  await next.ended;
  expect(existsSync(join(deep, "vault", "run", "socket"))).toBe(false);
});
