/**
 * Recognises logs in W3C Extended format of IIS, of HTTP.sys (HTTPERR) and of the Windows firewall by their directives.
 * Refuses other W3C-like logs: Exchange's (columns split by commas), NCSA and the old IIS format (no directives).
 * Spec: https://www.w3.org/TR/WD-logfile and Microsoft's "W3C Logging" for the names of the fields.
 */
import type { Card } from "../format.ts";

const SOFTWARE =
  /^#Software: Microsoft (?:Internet Information Services|HTTP (?:Server )?API|Windows Firewall)/i;
const OTHER_SOFTWARE =
  /^#Software: (?!Microsoft (?:Internet Information Services|HTTP (?:Server )?API|Windows Firewall))/i;
const FIELDS = /^#Fields: .*\b(?:cs-uri-stem|cs-method|sc-status|s-reason|src-ip dst-ip)\b/i;
/** Directives and what stands between them; the first row of a headless log lies beyond any sound header. */
const HEAD_LINES_MAX = 64;

/** The card of IIS logs. */
export const iisCard: Card = {
  id: "iis",
  reads: "W3C Extended logs of IIS (u_ex*.log), HTTPERR, FTP and the Windows firewall",
  spec: "https://www.w3.org/TR/WD-logfile",
  recognises(head) {
    const text = new TextDecoder("latin1").decode(head);
    // The BOM as latin1 reads it, and the NUL block that an unclean shutdown can leave at the very start.
    const lines = text.replace(/^(?:\u00ef\u00bb\u00bf)?\0*/, "").split("\n", HEAD_LINES_MAX);
    if (lines.some((line) => OTHER_SOFTWARE.test(line))) return false;
    return lines.some((line) => SOFTWARE.test(line) || FIELDS.test(line));
  },
};
