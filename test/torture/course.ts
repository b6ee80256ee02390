/**
 * How a command goes when nobody disturbs it: how long, and which calls to the kernel it makes on vault and key. Measured, and
 * measured again now and then, since others use the machine too; a moment to kill is drawn from it.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Chance } from "../../src/sample/chance.ts";
import type { Home } from "./home.ts";
import { CHANGING_CALLS, type Moment, hasCalls } from "./program.ts";

/** Draws from one measurement before the next is due. */
const DRAWS_MAX = 16;
/** Share of kills that are put before a call; the others fall at any time. */
const BY_CALL = 0.5;

interface Course {
  readonly millis: number;
  readonly calls: readonly (Moment & { by: "call" })[];
  draws: number;
}

/** Prepares a home for the words, and gives them. */
export type Preparation = (home: Home) => Promise<readonly string[]>;

/** The courses of all commands, by a label. */
export class Courses {
  readonly #courses = new Map<string, Promise<Course>>();
  readonly #newHome: (name: string) => Home;

  /** `newHome` makes an empty home that is removed afterwards. */
  constructor(newHome: (name: string) => Home) {
    this.#newHome = newHome;
  }

  /** A moment in the course of the words that `prepare` gives: uniform in time, or before one of its calls. */
  async draw(label: string, prepare: Preparation, chance: Chance): Promise<Moment> {
    const [byCall, share] = [chance.happens(BY_CALL), chance.real()];
    const course = await this.#course(label, prepare);
    course.draws++;
    const call = course.calls[Math.floor(share * course.calls.length)];
    return byCall && call !== undefined ? call : { by: "time", millis: share * course.millis };
  }

  /** Milliseconds that the words take. */
  async millis(label: string, prepare: Preparation): Promise<number> {
    const course = await this.#course(label, prepare);
    course.draws++;
    return course.millis;
  }

  async #course(label: string, prepare: Preparation): Promise<Course> {
    const known = await this.#courses.get(label);
    if (known !== undefined && known.draws < DRAWS_MAX) return known;
    const fresh = this.#measure(label, prepare);
    this.#courses.set(label, fresh);
    return await fresh;
  }

  async #measure(label: string, prepare: Preparation): Promise<Course> {
    const timed = this.#newHome(`measured ${label}`);
    const { millis } = await timed.run(await prepare(timed));
    rmSync(timed.folder, { recursive: true });
    if (!hasCalls) return { millis, calls: [], draws: 0 };
    const traced = this.#newHome(`traced ${label}`);
    const trace = join(traced.folder, "trace");
    const strace = ["strace", "-f", "--seccomp-bpf", "-y", "-qqq", "-s", "0", "-o", trace];
    await traced.run(await prepare(traced), [...strace, "-e", `trace=${CHANGING_CALLS}`]);
    const calls = callsOn(readFileSync(trace, "latin1"), traced);
    rmSync(traced.folder, { recursive: true });
    return { millis, calls, draws: 0 };
  }
}

/** The calls of the main thread that touch vault, key or stdout, each with its number among those of its name. */
function callsOn(trace: string, { folder, vault }: Home): Course["calls"] {
  const counts = new Map<string, number>();
  const main = /^\d+/.exec(trace)?.[0] ?? "";
  return [...trace.matchAll(/^(\d+) +(\w+)\((.*)$/gm)].flatMap(
    ([, thread, call = "", rest = ""]) => {
      if (thread !== main) return [];
      const count = (counts.get(call) ?? 0) + 1;
      counts.set(call, count);
      const isOurs =
        rest.includes(vault) || rest.includes(join(folder, "config")) || rest.startsWith("1<");
      return isOurs ? [{ by: "call", call, count } as const] : [];
    },
  );
}
