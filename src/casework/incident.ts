/** What people did and decided: suspected, aware, notified …; each an act by name, append-only. */
import { z } from "zod";
import { Fault } from "../base/fault.ts";
import { type Ticks, toTicks } from "../base/time.ts";
import { INCIDENT_EVENTS, type IncidentEvent, type IncidentEventKind } from "../model/duty.ts";
import { bodyOf } from "./bodies.ts";
import { loadKnowledge } from "./knowledge.ts";
import { lawsFor } from "./laws.ts";
import type { Vault } from "./vault/index.ts";

/** A 64-bit number as digits. */
const TICKS = /^-?\d{1,19}$/;

/** The body of an `incident-event` act. */
const BODY = z.object({
  event: z.enum(INCIDENT_EVENTS),
  at: z.string().regex(TICKS),
  by: z.string(),
  note: z.string(),
  law: z.string().nullable(),
});

/** An incident event as a person states it. */
export interface StatedEvent {
  readonly kind: IncidentEventKind;
  readonly at: Ticks;
  readonly by: string;
  readonly note: string;
  readonly law: string | null;
}

/** Journals one incident event by name. Faults: usage for a law that is not known. */
export function recordIncidentEvent(vault: Vault, event: StatedEvent): void {
  const { kind, at, by, note, law } = event;
  if (law !== null) lawsFor(loadKnowledge().laws, [law]);
  const body: z.infer<typeof BODY> = { event: kind, at: String(at), by, note, law };
  vault.act({ kind: "incident-event", by, body, sealed: null });
}

/** Every incident event of the vault in the order of recording. */
export function incidentOf(vault: Vault): readonly IncidentEvent[] {
  return vault
    .entries()
    .filter(({ kind }) => kind === "incident-event")
    .map((entry) => {
      const body = bodyOf(vault, entry, BODY);
      const at = toTicks(BigInt(body.at));
      if (at === null) throw outOfRange();
      return {
        kind: body.event,
        at,
        recordedAt: entry.time,
        by: body.by,
        note: body.note,
        law: body.law,
      };
    });
}

function outOfRange(): Fault {
  return new Fault("vault-damaged", "an incident event has no real time", "run breakwater verify");
}

/** The kind of a word as typed. Faults: usage, naming the kinds. */
export function incidentKind(word: string): IncidentEventKind {
  const kind = INCIDENT_EVENTS.find((name) => name === word);
  if (kind !== undefined) return kind;
  throw new Fault("usage", `${word} is no incident event`, `one of: ${INCIDENT_EVENTS.join(", ")}`);
}
