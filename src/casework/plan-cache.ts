/**
 * Plans of rule sets, kept so that thousands of rules are not parsed again for each command (docs/design/sigma.md). A file is
 * encrypted and authenticated (AES-256-GCM) under a key made of all that its plan is made of; in a vault, of the vault's key too.
 * Whoever can write here can make us parse again, and nothing else: what is damaged, forged or of another engine does not open.
 * Outside a vault that holds against all who cannot name every text; who can, and writes as this person, could change the rules as well.
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import type { LogSources, Plan } from "../engines/sigma/index.ts";
import { byCodeUnits } from "../base/text.ts";
import { engineStamp } from "./engine-stamp.ts";
import type { Mac } from "./kept-file.ts";
import { packValue, unpackValue } from "./packed-value.ts";
import type { RuleFile } from "./rules.ts";
import type { Vault } from "./vault/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where plans are kept. */
export interface PlanCache {
  readonly folder: string;
  /** Makes of the hash of all inputs what the key is made of; hexadecimal. */
  readonly secretOf: Mac;
  /**
   * A vault's has one writer. A person's may have several at once, and keeps no placeholders: they name accounts, and are
   * short enough to be guessed.
   */
  readonly owner: "vault" | "person";
}

/** A plan, and its bytes where somebody has them: what another thread unpacks instead of parsing. */
export interface CachedPlan {
  readonly plan: Plan;
  readonly bytes: Uint8Array;
}

/** The newest this many stay: SigmaHQ's rules take 7 MB, our own some hundred KB. */
const FILES_MAX = 8;
const FILE_BYTES_MAX = 64 << 20;
const SUFFIX = ".plan";
/** What a writer that was killed left is older than this, where several write. */
const LEFT_MILLIS = 60_000;

const CIPHER = "aes-256-gcm";
const TAG_BYTES = 16;
/** Never used twice: a key seals one plan, and the same plan is the same bytes. */
const NONCE = new Uint8Array(12);

/** The cache of a vault: derived like all else there, and gone with it when the vault is locked. */
export function vaultPlans(vault: Vault): PlanCache {
  const folder = join(vault.derivedFolder, "plans");
  return { folder, secretOf: (sha256) => vault.mac(sha256), owner: "vault" };
}

/** The cache of commands that have no vault, in the usual folder of the person who runs them. */
export function usualPlans(environment: Environment): PlanCache {
  return personalPlans(cacheFolderOf(environment, homedir()));
}

/** The same in a cache folder of choice. */
export function personalPlans(cacheFolder: string): PlanCache {
  const secretOf: Mac = (sha256) => Buffer.from(sha256).toString("hex");
  return { folder: join(cacheFolder, "plans"), secretOf, owner: "person" };
}

/** The program's folder for what can be made again, from the environment and the home folder. */
export function cacheFolderOf(environment: Environment, home: string): string {
  const configured = environment["XDG_CACHE_HOME"] ?? "";
  const local = process.platform === "win32" ? (environment["LOCALAPPDATA"] ?? "") : "";
  // The XDG base directory specification: a path that is not absolute is ignored.
  const base = configured.startsWith("/") ? configured : local || join(home, ".cache");
  return join(base, "breakwater");
}

/** One rule set's place in a cache. */
export class PlanPlace {
  readonly #cache: PlanCache;
  readonly #key: Uint8Array;
  readonly #path: string;

  constructor(cache: PlanCache, files: readonly RuleFile[], logSources: LogSources) {
    const inputs = inputsHash(files, logSources);
    this.#cache = cache;
    this.#key = hashOf("key", cache.secretOf(inputs));
    const name = Buffer.from(hashOf("name", inputs)).toString("hex").slice(0, 32);
    this.#path = join(cache.folder, name + SUFFIX);
  }

