/** The dossier of a vault's last run for a command; says so where it must first be made anew. */
import { type Vault, dossierOf, isLocked } from "../../casework/index.ts";
import type { Ticks } from "../../base/time.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { Surroundings } from "./command.ts";

/** The last run's dossier, for the moment `asOf` or that of the run. Faults: not-found, vault-damaged, interrupted. */
export async function lastDossier(
  vault: Vault,
  asOf: Ticks | null,
  { out, pace }: Pick<Surroundings, "out" | "pace">,
): Promise<Dossier> {
  if (isLocked(vault)) out.say("this vault is locked: rebuilding what was derived from it");
  return await dossierOf(vault, asOf, pace);
}
