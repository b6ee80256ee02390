/** `breakwater demo`: the sample case from nothing to a page, in one step. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../../base/fault.ts";
import {
  OWN_RULES,
  type Vault,
  type VaultSettings,
  investigate,
  parseStory,
  readRuleFiles,
  readText,
  recordStory,
  withVault,
  writeSample,
} from "../../../casework/index.ts";
import type { Dossier } from "../../../model/dossier.ts";
import type { Command, Surroundings } from "../command.ts";
import { answersText, summaryOf } from "../report.ts";
import { vaultSettings } from "../settings.ts";
import { say } from "../terminal.ts";
import { sampleRequest } from "./sample.ts";
import { portOf, serveDossier } from "./serve.ts";

const DEMO_BY = "sample case";

export const command: Command = {
  summary:
    "Writes the sample case, investigates it, prints the five answers, and serves the dossier.",
  usage: "demo --dir DIR [--seed N] [--port 4480] [--no-serve]",
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
  async run(given, surroundings) {
    const folder = given.one("dir") ?? "demo";
    const settings: VaultSettings = {
      ...vaultSettings(given, surroundings),
      configFolder: join(folder, "config"),
      key: { kind: "default" },
    };
    clear(folder);
    const { pace, out } = surroundings;
    const sample = join(folder, "sample");
    await writeSample(sample, sampleRequest(given), pace);
    await withVault(join(folder, "vault"), settings, { createBy: DEMO_BY }, async (vault) => {
      const story = parseStory(readText(join(sample, "story.yaml")));
      recordStory(vault, story);
      const dossier = await investigate(
        vault,
        {
          paths: [join(sample, "evidence")],
          by: DEMO_BY,
          rules: await readRuleFiles([OWN_RULES], pace),
          caseFile: readText(join(sample, "case.yaml")),
          asOf: story.asOf,
          from: null,
          to: null,
        },
        pace,
      );
      for (const line of answersText(dossier)) await out.line(line);
      await out.flush();
      for (const line of summaryOf(dossier)) say(line);
      if (!given.has("no-serve"))
        await serveAnywhere(vault, dossier, given.one("port"), surroundings);
    });
    return 0;
  },
};

/** A newcomer's port may be taken: then any other will do, unless one was named. */
async function serveAnywhere(
  vault: Vault,
  dossier: Dossier,
  port: string | null,
  surroundings: Surroundings,
): Promise<void> {
  try {
    await serveDossier(vault, dossier, portOf(port), surroundings);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "port-in-use" || port !== null) throw error;
    await serveDossier(vault, dossier, 0, surroundings);
  }
}

/** Removes an earlier demo, and nothing that is not one. */
function clear(folder: string): void {
  if (!existsSync(folder)) return;
  const ours = ["config", "sample", "vault"];
  const strange = readdirSync(folder).filter((name) => !ours.includes(name));
  if (strange.length > 0) {
    throw new Fault(
      "already-exists",
      `${folder} holds more than a demo`,
      "name another with --dir",
    );
  }
  for (const name of ours) rmSync(join(folder, name), { recursive: true, force: true });
}
