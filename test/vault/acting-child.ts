/** Opens the vault named in the arguments and acts as fast as it can, printing each acknowledged index, until killed. */
import { writeSync } from "node:fs";
import { memorySource } from "../../src/base/source.ts";
import { openVault } from "../../src/casework/vault/index.ts";
import { settingsIn } from "./settings.ts";

const [folder = "", seed = ""] = process.argv.slice(2);
const vault = openVault(`${folder}/vault`, settingsIn(folder, seed));
const STDOUT = 1;
for (let round = 0; ; round++) {
  const { reference } = vault.seal(memorySource(new Uint8Array(1000 + (round % 5) * 100_000)));
  const act = { by: "Ann", body: { round }, sealed: reference };
  vault.act({ kind: "evidence-sealed", ...act });
  const both = vault.acts(
    [1, 2].map((part) => ({ kind: "run", by: "Ann", body: { part }, sealed: null })),
  );
  // Synchronous: what is printed was acknowledged before the process could be killed.
  writeSync(STDOUT, `${both.at(-1)?.index}\n`);
}
