/** Options that several commands share, turned into what casework takes. Faults: usage, with an example. */
import { randomBytes } from "node:crypto";
import { homedir, userInfo } from "node:os";
import { known } from "../../base/assert.ts";
import { Fault } from "../../base/fault.ts";
import { type Ticks, parseTime, ticksFromMillis } from "../../base/time.ts";
import {
  type CustodyRequest,
  type KeyChoice,
  type VaultAccess,
  configFolderOf,
  readText,
} from "../../casework/index.ts";
import type { Command, Given, Surroundings } from "./command.ts";

/** The folder of `--vault`. */
export function vaultFolder(given: Given): string {
  const folder = given.one("vault");
  if (folder !== null) return folder;
  throw new Fault("usage", "which vault?", "add --vault DIR");
}

/** The paths given; at least one. */
export function somePaths(given: Given): readonly string[] {
  if (given.paths.length > 0) return given.paths;
  throw new Fault("usage", "no evidence was named", "add the path of a file or folder");
}

/** `--by NAME`, or the name of the account that runs this; recorded as stated, not as authenticated. */
export function actor(given: Given): string {
  return given.one("by") ?? accountName();
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new Fault("usage", "this account has no name", 'add --by "First Last"');
  }
}

/** `--by NAME` where an act needs a person. */
export function namedActor(given: Given): string {
  const by = given.one("by");
  if (by !== null && by.trim() !== "") return by;
  throw new Fault("usage", "people act by name here", 'add --by "First Last"');
}

/** What a person does with one evidence: which, by whom, and why. Faults: usage where one is left out. */
export function custodyRequest(given: Given, { usage }: Command): CustodyRequest {
  const [word] = given.paths;
  const reason = given.one("reason")?.trim() ?? "";
  if (word === undefined || reason === "") {
    const what = word === undefined ? "which evidence?" : "why? people give a reason here";
    throw new Fault("usage", what, `breakwater ${usage}`);
  }
  return { word, by: namedActor(given), reason };
}

/** Where the key is, what time it is, where chance comes from; and the vault itself, where this process has it open. */
export function vaultSettings(given: Given, { env, lent, now, out }: Surroundings): VaultAccess {
  return {
    key: keyChoice(given, env),
    configFolder: configFolderOf(env, homedir()),
    clock: () => nowTicks(Math.max(now, Date.now())),
    random: (sizeBytes) => randomBytes(sizeBytes),
    notice: (line) => out.say(`start: ${line}`),
    lent,
  };
}

/** Which key: `--key`, `--passphrase-file`, `BREAKWATER_KEY`, or the usual place. */
export function keyChoice(given: Given, env: Surroundings["env"]): KeyChoice {
  const file = given.one("key");
  const passphrase = given.one("passphrase-file");
  if (file !== null && passphrase !== null) {
    throw new Fault("usage", "two keys were given", "use --key or --passphrase-file, not both");
  }
  if (file !== null) return { kind: "file", path: file };
  if (passphrase !== null) return { kind: "passphrase-file", path: passphrase };
  const text = env["BREAKWATER_KEY"];
  return text === undefined || text === "" ? { kind: "default" } : { kind: "text", text };
}

/** `--passwords FILE`, one a line; null where it was not given. An empty line is none, blanks belong to a password. */
export function passwordsOf(given: Given): readonly string[] | null {
  const path = given.one("passwords");
  if (path === null) return null;
  return readText(path)
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

/** Milliseconds as ticks. */
export function nowTicks(millis: number): Ticks {
  return known(ticksFromMillis(millis), "the clock shows a real time");
}

/** A time option; null where it was not given. */
export function timeOption(given: Given, name: string): Ticks | null {
  const text = given.one(name);
  return text === null ? null : timeOf(text, `--${name}`);
}

/** A time as typed: ISO 8601, UTC where no zone is written. */
export function timeOf(text: string, what: string): Ticks {
  const read = parseTime(text);
  if (read !== null) return read.ticks;
  throw new Fault("usage", `${what}: ${text} is no time`, "write it as 2021-12-06T09:30:00Z");
}

/** The word of `--format`, or the first allowed one. Faults: usage on any other word. */
export function formatOf(given: Given, allowed: readonly string[]): string {
  const format = given.one("format") ?? known(allowed[0], "a format is the default");
  if (allowed.includes(format)) return format;
  throw new Fault("usage", `there is no format ${format}`, `one of: ${allowed.join(", ")}`);
}
