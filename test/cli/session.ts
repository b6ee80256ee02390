/** The program as people type it, each command in the same home, and what it says as a transcript. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** The launcher, as a shell would find it. */
export const PROGRAM = resolve("bin/breakwater");

/** Runs one command; a quoted word may hold blanks. */
export function runIn(home: string, typed: string) {
  const words = [...typed.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
  return spawnSync(PROGRAM, words.slice(1), {
    cwd: home,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: home, NO_COLOR: "1", LOGNAME: "tester" },
  });
}

/** Runs commands one after the other. `steady` gives what differs from run to run its name, and begins each line with the mark. */
export function sessionIn(
  home: string,
  commands: readonly string[],
  steady: (text: string, mark: string) => string,
): string {
  return commands
    .map((typed) => {
      const { stdout, stderr, status } = runIn(home, typed);
      const shown = typed.replace("\u001b", "ESC");
      return `$ ${shown}\n${steady(stdout, "")}${steady(stderr, "! ")}[exit ${status}]\n`;
    })
    .join("\n");
}
