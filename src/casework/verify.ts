/** Whether a vault is as it was signed, in the shape in which every check is told (verdict.ts). */
import { formatTicks } from "../base/time.ts";
import type { Pace } from "./pace.ts";
import type { Verdict } from "./verdict.ts";
import { type VerifySettings, verifyVault as verifyVaultFolder } from "./vault/index.ts";

/** Checks a vault, with or without its key. Faults: not-found where there is none. */
export function verifyVault(folder: string, settings: VerifySettings, pace: Pace): Verdict {
  pace.start("verifying", null);
  const report = verifyVaultFolder(folder, settings, (done, total) => pace.at(done, total));
  return {
    intact: report.intact,
    checked: [
      `${report.entries} journal entries under ${report.checkpoints} signed checkpoints`,
      `${report.objects} sealed objects, ${report.sizeBytes} bytes${report.decrypted ? ", decrypted and held against the journal" : ""}`,
      ...(report.outside > 0
        ? [`${report.outside} evidence left where it lay, held against its hash`]
        : []),
      ...report.destroyed.map(
        ({ object, entry, time }) =>
          `object ${object} was destroyed by act ${entry} on ${formatTicks(time, 0)}`,
      ),
    ],
    troubles: report.troubles.map(
      ({ what, file, offset, message }) =>
        `${what}: ${file}${offset === null ? "" : ` at byte ${offset}`}: ${message}`,
    ),
    unchecked: [...report.unchecked, ...report.unfinished.map((line) => `in progress: ${line}`)],
  };
}
