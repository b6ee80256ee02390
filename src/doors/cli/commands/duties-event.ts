/** `breakwater duties event`: one thing that a person knew or did, recorded by name, for good. */
import { Fault } from "../../../base/fault.ts";
import { formatTicks } from "../../../base/time.ts";
import { incidentKind, recordIncidentEvent, withVault } from "../../../casework/index.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { namedActor, timeOf, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Records that something was suspected, aware, notified, high-risk-decided or subjects-told. Nothing is ever overwritten.",
  usage: "duties event KIND --at TIME --vault DIR --by NAME [--note TEXT] [--law ID]",
  options: [
    VAULT,
    { name: "at", value: "TIME", help: "when it happened" },
    { name: "by", value: "NAME", help: "who states it" },
    { name: "note", value: "TEXT", help: "in that person's words; sealed" },
    { name: "law", value: "ID", help: "for which law (all of the case)" },
    ...KEYS,
  ],
  example:
    "breakwater duties event aware --at 2021-12-06T09:30:00Z --vault ./case --by 'Ann Le Page'",
  wordsMax: 1,
  sharing: "journal",
  async run(given, surroundings) {
    const [word] = given.paths;
    const at = given.one("at");
    if (word === undefined || at === null) {
      throw new Fault("usage", "what happened, and when?", command.example);
    }
    const event = {
      kind: incidentKind(word),
      at: timeOf(at, "--at"),
      by: namedActor(given),
      note: given.one("note") ?? "",
      law: given.one("law"),
    };
    const settings = vaultSettings(given, surroundings);
    await withVault(vaultFolder(given), settings, "open", async (vault) =>
      recordIncidentEvent(vault, event),
    );
    surroundings.out.say(
      `recorded: ${event.kind} at ${formatTicks(event.at, 0)}, stated by ${event.by}`,
    );
    return 0;
  },
};
