/** The story of the sample case (story.yaml): what its people knew and did, to be recorded as acts. */
import { z } from "zod";
import { Fault } from "../base/fault.ts";
import { type Ticks, parseTime } from "../base/time.ts";
import { INCIDENT_EVENTS } from "../model/duty.ts";
import { loadYaml } from "./case-file.ts";
import { type StatedEvent, recordIncidentEvent } from "./incident.ts";
import type { Vault } from "./vault/index.ts";

const STORY = z.object({
  as_of: z.string(),
  events: z.array(
    z.object({ event: z.enum(INCIDENT_EVENTS), at: z.string(), by: z.string(), note: z.string() }),
  ),
});

/** What the people of the sample case stated, and the moment for which the case is told. */
export interface Story {
  readonly asOf: Ticks;
  readonly events: readonly StatedEvent[];
}

/** Reads a story. Faults: case-file-invalid. */
export function parseStory(text: string): Story {
  const parsed = STORY.safeParse(loadYaml(text));
  if (!parsed.success) throw invalid("it is no list of events");
  const { as_of, events } = parsed.data;
  return {
    asOf: timeOf(as_of),
    events: events.map(({ event, at, by, note }) => {
      return { kind: event, at: timeOf(at), by, note, law: null };
    }),
  };
}

function timeOf(text: string): Ticks {
  const time = parseTime(text);
  if (time === null) throw invalid(`${text} is no time`);
  return time.ticks;
}

function invalid(what: string): Fault {
  return new Fault(
    "case-file-invalid",
    `story.yaml cannot be used: ${what}`,
    "write the sample anew",
  );
}

/** Records every event of a story by the name of the one who states it. */
export function recordStory(vault: Vault, { events }: Story): void {
  for (const event of events) recordIncidentEvent(vault, event);
}
