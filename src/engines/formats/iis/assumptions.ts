/** What has to be taken for granted to read one IIS log: its zone, its host, its site, its clock. */
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { siteOfPath } from "./batch.ts";
import { type Log, directiveOf, fieldNamesOf, logOf } from "./layout.ts";

/** The assumptions behind a log with this head under this setting; the first `#Fields` line counts. */
export function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const names = fieldNamesOfHead(head);
  const { file } = setting.place;
  const log = logOf(names);
  const found: Assumption[] = [zoneAssumption(setting, log)];
  if (setting.host !== null) {
    found.push({ file, what: "host", value: setting.host, why: "the case file names it" });
  } else if (!names.includes("s-computername")) {
    const why = "IIS lines name no host here, and the case file names none for this file";
    found.push({ file, what: "host", value: "unknown", why });
  }
  if (log === "" && !names.includes("s-sitename")) found.push(siteAssumption(file, names));
  if (setting.skewMillis !== 0) {
    const why = "the case file says how far the clock was ahead; it is taken off every time";
    found.push({ file, what: "skew", value: `${setting.skewMillis} ms`, why });
  }
  return found;
}

function zoneAssumption({ zone, place: { file } }: Setting, log: Log): Assumption {
  if (zone !== null) {
    const why = "the case file says that this log is in local time";
    return { file, what: "zone", value: zone, why };
  }
  const why =
    log === "Firewall"
      ? "the firewall writes the machine's local time without a zone, and the case file names none: taken as UTC"
      : "IIS writes W3C logs in UTC, by the format's specification";
  return { file, what: "zone", value: "UTC", why };
}

function siteAssumption(file: string, names: readonly string[]): Assumption {
  const site = siteOfPath(file);
  if (site !== "") {
    return { file, what: "site", value: site, why: "its lines name no site; its folder does" };
  }
  return names.includes("s-port")
    ? {
        file,
        what: "site",
        value: "by port",
        why: "neither lines nor folder name the site; ports 443, 80: front end; 444, 81: back end",
      }
    : {
        file,
        what: "site",
        value: "unknown",
        why: "neither lines, folder nor ports tell the site",
      };
}

function fieldNamesOfHead(head: Uint8Array): readonly string[] {
  for (const line of new TextDecoder("latin1").decode(head).split(/\r?\n/)) {
    const directive = directiveOf(line);
    if (directive?.name === "fields") return fieldNamesOf(directive.text);
  }
  return [];
}
