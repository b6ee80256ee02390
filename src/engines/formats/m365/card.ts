/**
 * Recognises exports of Microsoft 365 by the names of their first record, or by the columns of the audit log as CSV. Refuses
 * JSON of others, and CSV without AuditData: tables of sign-ins and message traces are described in knowledge/tables.json.
 */
import { memorySource } from "../../../base/source.ts";
import type { Card } from "../format.ts";
import { auditHeaderOf } from "./audit-header.ts";
import { kindOf } from "./kinds.ts";
import { isScuba } from "./scuba-reading.ts";
import { unitsOf } from "./units.ts";
import { Walk } from "./walk.ts";

/** An answer of the services, also one that holds no record. */
const ANSWER =
  /^\s{0,64}\{\s{0,64}"@odata\.context"\s*:\s*"https:\/\/graph\.microsoft\.[a-z]{2,3}\//;
const OPENING_CHARS = 512;
/** Records of other kinds before the first that is known: a head may begin within damage. */
const TRIES_MAX = 8;

/** The card of exports of Microsoft 365. */
export const m365Card: Card = {
  id: "m365",
  reads:
    "Microsoft 365 exports: audit log (JSON, CSV), Entra sign-ins and audit, alerts, rules, roles, MFA, message trace",
  spec: "docs/formats/m365.md",
  recognises(head) {
    const whole = unitsOf(memorySource(head));
    const units = whole.read(0, whole.byteLength);
    const opening = String.fromCharCode(...units.subarray(0, OPENING_CHARS));
    if (ANSWER.test(opening) || isScuba(units)) return true;
    return /^\s*[[{]/.test(opening) ? holdsRecord(units) : auditHeaderOf(units) !== null;
  },
};

function holdsRecord(units: Uint8Array): boolean {
  const walk = new Walk();
  for (let tries = 0, at = 0; tries < TRIES_MAX; tries++) {
    const found = walk.step(units, at, true);
    // The first record may be longer than the head: then the names in it count.
    if (found !== "record" && !walk.isCut) return false;
    if (kindOf(walk.scan) >= 0) return true;
    if (walk.isCut) return false;
    at = walk.end;
  }
  return false;
}
