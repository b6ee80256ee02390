/** `breakwater containment record`: what was done to throw an intruder out, recorded by name, for good. */
import { Fault } from "../../../base/fault.ts";
import { formatTicks } from "../../../base/time.ts";
import { containmentKind, recordContainment, withVault } from "../../../casework/index.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { namedActor, timeOption, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Records what was done to contain an intrusion: isolated, blocked, removed, reset, rebuilt, restored or verified. Nothing is ever overwritten.",
  usage:
    "containment record --vault DIR --by NAME --kind KIND --subject TEXT [--at TIME] [--done-by NAME] [--verified TEXT] [--note TEXT]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who states it" },
    { name: "kind", value: "KIND", help: "what was done" },
    { name: "subject", value: "TEXT", help: "to which host, account, mailbox or key; sealed" },
    { name: "at", value: "TIME", help: "when it was done (now)" },
    { name: "done-by", value: "NAME", help: "who did it (who states it); sealed" },
    { name: "verified", value: "TEXT", help: "how it was checked that it holds; sealed" },
    { name: "note", value: "TEXT", help: "in that person's words; sealed" },
    ...KEYS,
  ],
  example:
    "breakwater containment record --kind isolated --subject MX1 --at 2021-12-06T10:15:00Z --verified 'switch port is down' --vault ./case --by 'Ann Le Page'",
  sharing: "journal",
  async run(given, surroundings) {
    const word = given.one("kind");
    const subject = given.one("subject");
    if (word === null || subject === null)
      throw new Fault("usage", "what was done, and to what?", command.example);
    const settings = vaultSettings(given, surroundings);
    const stated = {
      kind: containmentKind(word),
      subject,
      at: timeOption(given, "at"),
      by: namedActor(given),
      doneBy: given.one("done-by"),
      verified: given.one("verified") ?? "",
      note: given.one("note") ?? "",
    };
    const { kind, at, by, verified, ...done } = await withVault(
      vaultFolder(given),
      settings,
      "open",
      async (vault) => recordContainment(vault, stated, settings.clock()),
    );
    const checked = verified === "" ? "; nobody says how it was checked" : "";
    surroundings.out.say(
      `recorded: ${kind} ${done.subject} at ${formatTicks(at, 0)} by ${by}, stated by ${done.recordedBy}${checked}`,
    );
    return 0;
  },
};
