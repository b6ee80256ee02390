/**
 * Recognises ClamAV's logs by the words of their lines: most of the first must be such as clamd, clamscan or freshclam
 * write. Refuses the same lines inside syslog, which is a format of its own. Spec: docs/formats/clamav.md.
 */
import type { Card } from "../format.ts";
import { headLines } from "../text/text-form.ts";
import { SUMMARY_BEGINS, isTelling } from "./line.ts";

const LINES_ASKED = 64;
const SEPARATOR = /^-+$/;

/** The card of ClamAV's logs. */
export const clamavCard: Card = {
  id: "clamav",
  reads: "ClamAV logs (clamd, clamscan, freshclam)",
  spec: "docs/formats/clamav.md",
  recognises(head) {
    const lines = headLines(head, LINES_ASKED).filter((line) => !SEPARATOR.test(line));
    return lines.includes(SUMMARY_BEGINS) || lines.filter(isTelling).length * 2 > lines.length;
  },
};
