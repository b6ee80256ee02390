/**
 * Detections as traces of an attack: on which host, how far each one shows that the attacker got, and whose test it
 * was where the case file states one. One request stands in several logs: its front-end and back-end lines share
 * Exchange's RequestId. Refuses to let an id that a client can repeat hide requests: lines of one log always differ.
 */
import { isPlausible, TICKS_PER_DAY } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import type { CaseFile, CaseTest } from "../../model/case-file.ts";
import { RUNGS, type Rung } from "../../model/cause.ts";
import type { Detection } from "../../model/detection.ts";
import { liesIn } from "./networks.ts";

/** One dated detection, placed. */
export interface Trace {
  readonly detection: Detection;
  /** The host's one name. */
  readonly host: string;
  /** From the rule's tag, or what a join shows (`reached` where the back end has the request too); null without either. */
  readonly rung: Rung | null;
  /** What joins the record to another source, where that shows the rung and no rule does. */
  readonly joinedBy?: string;
  /** What names one request within a day, or one program, in several logs. */
  readonly requestId: string | null;
  readonly isBackEnd: boolean;
  /** Who tested, where the case file states that this was a test; such a trace is on no ladder. */
  readonly test: string | null;
  /** The trace names no client, and is the test's by the time alone. */
  readonly byTime: boolean;
}

const RUNG_TAG = /^breakwater\.rung\.(probed|reached|executed|used)$/i;

/** Places every dated detection; ordered by (ticks, key, id), whatever the order given. */
export function tracesOf(
  detections: readonly Detection[],
  caseFile: Pick<CaseFile, "tests" | "frontDoors">,
  nameOf: (host: string) => string,
): Trace[] {
  const dated = new Map<string, Detection>();
  for (const detection of detections)
    if (isPlausible(detection.ticks)) dated.set(detection.id, detection);
  const ordered = [...dated.values()].sort(byTime);
  const requestIds = requestsOf(ordered);
  const testedRequests = new Map<string, string>();
  const backEnd = new Set<string>();
  for (const [at, detection] of ordered.entries()) {
    const requestId = requestIds[at] ?? null;
    if (requestId === null) continue;
    if (isBackEnd(detection) || isPassedOn(detection)) backEnd.add(requestId);
    const test = testOf(detection, caseFile);
    if (test !== null) testedRequests.set(requestId, test.who);
  }
  return ordered.map((detection, at) => {
    const requestId = requestIds[at] ?? null;
    const tagged = rungOf(detection);
    // The back end sees the front end's address: whose request it was, the front-end line says.
    const request =
      requestId !== null && isBackEnd(detection) ? testedRequests.get(requestId) : null;
    return {
      detection,
      host: nameOf(detection.host),
      rung:
        tagged === "probed" && requestId !== null && backEnd.has(requestId) ? "reached" : tagged,
      requestId,
      isBackEnd: isBackEnd(detection),
      test: testOf(detection, caseFile)?.who ?? request ?? null,
      byTime: false,
    };
  });
}

/** Orders detections by (ticks, key), then by id: two rules can match one record. */
export function byTime(a: Detection, b: Detection): number {
  if (a.ticks !== b.ticks) return a.ticks < b.ticks ? -1 : 1;
  return byCodeUnits(a.at.key, b.at.key) || byCodeUnits(a.id, b.id);
}

/** The higher of two rungs; null is below all. */
export function higherRung(a: Rung | null, b: Rung | null): Rung | null {
  return rank(a) >= rank(b) ? a : b;
}

function rank(rung: Rung | null): number {
  return rung === null ? -1 : RUNGS.indexOf(rung);
}

function rungOf(detection: Detection): Rung | null {
  return detection.tags
    .map((tag) => RUNG_TAG.exec(tag)?.[1]?.toLowerCase())
    .map((name) => RUNGS.find((rung) => rung === name) ?? null)
    .reduce<Rung | null>(higherRung, null);
}

/** Clocks of two logs may differ by hours; the same id after a day without it is another request's, whoever wrote it. */
const REQUEST_WITHIN = TICKS_PER_DAY;

/** By place: what names the request of each detection, the id with a number where it comes back later; null: no request. */
function requestsOf(ordered: readonly Detection[]): readonly (string | null)[] {
  const known = new Map<string, { name: string; last: bigint; times: number }>();
  return ordered.map((detection) => {
    const id = requestIdOf(detection);
    if (id === null) return null;
    const request = known.get(id) ?? { name: id, last: detection.ticks, times: 1 };
    if (detection.ticks - request.last > REQUEST_WITHIN) {
      request.times++;
      request.name = `${id} again ${request.times}`;
    }
    request.last = detection.ticks;
    known.set(id, request);
    return request.name;
  });
}

function requestIdOf({ fields }: Detection): string | null {
  const id = fields["RequestId"];
  return typeof id === "string" && id !== "" ? id.toLowerCase() : null;
}

/** By the reader's own word; `W3SVC2` is the back end of every Exchange server since 2013. */
function isBackEnd({ fields, channel }: Detection): boolean {
  return (fields["Side"] ?? (channel === "W3SVC2" ? "back-end" : "")) === "back-end";
}

/** HttpProxy's own word: it has an answer of the back end. */
function isPassedOn({ fields }: Detection): boolean {
  return Number(fields["BackEndStatus"] ?? 0) > 0;
}

/** The stated test that this detection's client address and time fall into. A front door's address is nobody's. */
function testOf(
  { fields, ticks }: Detection,
  { tests, frontDoors }: Pick<CaseFile, "tests" | "frontDoors">,
): CaseTest | null {
  const client = fields["c-ip"] ?? fields["ClientIpAddress"];
  if (typeof client !== "string" || frontDoors.some((door) => liesIn(client, door))) return null;
  const fits = ({ addresses, from, to }: CaseTest) =>
    (from === null || ticks >= from) &&
    (to === null || ticks < to) &&
    addresses.some((address) => liesIn(client, address));
  return tests.find(fits) ?? null;
}
