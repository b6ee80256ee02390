/** Runs the commands of clients in a vault that this process owns, each as if it had been typed here. */
import { Fault } from "../../base/fault.ts";
import {
  Pace,
  type Reception,
  type Turns,
  type Vault,
  receiveClients,
} from "../../casework/index.ts";
import type { Surroundings } from "./command.ts";
import { type Call, runCommand } from "./run.ts";
import { EXIT_BUG, Output } from "./terminal.ts";

/** Opens the vault to commands of this account, which take `turns` where they read or write more than its journal. */
export function lendVault(vault: Vault, turns: Turns): Promise<Reception> {
  return receiveClients(vault, async ({ words, screen, signal }) => {
    const out = new Output(screen);
    const perform = ({ name, command, given }: Call): Promise<number> => {
      if (command.sharing === "alone" || given.one("vault") === null) throw notHere(name);
      const turn = <T>(work: () => Promise<T>): Promise<T> => {
        if (command.sharing === "journal") return work();
        if (turns.busy) out.say("waiting for other work in this vault to end");
        return turns.take(work, signal);
      };
      const pace = new Pace((progress) => screen.progress(progress), signal);
      const lent = { vault, turn };
      const surroundings: Surroundings = { out, pace, signal, env: {}, now: Date.now(), lent };
      return command.run(given, surroundings);
    };
    try {
      return await runCommand(words, out, perform);
    } catch (error) {
      // A mistake in one client's command does not end everybody else's.
      out.bug(error);
      return EXIT_BUG;
    }
  });
}

function notHere(name: string): Fault {
  const hint = "stop the process that owns the vault, and run it again";
  return new Fault("vault-in-use", `${name} needs the vault for itself`, hint);
}
