/** What has to be taken for granted to read one Exchange log: mostly nothing, as its times and its server are in its rows. */
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { decodeText } from "../text/encoding.ts";
import { directiveOf, govern, type Layout, unGoverned } from "./layout.ts";

/** The assumptions behind a log with this head under this setting; the first `#Fields` line counts. */
export function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const found = assumptionsOfSetting(setting, false);
  if (setting.host !== null) return found;
  const layout = layoutOfHead(head);
  const isNamed = layout !== null && (layout.host >= 0 || layout.channel === "SmtpReceive");
  if (!isNamed) {
    const why =
      "no column of this log names the server, and the case file names none for this file";
    found.push({ file: setting.place.file, what: "host", value: "unknown", why });
  }
  return found;
}

function layoutOfHead(head: Uint8Array): Layout | null {
  const governing = unGoverned();
  for (const line of decodeText(head).split(/\r?\n/)) {
    const directive = directiveOf(line);
    if (directive !== null) govern(governing, directive);
    if (governing.layout !== null) return governing.layout;
  }
  return null;
}
