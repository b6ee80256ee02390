/**
 * How the program talks to people, the same way every time: data on stdout, everything else on stderr,
 * lower case, `breakwater: error: …` and a line `hint: …`. Colours only on a terminal, never against NO_COLOR.
 */
import { once } from "node:events";
import { visible } from "../../base/text.ts";
import type { Progress } from "../../casework/index.ts";

const FLUSH_CHARS = 1 << 16;
const BAR_AFTER_MILLIS = 2000;
const REDRAW_MILLIS = 200;

/** Data for a program or a pipe, gathered into large writes; a reader that went away ends the program. */
export class Output {
  #waiting: string[] = [];
  #chars = 0;

  constructor() {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      sayFault(
        `the output cannot be written (${error.code})`,
        "free some space, or write elsewhere",
      );
      process.exit(2);
    });
  }

  /** Queues one line; await it in long loops so that memory stays flat when the reader is slow. */
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
    if (!process.stdout.write(text)) await once(process.stdout, "drain");
  }
}

/** A line for people on stderr. */
export function say(text: string): void {
  clearBar();
  process.stderr.write(`${text}\n`);
}

/** Text from evidence or a path, fit for a terminal: no control or direction characters. */
export const plain = visible;

/** Whether stderr may carry colours. */
function coloured(): boolean {
  return process.stderr.isTTY && process.env["NO_COLOR"] === undefined;
}

/** Bold on a terminal that may have it. */
export function strong(text: string): string {
  return process.stdout.isTTY && coloured() ? `\u001b[1m${text}\u001b[0m` : text;
}

/** The two lines of a mendable error. */
export function sayFault(message: string, hint: string): void {
  say(`breakwater: error: ${plain(message)}`);
  say(`hint: ${plain(hint)}`);
}

let barShown = false;

function clearBar(): void {
  if (barShown) process.stderr.write("\r\u001b[2K");
  barShown = false;
}

/** Draws a bar with rate and remaining time, when stderr is a terminal and the work takes over two seconds. */
export function progressBar(): (progress: Progress) => void {
  if (!process.stderr.isTTY) return () => {};
  let phase = "";
  let began = 0;
  let drawn = 0;
  return (progress) => {
    const now = performance.now();
    if (progress.phase !== phase) {
      phase = progress.phase;
      began = now;
    }
    if (now - began < BAR_AFTER_MILLIS || now - drawn < REDRAW_MILLIS) return;
    drawn = now;
    clearBar();
    process.stderr.write(barText(progress, (now - began) / 1000));
    barShown = true;
  };
}

function barText({ phase, done, total, unit }: Progress, seconds: number): string {
  const perSecond = done / seconds;
  const amount = unit === "bytes" ? megabytes(done) : `${done} files`;
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
