/**
 * How the program talks to people, the same way every time: data on stdout, everything else on stderr,
 * lower case, `breakwater: error: …` and a line `hint: …`. Colours only on a terminal, never against NO_COLOR.
 */
import { once } from "node:events";
import { Fault } from "../../base/fault.ts";
import { inertJson, visible } from "../../base/text.ts";
import type { Progress, Screen } from "../../casework/index.ts";

/** A mistake of the program's own. */
export const EXIT_BUG = 70;
const FLUSH_CHARS = 1 << 16;
const BAR_AFTER_MILLIS = 2000;
const REDRAW_MILLIS = 200;

/** What a command says: data gathered into large writes, lines for people at once. */
export class Output {
  readonly #screen: Screen;
  #waiting: string[] = [];
  #chars = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Queues one line of data; await it in long loops so that memory stays flat when the reader is slow. */
  async line(text: string): Promise<void> {
    this.#waiting.push(text, "\n");
    this.#chars += text.length + 1;
    if (this.#chars >= FLUSH_CHARS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#chars === 0) return;
    const text = this.#waiting.join("");
    this.#waiting = [];
    this.#chars = 0;
    await this.#screen.data(text);
  }

  /** One value as a line of JSON that is as safe to look at as a text. */
  async json(value: unknown): Promise<void> {
    await this.line(inertJson(JSON.stringify(value)));
  }

  /** A line for people; paths and names may stand in it as they are. */
  say(text: string): void {
    this.#screen.note(plain(text));
  }

  /** The two lines of a mendable error. */
  fault({ message, hint }: Fault): void {
    this.say(`breakwater: error: ${message}`);
    this.say(`hint: ${hint}`);
  }

  /** A mistake of the program's own, for whoever mends it. */
  bug(error: unknown): void {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    for (const line of `breakwater: bug: ${trace}`.split("\n")) this.say(line);
    this.say("hint: this is a mistake in the program; nothing that was acknowledged is lost");
  }

  /** Bold where data may have it. */
  strong(text: string): string {
    return this.#screen.coloured ? `\u001b[1m${text}\u001b[0m` : text;
  }
}

/** Text from evidence or a path, fit for a terminal: no control or direction characters. */
export const plain = visible;

/** The terminal, files or pipes that this process was started with; a reader that went away ends the program. */
export function ownScreen(): Screen {
  const { stdout, stderr } = process;
  // Absent, and not false, where there is a file or a pipe.
  const shown = stderr.isTTY === true;
  const bar = shown ? new ProgressBar() : null;
  const note = (line: string) => {
    bar?.clear();
    stderr.write(`${line}\n`);
  };
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    const what = `the output cannot be written (${error.code})`;
    new Output(screen).fault(
      new Fault("not-writable", what, "free some space, or write elsewhere"),
    );
    process.exit(2);
  });
  const screen: Screen = {
    data: async (text) => {
      if (!stdout.write(text)) await once(stdout, "drain");
    },
    note,
    progress: (progress) => bar?.show(progress),
    coloured: shown && stdout.isTTY === true && process.env["NO_COLOR"] === undefined,
    showsProgress: shown,
  };
  return screen;
}

/** A bar with rate and remaining time on stderr, for work that takes over two seconds. */
class ProgressBar {
  #phase = "";
  #began = 0;
  #drawn = 0;
  #shown = false;

  show(progress: Progress): void {
    const now = performance.now();
    if (progress.phase !== this.#phase) {
      this.#phase = progress.phase;
      this.#began = now;
    }
    if (now - this.#began < BAR_AFTER_MILLIS || now - this.#drawn < REDRAW_MILLIS) return;
    this.#drawn = now;
    this.clear();
    process.stderr.write(barText(progress, (now - this.#began) / 1000));
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) process.stderr.write("\r\u001b[2K");
    this.#shown = false;
  }
}

function barText({ phase, done, total, unit }: Progress, seconds: number): string {
  const perSecond = done / seconds;
  const amount = unit === "bytes" ? megabytes(done) : `${done} ${unit}`;
  const rate = unit === "bytes" ? `${megabytes(perSecond)}/s` : `${perSecond.toFixed(0)}/s`;
  if (total === null || total === 0) return `${phase}: ${amount}, ${rate}`;
  const share = Math.min(1, done / total);
  const left = perSecond > 0 ? Math.ceil((total - done) / perSecond) : 0;
  const filled = Math.round(share * 20);
  const bar = "█".repeat(filled) + "░".repeat(20 - filled);
  return `${phase} ${bar} ${(share * 100).toFixed(0)}% ${amount}, ${rate}, ${left} s left`;
}

/** Bytes as megabytes for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
