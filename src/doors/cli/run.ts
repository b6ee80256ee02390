/**
 * From words to an exit code: finds the command, reads its options, has it performed, tells Faults.
 * The same for words typed here and for those of a client of a vault's owner.
 */
import { parseArgs } from "node:util";
import { Fault } from "../../base/fault.ts";
import { type Command, type Given, PLACES, helpOf, parseConfig } from "./command.ts";
import { COMMANDS, loadCommand } from "./registry.ts";
import type { Output } from "./terminal.ts";

const EXIT_FAULT = 2;

/** A command and what it was given. */
export interface Call {
  readonly name: string;
  readonly command: Command;
  readonly given: Given;
}

/** Has what the words ask for performed; gives the exit code. A Fault is told on `out` and gives 2; a bug is thrown on. */
export async function runCommand(
  words: readonly string[],
  out: Output,
  perform: (call: Call) => Promise<number>,
): Promise<number> {
  try {
    const call = await readCall(words);
    if (typeof call !== "string") return await perform(call);
    await out.line(call);
    return 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    out.fault(error);
    return EXIT_FAULT;
  } finally {
    await out.flush();
  }
}

/** The call that words stand for, or a page of help. Faults: usage. */
async function readCall(words: readonly string[]): Promise<Call | string> {
  const [first = "", second = ""] = words;
  if (
    !COMMANDS.has(first) &&
    (second === "--help" || second === "-h") &&
    commandsBelow(first).length > 0
  )
    return overview(commandsBelow(first));
  const { name, rest } = commandOf(words);
  if (name === null) return overview();
  const command = await loadCommand(name);
  const given = givenOf(command, rest);
  if (given.has("help")) return helpOf(command);
  const surplus = given.paths[command.pathsMax ?? command.wordsMax ?? 0];
  if (surplus === undefined) return { name, command, given };
  const hint = `usage: breakwater ${command.usage}`;
  throw new Fault("usage", `${surplus} is one word too many`, hint);
}

/** The words of a call, for another process: every path in them put through `placed`. */
export function wordsOf(
  { name, command, given }: Call,
  placed: (path: string) => string,
): readonly string[] {
  const options = command.options.flatMap(({ name: option, value }) => {
    if (value === null) return given.has(option) ? [`--${option}`] : [];
    const isPlace = PLACES.includes(value);
    return given.many(option).map((text) => `--${option}=${isPlace ? placed(text) : text}`);
  });
  const { paths } = given;
  const rest = command.wordsMax === undefined ? paths.map((path) => placed(path)) : paths;
  return [...name.split(" "), ...options, "--", ...rest];
}

/** The command's name may be two words (`rules check`); null asks for the overview. */
function commandOf(words: readonly string[]): { name: string | null; rest: readonly string[] } {
  const [first, second] = words;
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    return { name: null, rest: [] };
  }
  const two = `${first} ${second ?? ""}`;
  if (COMMANDS.has(two)) return { name: two, rest: words.slice(2) };
  if (COMMANDS.has(first)) return { name: first, rest: words.slice(1) };
  const near = commandsBelow(first);
  throw new Fault(
    "usage",
    near.length > 0 ? `${first} needs one more word` : `there is no command ${first}`,
    near.length > 0 ? near.map((name) => `breakwater ${name}`).join(", ") : "breakwater --help",
  );
}

/** The commands of two words that begin with this one. */
function commandsBelow(first: string): readonly string[] {
  return [...COMMANDS.keys()].filter((name) => name.startsWith(`${first} `));
}

function givenOf(command: Command, rest: readonly string[]): Given {
  const { values, positionals } = parsed(command, rest);
  const entries = new Map(Object.entries(values));
  const texts = (name: string): readonly string[] => {
    const value = entries.get(name);
    return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
  };
  return {
    paths: positionals,
    one: (name) => texts(name).at(-1) ?? null,
    many: texts,
    has: (name) => entries.has(name),
  };
}

function parsed(command: Command, rest: readonly string[]) {
  try {
    return parseArgs({ ...parseConfig(command), args: [...rest] });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const name = command.usage.split(/ [A-Z[-]/)[0] ?? "";
    throw new Fault("usage", error.message.split(". ")[0] ?? "", `breakwater ${name} --help`);
  }
}

function overview(names: readonly string[] = [...COMMANDS.keys()]): string {
  const shown = [...COMMANDS].filter(([name]) => names.includes(name));
  const rows = shown.map(([name, { summary }]) => `  ${name.padEnd(19)} ${summary}`);
  return [
    "Breakwater: evidence, not claims, for the safety of patient data.",
    "",
    "usage: breakwater COMMAND [OPTION]... [PATH]...",
    "",
    ...rows,
    "",
    "breakwater COMMAND --help shows its options and an example.",
  ].join("\n");
}
