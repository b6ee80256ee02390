/**
 * Recognises saved response headers: the first line that is not curl's own is a status line, the next one a header.
 * Refuses requests, and pages without their headers. Spec: RFC 9112 4.
 */
import type { Card } from "../format.ts";
import { headLines } from "../text/text-form.ts";
import { headerOf, isStatusLine } from "./layout.ts";

const LINES_ASKED = 64;

/** The card of saved response headers. */
export const httpHeadersCard: Card = {
  id: "http-headers",
  reads: "headers of HTTP responses as curl saves them (curl -I)",
  spec: "https://www.rfc-editor.org/rfc/rfc9112",
  recognises(head) {
    const lines = headLines(head, LINES_ASKED).filter((line) => !/^[*>]/.test(line));
    const [first = "", second = ""] = lines;
    return isStatusLine(first) && headerOf(second) !== null;
  },
};
