/** `breakwater escalate`: one pass, for cron or the task scheduler: who is to be told of what nobody answers, told. */
import {
  type EscalatedMessage,
  escalate,
  tellMessage,
  withVault,
} from "../../../casework/index.ts";
import type { Recipient } from "../../../model/escalation.ts";
import { type Command, EXIT_FLAWS, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { actor, formatOf, nowTicks, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Tells those whom the case file names of the findings that nobody answers. Each message, sent or failed, is journalled.",
  usage: "escalate --vault DIR [--by NAME] [--dry-run] [--strict] [--format json]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who has it sent (the account's name)" },
    { name: "dry-run", value: null, help: "print what would be sent, and send nothing" },
    { name: "strict", value: null, help: "exit with 3 when a message failed" },
    ...KEYS,
    FORMAT_JSON,
  ],
  example: "breakwater escalate --vault ./case --by 'Ann Le Page' --dry-run",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out, pace, now, signal } = surroundings;
    const dryRun = given.has("dry-run");
    const request = { by: actor(given), now: nowTicks(now), signal, dryRun };
    const messages = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      (vault) => escalate(vault, request, pace),
    );
    if (format === "json") await out.json(messages.map(messageJson));
    else
      for (const message of messages) {
        await out.line(plain(tellMessage(message)));
        if (!dryRun) continue;
        await out.line(`  ${plain(message.message.subject)}`);
        for (const line of message.message.text.trimEnd().split("\n"))
          await out.line(`  ${plain(line)}`.trimEnd());
      }
    const count = (each: string) => messages.filter(({ outcome }) => outcome === each).length;
    const failed = count("failed");
    out.say(
      dryRun
        ? `escalation: due: ${messages.length}; nothing was sent`
        : `escalation: due: ${messages.length}, sent: ${count("sent")}, failed: ${failed}`,
    );
    return failed > 0 && given.has("strict") ? EXIT_FLAWS : 0;
  },
};

function messageJson({ to, message, outcome, error }: EscalatedMessage): unknown {
  const { subject, text, findings, more } = message;
  return { to: recipientJson(to), outcome, error: error || null, subject, text, findings, more };
}

/** A recipient with the words of the case file. */
function recipientJson(to: Recipient): unknown {
  switch (to.kind) {
    case "mail":
      return { mail: to.to };
    case "webhook":
      return { webhook: to.url };
    case "syslog":
      return { syslog: `${to.host}:${to.port}`, transport: to.transport };
  }
}
