/** A log that is written, rotated, cut and followed in any order, and an oracle that only knows what was written. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { readAll } from "../../src/base/source.ts";
import { createVault, openVault } from "../../src/casework/vault/index.ts";
import type { Vault, VaultSettings } from "../../src/casework/vault/index.ts";
import { Follower } from "../../src/casework/logs/follower.ts";
import { logsOf, openLog } from "../../src/casework/logs/index.ts";
import { settingsIn } from "./settings.ts";

/** Looks after which everything that was rotated away is finished. */
const SETTLING_LOOKS = 60;

/** Vault, log and follower of one schedule. */
export class LogSchedule {
  readonly folder: string;
  readonly written: string[] = [];
  readonly notices: string[] = [];
  readonly #watched: string;
  #starts = 0;
  #vault: Vault;
  #follower: Follower;
  #half = false;
  /** Whether a look since the last start has seen the file at the path, and whether one has committed a line of it. */
  #isSeen = false;
  #isKnown = false;

  /** Watches the log itself, or the folder that it lies in. */
  constructor(folder: string, watch: "file" | "folder") {
    this.folder = folder;
    mkdirSync(join(folder, "logs"));
    writeFileSync(this.log, "");
    this.#watched = watch === "file" ? this.log : join(folder, "logs");
    this.#vault = createVault(this.vaultFolder, "Ann", this.#settings());
    this.#follower = this.#follow();
  }

  get log(): string {
    return join(this.folder, "logs", "app.log");
  }

  get vaultFolder(): string {
    return join(this.folder, "vault");
  }

  get vault(): Vault {
    return this.#vault;
  }

  /** Writes whole lines, each of its own, and with `half` the beginning of one more. */
  append(count: number, half = false, width = 20): void {
    for (let line = 0; line < count; line++) {
      if (!this.#half) this.#begin();
      appendFileSync(this.log, `${"x".repeat(width)}\n`);
      this.#half = false;
      this.#close(width);
    }
    if (half && !this.#half) {
      this.#begin();
      this.#half = true;
    }
  }

  /** A line is never written into two files; and what comes and goes at a watched path without a look at it in between was never there for anybody who looks. */
  async lookBefore(step: "rotate" | "copy-truncate"): Promise<void> {
    if (this.#half) this.append(1);
    const known = this.#isKnown || (step === "rotate" && this.#isSeen);
    if (this.#watched === this.log && !known) await this.look();
  }

  /** Renames the log and begins a new one. */
  rotate(): void {
    this.#shift();
    renameSync(this.log, `${this.log}.1`);
    writeFileSync(this.log, "");
    this.#isSeen = this.#isKnown = false;
  }

  /** Copies the log and empties it. */
  copyTruncate(): void {
    this.#shift();
    copyFileSync(this.log, `${this.log}.1`);
    truncateSync(this.log);
    this.#isKnown = false;
  }

  /** Looks, and commits what is new unless told otherwise. */
  async look(commit = true): Promise<void> {
    for (let more = true; more; ) {
      ({ more } = await this.#follower.look());
      this.#isSeen = true;
      if (!commit) return;
      this.#isKnown = readFileSync(this.log).includes(10);
      await Promise.all(this.#follower.logs.map((log) => log.commit()));
    }
  }

  /** Stops and starts again. */
  async restart(): Promise<void> {
    await this.#follower.stop();
    this.#vault.close();
    this.open();
  }

  /** Ends as a killed process does: nothing is closed, what was staged is lost. */
  drop(): void {
    this.#vault.close();
  }

  /** Starts after drop(). */
  open(): void {
    this.#starts++;
    this.#isSeen = false;
    this.#vault = openVault(this.vaultFolder, this.#settings());
    this.#follower = this.#follow();
  }

  /** Until nothing moves any more; then stops, closed. */
  async settle(): Promise<void> {
    if (this.#half) this.append(1);
    for (let look = 0; look < SETTLING_LOOKS; look++) await this.look();
    await this.#follower.stop();
  }

  /** Path of the object that was begun last. */
  segment(): string {
    const holding = logsOf(this.#vault).at(-1)?.holding;
    const object = holding?.kind === "log" ? (holding.segments.at(-1) ?? "") : "";
    return join(this.vaultFolder, "objects", object.slice(0, 2), object);
  }

  /** All lines of all logs of the vault, sorted. */
  kept(): string[] {
    return this.texts()
      .flatMap((text) => text.split("\n").slice(0, -1))
      .sort();
  }

  /** Each log of the vault as a text. */
  texts(): string[] {
    return logsOf(this.#vault).map(({ hash, sizeBytes }) => {
      const source = openLog(this.#vault, hash, sizeBytes);
      try {
        return Buffer.from(readAll(source)).toString();
      } finally {
        source.close();
      }
    });
  }

  #begin(): void {
    const line = `line ${this.written.length} `;
    appendFileSync(this.log, line);
    this.written.push(line);
  }

  #close(width: number): void {
    this.written.push(`${this.written.pop() ?? ""}${"x".repeat(width)}`);
  }

  /** app.log.1 becomes app.log.2, and so on. */
  #shift(): void {
    const names = readdirSync(join(this.folder, "logs")).length;
    for (let number = names; number > 0; number--)
      if (existsSync(`${this.log}.${number}`))
        renameSync(`${this.log}.${number}`, `${this.log}.${number + 1}`);
  }

  #settings(): VaultSettings {
    return settingsIn(this.folder, `start ${this.#starts}`);
  }

  #follow(): Follower {
    const onNotice = (line: string) => void this.notices.push(line);
    return new Follower({ vault: this.#vault, paths: [this.#watched], by: "Ann", onNotice });
  }
}
