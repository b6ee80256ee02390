/** `breakwater canary set`: a harmless mark, put by a person where an attack would show, to see whether the alarm works. */
import { Fault } from "../../../base/fault.ts";
import { formatTicks } from "../../../base/time.ts";
import { MARK_BYTES, setCanary, withVault } from "../../../casework/index.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { formatOf, namedActor, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Sets a canary: prints a mark and harmless ways to put it into a log. If it does not come back in time, that is a finding.",
  usage: "canary set --vault DIR --by NAME [--where TEXT] [--within HOURS] [--format json]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who sets it" },
    { name: "where", value: "TEXT", help: "the log and the host it is for, in your words; sealed" },
    { name: "within", value: "HOURS", help: "by when it should be seen (1)" },
    ...KEYS,
    FORMAT_JSON,
  ],
  example: "breakwater canary set --vault ./case --by 'Ann Le Page' --where 'IIS of MX1'",
  sharing: "journal",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const settings = vaultSettings(given, surroundings);
    const stated = {
      by: namedActor(given),
      where: given.one("where")?.trim() ?? "",
      withinHours: hoursOf(given.one("within") ?? "1"),
      chance: settings.random(MARK_BYTES),
    };
    const folder = vaultFolder(given);
    const { mark, by, where, setAt, due } = await withVault(
      folder,
      settings,
      "open",
      async (vault) => setCanary(vault, stated),
    );
    const { out } = surroundings;
    const ways = waysOf(mark);
    if (format === "json") {
      const times = { set_at: formatTicks(setAt, 3), due: formatTicks(due, 3) };
      await out.json({ mark, by, where, ...times, ways });
      return 0;
    }
    await out.line(mark);
    for (const { way, text } of ways) {
      await out.line(`  ${way}:`);
      await out.line(`    ${text}`);
    }
    out.say(
      `set by ${by}${where === "" ? "" : ` for ${where}`}: put it there in one of these ways; it should be seen by ${formatTicks(due, 0)}`,
    );
    out.say(`then: breakwater canary list --vault ${plain(folder)}`);
    return 0;
  },
};

/** Ways to put a mark into a log that change nothing but the log; HOST is the server's name. */
function waysOf(mark: string): readonly { readonly way: string; readonly text: string }[] {
  return [
    {
      way: "a web server; the answer 404 is right",
      text: `curl https://HOST/owa/auth/${mark}.aspx`,
    },
    {
      way: "the Application log of Windows, as administrator",
      text: `eventcreate /L APPLICATION /T INFORMATION /ID 777 /SO Breakwater /D "${mark}"`,
    },
    {
      way: "the same in Windows PowerShell",
      text: `Write-EventLog -LogName Application -Source Application -EventId 777 -EntryType Information -Message "${mark}"`,
    },
    { way: "syslog", text: `logger -n HOST -P 514 -d -t breakwater "${mark}"` },
    { way: "a mail to yourself, with this subject", text: mark },
  ];
}

function hoursOf(text: string): number {
  if (/^\d{1,6}(\.\d{1,6})?$/.test(text)) return Number(text);
  throw new Fault("usage", `--within: ${text} is no number of hours`, "write it as --within 1");
}
