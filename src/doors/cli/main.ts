/** The command line: finds the command, reads its options, turns Faults into exit code 2. */
import { parseArgs } from "node:util";
import { Fault } from "../../base/fault.ts";
import { type Command, type Given, helpOf, parseConfig } from "./command.ts";
import { COMMANDS, loadCommand } from "./registry.ts";
import { Output, progressBar, say, sayFault } from "./terminal.ts";

const EXIT_FAULT = 2;
const EXIT_BUG = 70;

const stop = new AbortController();

process.on("uncaughtException", (error) => {
  say(`breakwater: bug: ${error.stack ?? error.message}`);
  say("hint: this is a mistake in the program; nothing that was acknowledged is lost");
  process.exit(EXIT_BUG);
});

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const out = new Output();
  try {
    const { name, rest } = commandOf(words);
    if (name === null) {
      await out.line(overview());
      return 0;
    }
    const command = await loadCommand(name);
    const given = givenOf(command, rest);
    const surplus = given.paths[command.pathsMax ?? 0];
    if (surplus !== undefined && !given.has("help")) {
      const hint = `usage: breakwater ${command.usage}`;
      throw new Fault("usage", `${surplus} is one word too many`, hint);
    }
    if (given.has("help")) {
      await out.line(helpOf(command));
      return 0;
    }
    if (command.writesNothing !== true) {
      for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stopOrEnd);
    }
    // Loaded after the help has been answered: the machines behind casework are large.
    const { Pace } = await import("../../casework/index.ts");
    const pace = new Pace(progressBar(), stop.signal);
    const { signal } = stop;
    return await command.run(given, { out, pace, signal, env: process.env, now: Date.now() });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    sayFault(error.message, error.hint);
    return EXIT_FAULT;
  } finally {
    await out.flush();
  }
}

/** The first signal asks, the second does not. */
function stopOrEnd(): void {
  if (stop.signal.aborted) process.exit(EXIT_FAULT);
  stop.abort();
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
  const near = [...COMMANDS.keys()].filter((name) => name.startsWith(`${first} `));
  throw new Fault(
    "usage",
    near.length > 0 ? `${first} needs one more word` : `there is no command ${first}`,
    near.length > 0 ? near.map((name) => `breakwater ${name}`).join(", ") : "breakwater --help",
  );
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

function overview(): string {
  const rows = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(19)} ${summary}`);
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
