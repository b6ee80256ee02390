/**
 * The collection script: PowerShell 5.1 that a person can read before running it. It copies, exports and hashes, and changes
 * nothing; what it does is the fixed part below, what it takes is the list that a plan gives. Refuses to build commands from text.
 */
import { comment, hashtable } from "./powershell.ts";
import type { Step } from "./collection.ts";
import type { CollectionPlan, PlannedItem } from "./plan.ts";
import { SCRIPT_BODY } from "./script-body.ts";

/** The bytes of a UTF-8 byte order mark: without it PowerShell 5.1 reads a script in the machine's code page. */
const BYTE_ORDER_MARK = "\ufeff";

/** The script as text, lines ended as Windows ends them; the same plan gives the same text. */
export function renderScript(plan: CollectionPlan, program: string): string {
  const lines = [
    comment(`Breakwater collection script: ${plan.title}.`),
    comment(
      `Written by ${program}. It reads and copies; it changes no setting and sends nothing anywhere.`,
    ),
    comment("Run it as administrator in Windows PowerShell 5.1 on the machine itself:"),
    comment(
      "  powershell.exe -ExecutionPolicy Bypass -File .\\collect.ps1 -OutputFolder E:\\collected",
    ),
    "",
    ...SCRIPT_PARAMETERS,
    "",
    comment("What to collect, in this order: what dies first comes first."),
    "$Items = @(",
    ...plan.items.flatMap(itemLines),
    ")",
    "",
    ...SCRIPT_BODY,
    "",
  ];
  return BYTE_ORDER_MARK + lines.join("\r\n");
}

const SCRIPT_PARAMETERS = [
  "[CmdletBinding()]",
  "param(",
  "    # A new folder, best on another disk.",
  "    [Parameter(Mandatory = $true)] [string] $OutputFolder,",
  "    # The name that the list below has for this machine, where it is not its own.",
  "    [string] $HostName = $env:COMPUTERNAME,",
  "    # Do not ask before copying more than this.",
  "    [long] $AskAboveBytes = 1073741824,",
  "    [switch] $Yes",
  ")",
];

function itemLines(item: PlannedItem): string[] {
  const { evidence, what, host, decides, waits, steps } = item;
  return [
    `    ${comment(`${what}${host === null ? "" : ` of ${host}`}: ${decides}`)}`,
    `    ${comment(waits)}`,
    ...steps.map(
      (step) => `    ${hashtable({ Evidence: evidence, For: host ?? "", ...wordsOf(step) })}`,
    ),
  ];
}

/** A step as the script's own words for it. */
function wordsOf(step: Step): Record<string, string | boolean> {
  switch (step.do) {
    case "copy":
      return {
        Do: "Copy",
        Root: step.root,
        Path: step.path,
        Mask: step.mask,
        Recurse: step.recurse,
      };
    case "export-channel":
      return { Do: "Channel", Channel: step.channel };
    case "save-hive":
      return { Do: "Hive", Key: step.key, Name: step.name };
    case "raw":
      return { Do: "Say", Text: `${step.path}${step.mask}: ${step.why}` };
    case "say":
      return { Do: "Say", Text: step.text };
  }
}
