/**
 * The home of one round: a vault with its key, the program's surroundings, what was acknowledged here, and what is found lost.
 * Every round has its own, so that none can hide what another one broke.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Chance } from "../../src/sample/chance.ts";
import type { Deliveries } from "./evidence.ts";
import { type JournalSeen, lostBetween, seeJournal } from "./journal.ts";
import { type Ended, type Moment, Running, type Surroundings, runUntil } from "./program.ts";

/** The moment that every run is told for, so that any two can be compared. */
const STORY = ["--by", "Ann Le Page", "--as-of", "2021-12-31T00:00:00Z"];

/** What program and vault of a round stand on. */
export interface HomeSettings {
  readonly folder: string;
  /** Shared by all rounds: compiled code. */
  readonly cache: string;
  readonly deliveries: Deliveries;
  readonly chance: Chance;
}

/** One round's folder and its bookkeeping. */
export class Home {
  readonly folder: string;
  readonly chance: Chance;
  readonly deliveries: Deliveries;
  /** What is not as it must be, a sentence each; empty is the aim. */
  readonly losses: string[] = [];
  /** What the program said of what had happened: what a start cleaned, what a disk refused. */
  readonly said: string[] = [];
  /** Reasons of holds, events and answers that the program has acknowledged. */
  readonly acknowledged = { holds: [] as string[], events: 0, answers: 0 };
  /** Acts that were killed without a word: each may be there or not. */
  readonly unsaid = { holds: [] as string[], events: 0, answers: 0 };
  /** A finding of its first delivery, for whoever answers. */
  finding = "";
  vault: string;
  /** Vaults that were begun and never acknowledged: each may leave a key, which nobody can tell from one of a vault elsewhere. */
  abandoned = 0;
  /** Whether acts may be dated before the act before them, as long as somebody says so. */
  isClockSetBack = false;
  /** Added to the program's environment. */
  readonly extra: Record<string, string> = {};
  readonly #cache: string;
  #seen: JournalSeen | null = null;

  constructor({ folder, cache, deliveries, chance }: HomeSettings) {
    this.folder = folder;
    this.chance = chance;
    this.deliveries = deliveries;
    this.#cache = cache;
    this.vault = join(folder, "vault");
    for (const name of ["", "config", "tmp"]) mkdirSync(join(folder, name), { recursive: true });
  }

  get surroundings(): Surroundings {
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, "config"),
      XDG_CACHE_HOME: this.#cache,
      TMPDIR: join(this.folder, "tmp"),
      LOGNAME: "torturer",
      NO_COLOR: "1",
      ...this.extra,
    };
    return { cwd: this.folder, env };
  }

  /** Takes over vault and key of another home, which nobody works in. */
  copyFrom(other: Home): void {
    cpSync(other.vault, this.vault, { recursive: true });
    cpSync(join(other.folder, "config"), join(this.folder, "config"), { recursive: true });
    this.acknowledged.holds.push(...other.acknowledged.holds);
    this.acknowledged.events += other.acknowledged.events;
    this.acknowledged.answers += other.acknowledged.answers;
    this.finding = other.finding;
    this.see();
  }

  /** Words of an investigation of these paths. */
  investigation(...paths: readonly string[]): readonly string[] {
    return ["investigate", ...paths, "--vault", this.vault, ...STORY, "--format", "json"];
  }

  begin(words: readonly string[], before: readonly string[] = []): Running {
    return new Running(words, { ...this.surroundings, before });
  }

  /** Runs words to their end. */
  async run(words: readonly string[], before: readonly string[] = []): Promise<Ended> {
    const ended = await this.begin(words, before).ended;
    this.heard(ended);
    return ended;
  }

  /** Runs words that must succeed; what they print on stdout. */
  async must(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(words);
    if (code !== 0) this.lose(`breakwater ${words[0]} ended with ${code}: ${stderr.trim()}`);
    return stdout;
  }

  /** Runs words until they are killed, or end before. */
  async runUntil(moment: Moment, words: readonly string[]): Promise<Ended> {
    const ended = await runUntil(moment, words, this.surroundings);
    this.heard(ended);
    return ended;
  }

  /** Looks at the journal: what was acknowledged at the last look must still be there, as it was. */
  see(): JournalSeen {
    const seen = seeJournal(this.vault);
    const lost = this.#seen === null ? null : lostBetween(this.#seen, seen);
    if (lost !== null) this.lose(lost);
    this.#seen = seen;
    return seen;
  }

  lose(what: string): void {
    this.losses.push(what);
  }

  /** Removes what lies in the vault's folder where it never became a vault: a person's work. */
  clear(): void {
    this.said.push("by hand: removed a folder in which a vault was begun and never acknowledged");
    rmSync(this.vault, { recursive: true, force: true });
    this.#seen = null;
  }

  get isVault(): boolean {
    return existsSync(join(this.vault, "vault.json"));
  }

  /** Whether people acted in this round. */
  get hasActs(): boolean {
    const { acknowledged, unsaid } = this;
    return acknowledged.holds.length + unsaid.holds.length > 1;
  }

  /** Files below the vault's folder or another, by path, sorted. */
  files(below = this.vault): readonly string[] {
    if (!existsSync(below)) return [];
    return readdirSync(below, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(below.length + 1))
      .sort();
  }

  /** What every process says, however it ended: what it cleaned, and whether it broke down. */
  heard({ code, stderr, orphans }: Ended): void {
    for (const [, line = ""] of stderr.matchAll(/^.*\bstart: (.*)$/gm)) this.said.push(line);
    if (code !== null && ![0, 1, 2, 3].includes(code))
      this.lose(`a command broke down with ${code}: ${stderr.trim().slice(0, 600)}`);
    if (orphans) this.lose("a process outlived the program that had started it");
  }
}
