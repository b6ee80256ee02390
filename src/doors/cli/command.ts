/** What a command of the terminal is: its words, its options, and what it does with them. */
import type { ParseArgsConfig } from "node:util";
import type { Output } from "./terminal.ts";
import type { LentVault, Pace } from "../../casework/index.ts";

/** Options as node:util parseArgs gives them, strings and lists apart. */
export interface Given {
  /** What stands without an option: paths, or words. */
  readonly paths: readonly string[];
  /** The value of an option, or null where it was not given. */
  one(name: string): string | null;
  /** Every value of an option that may be repeated. */
  many(name: string): readonly string[];
  has(name: string): boolean;
}

/** What a command works with: no command reads the process for itself. */
export interface Surroundings {
  readonly out: Output;
  readonly pace: Pace;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The vault that this process owns already and runs the command in; null where it owns none. */
  readonly lent: LentVault | null;
}

export interface Command {
  readonly summary: string;
  readonly usage: string;
  /** Lines of help for each option, in order. */
  readonly options: readonly OptionHelp[];
  readonly example: string;
  /** How many paths it takes at most besides its options; absent: none. */
  readonly pathsMax?: number;
  /** How many words that are no paths it takes instead. */
  readonly wordsMax?: number;
  /**
   * How it shares its vault with a process that owns it. Absent: that one runs it, in its turn. `journal`: at once, since
   * it touches nothing but the journal. `alone`: not at all.
   */
  readonly sharing?: "journal" | "alone";
  /** True: Ctrl-C may end it at any moment, since it leaves nothing behind. */
  readonly writesNothing?: true;
  /** Gives the exit code: 0 done, 3 flaws under --strict. Throws a Fault for what can be mended. */
  run(given: Given, surroundings: Surroundings): Promise<number>;
}

export interface OptionHelp {
  readonly name: string;
  /** The word for its value in the help, one of PLACES where it is a path; null for a switch. */
  readonly value: string | null;
  readonly repeated?: boolean;
  readonly help: string;
}

/** Words for the values of options that name a place on the disk. */
export const PLACES: readonly string[] = ["FILE", "DIR", "PATH"];

/** Options that most commands share. */
export const VAULT: OptionHelp = { name: "vault", value: "DIR", help: "the vault's folder" };
export const KEYS: readonly OptionHelp[] = [
  { name: "key", value: "FILE", help: "the vault's key file, where it is not in its usual place" },
  { name: "passphrase-file", value: "FILE", help: "a file whose first line is the passphrase" },
];
/** For commands that print for people and for programs. */
export const FORMAT_JSON: OptionHelp = {
  name: "format",
  value: "json|text",
  help: "how to print the result (text)",
};
/** For commands that open archives without a vault. */
export const PASSWORDS: OptionHelp = {
  name: "passwords",
  value: "FILE",
  help: "passwords of archives, one a line",
};
/** Done, but under --strict something could not be read. */
export const EXIT_FLAWS = 3;

/** Turns flaws into an exit code of their own. */
export const STRICT: OptionHelp = {
  name: "strict",
  value: null,
  help: "exit with 3 when anything could not be read",
};

/** The options of a command as node:util wants them. */
export function parseConfig(command: Command): ParseArgsConfig {
  const options: NonNullable<ParseArgsConfig["options"]> = {
    help: { type: "boolean", short: "h" },
  };
  for (const { name, value, repeated } of command.options) {
    options[name] = { type: value === null ? "boolean" : "string", multiple: repeated === true };
  }
  return { options, allowPositionals: true, strict: true };
}

/** The help page of a command. */
export function helpOf(command: Command): string {
  const rows = [
    ...command.options,
    { name: "help", value: null, help: "this page" } satisfies OptionHelp,
  ].map(({ name, value, help }) => {
    const left = value === null ? `--${name}` : `--${name} ${value}`;
    return `  ${left.padEnd(26)} ${help}`;
  });
  return [
    command.summary,
    "",
    `usage: breakwater ${command.usage}`,
    "",
    ...rows,
    "",
    "example:",
    ...command.example.split("\n").map((line) => `  ${line}`),
  ].join("\n");
}
