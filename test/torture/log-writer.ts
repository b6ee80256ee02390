/**
 * Somebody else's program that writes a log: lines of the sample case with a number each, sometimes half of one first; rotated by
 * renaming or by copying and emptying. It is the oracle: what it wrote, each line once.
 */
import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync } from "node:fs";
import type { Chance } from "../../src/sample/chance.ts";

const BATCH_MAX = 20;

/** Writes one log. */
export class LogWriter {
  readonly path: string;
  /** Every whole line that was written, header lines too. */
  readonly written: string[] = [];
  readonly #chance: Chance;
  readonly #header: readonly string[];
  readonly #rows: readonly string[];
  #half = "";
  #files = 0;

  /** `model`: a log whose header and lines are used. */
  constructor(path: string, model: string, chance: Chance) {
    this.path = path;
    this.#chance = chance;
    const lines = model.split(/\r?\n/).filter((line) => line !== "");
    this.#header = lines.filter((line) => line.startsWith("#"));
    this.#rows = lines.filter((line) => !line.startsWith("#"));
    this.#begin();
  }

  /** Some lines more; now and then the last one only by half. */
  write(): void {
    this.#finishHalf();
    const count = 1 + this.#chance.below(BATCH_MAX);
    const lines = Array.from({ length: count }, (_, at) => this.#line(this.written.length + at));
    this.#append(lines);
    if (!this.#chance.happens(0.3)) return;
    const next = this.#line(this.written.length);
    this.#half = next.slice(0, 1 + this.#chance.below(next.length - 1));
    appendFileSync(this.path, this.#half);
  }

  /** The end of a half line: a writer that is done leaves none. */
  finish(): void {
    this.#finishHalf();
  }

  /** Renames the log, or copies and empties it, and begins anew. */
  rotate(): void {
    this.#finishHalf();
    for (let number = this.#files; number > 0; number--)
      if (existsSync(`${this.path}.${number}`))
        renameSync(`${this.path}.${number}`, `${this.path}.${number + 1}`);
    if (this.#chance.happens(0.5)) renameSync(this.path, `${this.path}.1`);
    else {
      copyFileSync(this.path, `${this.path}.1`);
      truncateSync(this.path);
    }
    this.#begin();
  }

  #begin(): void {
    this.#files++;
    const date = new Date(Date.UTC(2021, 7, 28, 0, 0, this.#files)).toISOString();
    const stamp = `#Date: ${date.slice(0, 19).replace("T", " ")}`;
    this.#append(this.#header.map((line) => (line.startsWith("#Date") ? stamp : line)));
  }

  /** A row of the model; its last column becomes the number of the line. */
  #line(number: number): string {
    const row = this.#rows[number % this.#rows.length] ?? "";
    return row.replace(/\d+$/, String(number));
  }

  #finishHalf(): void {
    if (this.#half === "") return;
    const line = this.#line(this.written.length);
    appendFileSync(this.path, `${line.slice(this.#half.length)}\r\n`);
    this.#half = "";
    this.written.push(line);
  }

  #append(lines: readonly string[]): void {
    appendFileSync(this.path, lines.map((line) => `${line}\r\n`).join(""));
    this.written.push(...lines);
  }
}
