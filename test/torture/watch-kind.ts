/**
 * Rounds in which `serve --watch` is killed while a log is written and rotated: every whole line is in the vault once.
 * What lies at a watched path and goes before anybody looked was never there: the writer rotates only what is committed.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Home } from "./home.ts";
import { judge } from "./judge.ts";
import type { Kill, Kind } from "./kind.ts";
import { LogWriter } from "./log-writer.ts";
import { type Running, beforeCall, hasCalls } from "./program.ts";
import { killOwner, serve, stop } from "./serve-kinds.ts";
import type { World } from "./world.ts";

const KILLS = 3;
/** Beats of half a second, and a doubtful copy is looked at for ten. */
const COMMITTED_MILLIS_MAX = 30_000;
const WRITING_MILLIS_MAX = 1500;
const CALLS_MAX = 24;

const MANIFEST = z.object({
  files: z.array(z.object({ name: z.string(), holding: z.string().optional() })),
});

/** One round: a log, its writer, whoever watches. */
class Watched {
  readonly #home: Home;
  readonly #writer: LogWriter;
  readonly #path: string;
  #exports = 0;
  /** Whether the current file is committed, so that a rotation cannot take away what nobody saw. */
  #isKnown = false;

  constructor(home: Home, { deliveries }: World) {
    this.#home = home;
    const folder = join(home.folder, "logs");
    mkdirSync(folder);
    this.#path = join(folder, "u_ex210828.log");
    this.#writer = new LogWriter(this.#path, deliveries.log, home.chance);
    this.watch = home.chance.happens(0.5) ? this.#path : folder;
  }

  /** The file, or the folder that it lies in. */
  readonly watch: string;

  /** Watches, writes, and is killed; a rotation may fall into it, or into the time after it. */
  async killOnce(): Promise<Kill> {
    const home = this.#home;
    const { chance } = home;
    const by = hasCalls && chance.happens(0.4) ? "call" : "time";
    const call = chance.happens(0.5) ? "pwrite64" : "fsync";
    const count = 4 + chance.below(CALLS_MAX);
    const [millis, rotateAt] = [chance.real() * WRITING_MILLIS_MAX, chance.real() * 2];
    const before = home.see();
    const watching = await serve(
      home,
      ["--watch", this.watch, "--by", "Ann"],
      by === "call" ? beforeCall(call, count) : [],
    );
    await this.#writeFor(watching, by === "call" ? WRITING_MILLIS_MAX : millis, rotateAt);
    const { ended, ...kill } = await killOwner(home, watching, before);
    home.heard(ended);
    home.see();
    if (rotateAt > 1) this.#rotate();
    if (chance.happens(0.5)) this.#writer.write();
    return kill;
  }

  /** Watches until all that is written is committed, then stops as Ctrl-C does. */
  async settle(): Promise<void> {
    this.#writer.finish();
    const watching = await serve(this.#home, ["--watch", this.watch, "--by", "Ann"]);
    const missing = await this.#untilCommitted();
    if (missing !== null) this.#home.lose(missing);
    this.#isKnown = missing === null;
    await stop(this.#home, watching);
  }

  /** What of the lines is not in the vault exactly once, in order, when nobody watches any more. */
  async judge(): Promise<void> {
    const { texts } = await this.#exported();
    const found = texts.flatMap((text) => linesOf(text));
    const lost = difference(this.#writer.written, found);
    const surplus = difference(found, this.#writer.written);
    if (lost.length > 0) this.#home.lose(`${lost.length} lines are not there: ${lost[0]}`);
    if (surplus.length > 0)
      this.#home.lose(`${surplus.length} lines are there once too often: ${surplus[0]}`);
    for (const text of texts) if (!isOrdered(text)) this.#home.lose("a log is out of order");
  }

  async #writeFor(watching: Running, millis: number, rotateAt: number): Promise<void> {
    const begun = performance.now();
    let rotated = rotateAt > 1;
    for (let share = 0; share < 1 && !watching.isOver; ) {
      this.#writer.write();
      if (!rotated && share >= rotateAt) rotated = this.#rotate();
      await pause(10 + this.#home.chance.below(60));
      share = (performance.now() - begun) / millis;
    }
  }

  #rotate(): boolean {
    if (this.#isKnown) this.#writer.rotate();
    this.#isKnown = false;
    return true;
  }

  /** Null when all is there; else what is missing after half a minute. */
  async #untilCommitted(): Promise<string | null> {
    const until = performance.now() + COMMITTED_MILLIS_MAX;
    for (;;) {
      const { texts, said } = await this.#exported();
      const lost = difference(
        this.#writer.written,
        texts.flatMap((text) => linesOf(text)),
      );
      if (lost.length === 0) return null;
      if (performance.now() > until)
        return `${lost.length} lines are never committed: ${lost[0]}; ${said}`;
      await pause(200);
    }
  }

  /** The logs as the program hands them out: what it says is in the vault. */
  async #exported(): Promise<{ texts: readonly string[]; said: string }> {
    const out = join(this.#home.folder, `export-${this.#exports++}`);
    const words = ["evidence", "export", "--vault", this.#home.vault, "--out", out];
    const { code, stderr } = await this.#home.run([...words, "--by", "Bo Mahy"]);
    if (code !== 0) return { texts: [], said: stderr.trim() };
    const { files } = MANIFEST.parse(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")));
    const texts = files
      .filter(({ holding }) => holding === "log")
      .map(({ name }) => readFileSync(join(out, name), "utf8"));
    rmSync(out, { recursive: true });
    return { texts, said: stderr.trim() };
  }
}

/** Whole lines only. */
function linesOf(text: string): readonly string[] {
  return text.split("\r\n").slice(0, -1);
}

/** What is in `left` more often than in `right`. */
function difference(left: readonly string[], right: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of right) counts.set(line, (counts.get(line) ?? 0) + 1);
  return left.filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}

/** Whether the numbers of the lines rise. */
function isOrdered(text: string): boolean {
  const rows = linesOf(text).filter((line) => !line.startsWith("#"));
  const numbers = rows.map((row) => Number(/\d+$/.exec(row)?.[0]));
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}

/** The watcher killed while a log is written and rotated. */
export const WATCH_KIND: Kind = {
  name: "serve --watch",
  async run(home, world): Promise<readonly Kill[]> {
    home.copyFrom(world.first);
    const watched = new Watched(home, world);
    const kills: Kill[] = [];
    for (let at = 0; at < KILLS && home.losses.length === 0; at++) {
      kills.push(await watched.killOnce());
      await watched.settle();
    }
    await watched.judge();
    await home.must(...home.investigation(home.deliveries.second));
    await home.must("lock", "--vault", home.vault);
    await judge(home, null);
    return kills;
  },
};
