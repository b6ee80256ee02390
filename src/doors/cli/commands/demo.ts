/** `breakwater demo`: the sample case from nothing to a page, in one step. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../../base/fault.ts";
import {
  type VaultSettings,
  investigate,
  parseStory,
  readClaimsFiles,
  readText,
  recordStory,
  withVault,
  writeSample,
} from "../../../casework/index.ts";
import type { Command } from "../command.ts";
import { answersText, summaryOf } from "../report.ts";
import { vaultSettings } from "../settings.ts";
import { sampleRequest } from "./sample.ts";
import { portOf, serveVault } from "./serve.ts";

const DEMO_BY = "sample case";
/** A folder with this file in it was made by this command. */
const MARK = "demo.txt";

export const command: Command = {
  summary:
    "Writes the sample case, investigates it, prints the five answers, and serves the dossier.",
  usage: "demo [--dir DIR] [--seed N] [--port 4480] [--no-serve]",
  options: [
    { name: "dir", value: "DIR", help: "where to; an earlier demo there is replaced" },
    { name: "seed", value: "N", help: "another number is another story (1)" },
    { name: "size", value: "SIZE", help: "small or real (small)" },
    { name: "variant", value: "VARIANT", help: "which story (exchange)" },
    {
      name: "port",
      value: "PORT",
      help: "where to listen on 127.0.0.1 (4480; another where it is taken)",
    },
    { name: "no-serve", value: null, help: "end after the answers" },
  ],
  example: "breakwater demo --dir demo",
  pathsMax: 1,
  async run(given, surroundings) {
    const folder = given.one("dir") ?? given.paths[0] ?? "demo";
    const settings: VaultSettings = {
      ...vaultSettings(given, surroundings),
      configFolder: join(folder, "config"),
      key: { kind: "default" },
    };
    const story = sampleRequest(given);
    const port = given.one("port");
    if (port !== null) portOf(port);
    await withVaultFree(join(folder, "vault"), settings);
    clear(folder);
    const { pace, out } = surroundings;
    const sample = join(folder, "sample");
    await writeSample(sample, story, pace);
    await withVault(join(folder, "vault"), settings, { createBy: DEMO_BY }, async (vault) => {
      const told = parseStory(readText(join(sample, "story.yaml")));
      recordStory(vault, told);
      const dossier = await investigate(
        vault,
        {
          paths: [join(sample, "evidence")],
          by: DEMO_BY,
          rules: null,
          caseFile: readText(join(sample, "case.yaml")),
          asOf: told.asOf,
          from: null,
          to: null,
          byReference: false,
          passwords: null,
          claims: readClaimsFiles(claimsIn(sample)),
        },
        pace,
      );
      for (const line of answersText(dossier, out)) await out.line(line);
      await out.flush();
      for (const line of summaryOf(dossier)) out.say(line);
      // A newcomer's port may be taken: then any other will do, unless one was named.
      const ports = port === null ? [portOf(null), 0] : [portOf(port)];
      if (!given.has("no-serve")) await serveVault({ vault, ports, asOf: null }, surroundings);
    });
    return 0;
  },
};

/** What the people of the sample say of their updates, as it lies beside the evidence. */
function claimsIn(sample: string): readonly string[] {
  return readdirSync(sample)
    .filter((name) => name.startsWith("claims."))
    .sort()
    .map((name) => join(sample, name));
}

/** A demo that is being shown is not pulled from under its owner; whatever else is wrong with it goes with it. */
async function withVaultFree(folder: string, settings: VaultSettings): Promise<void> {
  try {
    await withVault(folder, settings, "open", async () => {});
  } catch (error) {
    if (error instanceof Fault && error.code === "vault-in-use") throw error;
  }
}

/** Removes an earlier demo, told by its mark, and nothing that is not one. */
function clear(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  if (names.length > 0 && !names.includes(MARK)) {
    throw new Fault("already-exists", `${folder} holds something else`, "name another with --dir");
  }
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, MARK),
    "made by breakwater demo; the next demo removes this folder's content\n",
  );
}
