/** Settings of a test's vault: a clock and chance that repeat. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { ticksFromMillis } from "../../src/base/time.ts";
import type { VaultSettings, VerifySettings } from "../../src/casework/vault/index.ts";

/** Bytes that look random and repeat: SHA-256 of a counter. */
export function repeatable(seed: string): (sizeBytes: number) => Uint8Array {
  let count = 0;
  return (sizeBytes) => {
    const hash = createHash("sha256").update(`${seed} ${count++}`).digest();
    return new Uint8Array(hash.subarray(0, sizeBytes));
  };
}

/** The clock shows a later second with every look; where a vault is opened again, `seconds` says from when on. */
export function settingsIn(folder: string, seed = "a", seconds = 0): VaultSettings {
  let second = seconds;
  return {
    key: { kind: "default" },
    configFolder: join(folder, "config"),
    clock: () => {
      const time = ticksFromMillis(1_629_000_000_000 + 1000 * second++);
      if (time === null) throw new Error("no time");
      return time;
    },
    random: repeatable(seed),
  };
}

export function verifySettings(settings: VaultSettings): VerifySettings {
  return { key: settings.key, configFolder: settings.configFolder, checkpoint: null };
}
