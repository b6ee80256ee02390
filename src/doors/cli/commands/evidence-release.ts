/** `breakwater evidence release`: one hold ends; others stay. */
import { releaseEvidence, withVault } from "../../../casework/index.ts";
import { Fault } from "../../../base/fault.ts";
import { type Command, type Given, KEYS, VAULT } from "../command.ts";
import { custodyRequest, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary: "Ends one hold on an evidence: one's own, or the one that --hold names.",
  usage: "evidence release HASH --vault DIR --by NAME --reason TEXT [--hold NUMBER]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who releases it" },
    { name: "reason", value: "TEXT", help: "why; sealed" },
    { name: "hold", value: "NUMBER", help: "which hold, as evidence list shows it (one's own)" },
    ...KEYS,
  ],
  example:
    "breakwater evidence release 9f86d081884c7d65 --vault ./case --by 'Ann Le Page' --reason 'claim settled'",
  wordsMax: 1,
  sharing: "journal",
  async run(given, surroundings) {
    const request = custodyRequest(given, command);
    const number = holdNumber(given);
    const settings = vaultSettings(given, surroundings);
    const { ended, left } = await withVault(vaultFolder(given), settings, "open", async (vault) =>
      releaseEvidence(vault, request, number),
    );
    const rest = left.length === 0 ? "nobody holds it now" : `still held by ${left.length}`;
    surroundings.out.say(`released: hold ${ended.entry}, stated by ${request.by}; ${rest}`);
    return 0;
  },
};

function holdNumber(given: Given): number | null {
  const text = given.one("hold");
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Fault("usage", `--hold: ${text} is no number`, "evidence list shows the numbers");
}