  /** The plan of exactly these inputs by exactly this engine; null where it must be made. */
  take(): CachedPlan | null {
    try {
      if (statSync(this.#path).size > FILE_BYTES_MAX) return null;
      const bytes = opened(readFileSync(this.#path), this.#key);
      const plan = unpackPlan(bytes);
      const now = new Date();
      utimesSync(this.#path, now, now);
      return { plan, bytes };
    } catch {
      return null;
    }
  }

  /** Keeps a plan, whole or not at all; where nothing can be written nothing is. */
  keep(bytes: Uint8Array): void {
    if (bytes.length + TAG_BYTES > FILE_BYTES_MAX) return;
    const own = `${this.#path}.${process.pid}.new`;
    try {
      mkdirSync(this.#cache.folder, { recursive: true, mode: 0o700 });
      rmSync(own, { force: true });
      writeFileSync(own, sealed(bytes, this.#key), { mode: 0o600, flag: "wx" });
      renameSync(own, this.#path);
      removeOld(this.#cache);
    } catch {
      discard(own);
    }
  }
}

/** A plan as bytes for another thread, or for a cache. */
export function packPlan(plan: Plan): Uint8Array {
  return packValue(plan);
}

/** The plan of packPlan's bytes. Throws where they are of something else. */
export function unpackPlan(bytes: Uint8Array): Plan {
  const value = unpackValue(bytes);
  if (!isPlan(value)) throw new TypeError("bytes of no plan");
  return value;
}

/** How many plans a cache holds, and how large they are. */
export function sizeOfPlans({ folder }: PlanCache): { files: number; sizeBytes: number } {
  if (!existsSync(folder)) return { files: 0, sizeBytes: 0 };
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  return { files: sizes.length, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The outermost shape only: bytes that opened are this program's own. */
function isPlan(value: unknown): value is Plan {
  const parts = ["accounts", "bound", "rules", "correlations"];
  return typeof value === "object" && value !== null && parts.every((part) => part in value);
}

/** SHA-256 over the engine, the log sources, and every file's name, kind and text, in order. */
function inputsHash(files: readonly RuleFile[], logSources: LogSources): Uint8Array {
  const sources = createHash("sha256").update(serialize(logSources)).digest("hex");
  const about = files.map(({ file, kind, text }) => [file, kind ?? "rules", text.length]);
  const head = JSON.stringify(["breakwater plan", engineStamp(), sources, about]);
  // Lengths stand before what they measure: no two rule sets have the same bytes.
  const hash = createHash("sha256").update(`${head.length}\n${head}`);
  for (const { text } of files) hash.update(text);
  return hash.digest();
}

function hashOf(use: string, what: string | Uint8Array): Uint8Array {
  return createHash("sha256").update(`breakwater plan ${use}\n`).update(what).digest();
}

function sealed(bytes: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, NONCE);
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([cipher.getAuthTag(), body]);
}

function opened(bytes: Uint8Array, key: Uint8Array): Uint8Array {
  const decipher = createDecipheriv(CIPHER, key, NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(0, TAG_BYTES));
  const body = decipher.update(bytes.subarray(TAG_BYTES));
  // Gives nothing, and throws where the tag is of other bytes.
  decipher.final();
  return body;
}

/** Leaves the newest plans, and what others are writing at this moment. */
function removeOld({ folder, owner }: PlanCache): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, millis: statSync(path).mtimeMs }));
  const [plans, parts] = [true, false].map((isPlanFile) =>
    files.filter(({ path }) => path.endsWith(SUFFIX) === isPlanFile),
  );
  const newest = Math.max(0, ...files.map(({ millis }) => millis));
  const byAge = (plans ?? []).sort((a, b) => b.millis - a.millis || byCodeUnits(a.path, b.path));
  const left = (parts ?? []).filter(
    ({ millis }) => owner === "vault" || millis < newest - LEFT_MILLIS,
  );
  for (const { path } of [...byAge.slice(FILES_MAX), ...left]) rmSync(path, { force: true });
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // In a folder where nothing can be removed nothing was written either.
  }
}
