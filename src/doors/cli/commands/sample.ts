/** `breakwater sample`: an invented case, different for every seed. */
import { Fault } from "../../../base/fault.ts";
import { SAMPLE_VARIANTS, writeSample } from "../../../casework/index.ts";
import type { Command } from "../command.ts";
import { megabytes } from "../terminal.ts";

export const command: Command = {
  summary:
    "Writes an invented case, labelled synthetic everywhere: evidence, case file, and the truth beside it.",
  usage:
    "sample DIR [--seed N] [--size small|real] [--variant exchange|credentials|insider|benign]",
  options: [
    { name: "seed", value: "N", help: "another number is another story (1)" },
    {
      name: "size",
      value: "SIZE",
      help: "small: 200,000 lines in seconds; real: 40 million (small)",
    },
    { name: "variant", value: "VARIANT", help: SAMPLE_VARIANTS.join(", ") },
  ],
  example: "breakwater sample ./sample --seed 7 --variant benign",
  pathsMax: 1,
  async run(given, { out, pace }) {
    const [folder] = given.paths;
    if (folder === undefined) throw new Fault("usage", "where to?", "name a new folder");
    const sizeBytes = await writeSample(folder, sampleRequest(given), pace);
    out.say(`wrote ${megabytes(sizeBytes)} to ${folder}; everything in it is invented`);
    out.say(
      `the dates of its people are in ${folder}/story.yaml; breakwater duties event records such dates`,
    );
    out.say(
      `next: breakwater investigate ${folder}/evidence --vault ${folder}-vault --case ${folder}/case.yaml`,
    );
    return 0;
  },
};

/** Seed, size and variant as typed. Faults: usage. */
export function sampleRequest(given: { one(name: string): string | null }) {
  const seed = Number(given.one("seed") ?? 1);
  const size = given.one("size") ?? "small";
  const variant = SAMPLE_VARIANTS.find((name) => name === (given.one("variant") ?? "exchange"));
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new Fault("usage", "the seed is a whole number", "--seed 7");
  }
  if (size !== "small" && size !== "real")
    throw new Fault("usage", "no such size", "small or real");
  if (variant === undefined)
    throw new Fault("usage", "no such variant", SAMPLE_VARIANTS.join(", "));
  return { seed, size, variant } as const;
}
