/**
 * Recognises Defender's protection log by the words of its lines. Refuses other logs with times in ISO 8601: at least
 * one line must be in a form that only this log has. Spec: docs/formats/mplog.md.
 */
import type { Card } from "../format.ts";
import { headLines } from "../text/text-form.ts";

const LINES_ASKED = 2_000;
const OWN =
  /^(?:\d{4}-\d\d-\d\dT[\d:.]{8,16}(?:Z|[+-]\d\d:\d\d) +(?:DETECTION(?:EVENT|_ADD|_CLEANEVENT)?[ #]|SDN:|ProcessImageName: .*EstimatedImpact: |Engine:|\[(?:RTP|Mini-filter|MpRtp|Cloud|Exclusion)\] |Internal signature match:)|BEGIN BM telemetry$|Begin Resource Scan$|\*+RTP Perf Log\*+$)/;

/** The card of Defender's protection log. */
export const mplogCard: Card = {
  id: "mplog",
  reads: "Microsoft Defender's protection log (MPLog-*.log)",
  spec: "docs/formats/mplog.md",
  recognises: (head) => headLines(head, LINES_ASKED).some((line) => OWN.test(line)),
};
