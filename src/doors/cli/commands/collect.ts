/** `breakwater collect`: a script and a target list for what is missing. */
import { Fault } from "../../../base/fault.ts";
import {
  type CollectionPlan,
  collectRole,
  loadKnowledge,
  planForMissing,
  planForRole,
  withVault,
  writeCollection,
} from "../../../casework/index.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { lastDossier } from "../last-dossier.ts";
import { nowTicks, timeOption, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Writes a readable, read-only collection script (PowerShell 5.1) and a KAPE target list: for what a vault's evidence misses, what dies first first; or for a role.",
  usage: "collect --out FILE [--vault DIR [--as-of TIME] | --role ROLE]",
  options: [
    { name: "out", value: "FILE", help: "the script; the target list goes beside it as .tkape" },
    { ...VAULT, help: "collect exactly what the evidence of this vault misses" },
    {
      name: "role",
      value: "ROLE",
      help: "exchange (the usual one), domain-controller, workstation or m365",
    },
    { name: "as-of", value: "TIME", help: "tell what is already gone for this moment (now)" },
    ...KEYS,
  ],
  example:
    "breakwater collect --vault ./case --out collect.ps1\nbreakwater collect --role exchange --out collect.ps1",
  async run(given, surroundings) {
    const { out } = surroundings;
    const file = given.one("out");
    if (file === null) throw new Fault("usage", "where to?", "add --out FILE");
    const plan = await planOf();
    const { script, targets } = writeCollection(plan, file);
    for (const { what, host, waits } of plan.items)
      await out.line(plain(`${host ?? "any host"}: ${what}: ${waits}`));
    out.say(`script: ${script}; read it, then run it on the machine itself`);
    out.say(`KAPE target list: ${targets}`);
    return 0;

    async function planOf(): Promise<CollectionPlan> {
      const [folder, role] = [given.one("vault"), given.one("role")];
      if (folder !== null && role !== null)
        throw new Fault("usage", "a vault or a role, not both", "leave one of them out");
      const knowledge = loadKnowledge();
      if (folder === null) return planForRole(collectRole(role ?? "exchange"), knowledge);
      const asOf = timeOption(given, "as-of") ?? nowTicks(surroundings.now);
      const settings = vaultSettings(given, surroundings);
      const { dying } = await withVault(folder, settings, "open", (vault) =>
        lastDossier(vault, asOf, surroundings),
      );
      return planForMissing(dying, knowledge);
    }
  },
};
