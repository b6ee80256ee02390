/**
 * The same plan as a KAPE target list (.tkape, YAML; the files of EricZimmerman/KapeFiles show the fields). KAPE reads the volume, and so
 * also reaches what a script cannot. Refuses host names: a target list knows none.
 */
import { createHash } from "node:crypto";
import { dump } from "js-yaml";
import { canonicalJson, visible } from "../../base/text.ts";
import type { Step } from "./collection.ts";
import type { CollectionPlan, PlannedItem } from "./plan.ts";

interface Target {
  readonly Name: string;
  readonly Category: string;
  readonly Path: string;
  readonly FileMask: string;
  readonly Recursive?: boolean;
  readonly AlwaysAddToQueue?: boolean;
  /** A stream of a file cannot keep its name. */
  readonly SaveAsFileName?: string;
  readonly Comment: string;
}

/** Where the roots lie unless somebody moved them; `*` stands for a folder of any name. */
const ROOT_PATHS = {
  exchange: "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\",
  "iis-site": "C:\\inetpub\\logs\\LogFiles\\W3SVC",
  "program-data": "C:\\ProgramData\\",
  "system-drive": "C:\\",
  windows: "C:\\Windows\\",
} as const;

/** The list as YAML; the same plan gives the same bytes. */
export function renderTargets(plan: CollectionPlan, program: string): string {
  const targets = [
    ...new Map(plan.items.flatMap(targetsOf).map((item) => [canonicalJson(item), item])),
  ].map(([, target]) => target);
  const list = {
    Description: visible(`Breakwater: ${plan.title}`),
    Author: program,
    Version: 1,
    Id: guidOf(canonicalJson(targets)),
    RecreateDirectories: true,
    Targets: targets,
  };
  return dump(list, { lineWidth: -1, noRefs: true });
}

function targetsOf(item: PlannedItem): Target[] {
  return item.steps.flatMap((step) => targetOf(item, step));
}

function targetOf({ what, evidence, decides }: PlannedItem, step: Step): Target[] {
  const named = { Name: what, Category: evidence };
  switch (step.do) {
    case "copy": {
      const end = step.path.endsWith("\\") ? "" : "\\";
      const Path = `${ROOT_PATHS[step.root]}${step.path}${end}`;
      return [{ ...named, Path, FileMask: step.mask, Recursive: step.recurse, Comment: decides }];
    }
    case "export-channel": {
      const FileMask = `${step.channel.replaceAll("/", "%4")}.evtx`;
      const Path = "C:\\Windows\\System32\\winevt\\Logs\\";
      return [{ ...named, Path, FileMask, Comment: decides }];
    }
    case "save-hive": {
      const Path = "C:\\Windows\\System32\\config\\";
      return [{ ...named, Path, FileMask: `${step.name}*`, Comment: decides }];
    }
    case "raw": {
      const stream = step.mask.split(":")[1];
      const saved = stream === undefined ? {} : { SaveAsFileName: stream };
      const target = { ...named, Path: step.path, FileMask: step.mask, AlwaysAddToQueue: true };
      return [{ ...target, ...saved, Comment: decides }];
    }
    case "say":
      return [];
  }
}

/** KAPE wants an id: this list's own hash in the form of one (RFC 9562, version 8). */
function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
