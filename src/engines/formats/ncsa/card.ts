/**
 * Recognises access logs by their first lines: most of them must have a client, a time in brackets, a request and a
 * status. Refuses error logs, and W3C logs, whose first lines are directives.
 */
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { UNDATED } from "../../../base/time.ts";
import type { Card } from "../format.ts";
import { headLines } from "../text/text-form.ts";
import { makeRows, scanRows } from "./scan.ts";
import { stampRows } from "./stamp.ts";

const LINES_ASKED = 16;

/** The card of access logs. */
export const ncsaCard: Card = {
  id: "ncsa",
  reads: "access logs of Apache, nginx and others (NCSA common and combined)",
  spec: "https://httpd.apache.org/docs/2.4/logs.html",
  recognises(head) {
    const lines = headLines(head, LINES_ASKED);
    return lines.filter(isAccess).length * 2 > lines.length;
  },
};

/** Whether a line is a row that has a time. */
function isAccess(line: string): boolean {
  const bytes = concatBytes([utf8(line), utf8("\n")]);
  const rows = makeRows(bytes.length);
  const ticks = new BigInt64Array(1);
  scanRows(bytes, 0, bytes.length, rows);
  stampRows(bytes, rows, 0, ticks);
  return rows.length === 1 && ticks[0] !== UNDATED;
}
