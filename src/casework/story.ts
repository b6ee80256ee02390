/** The story of the sample case (story.yaml): what its people knew and did, to be recorded as acts. */
import { load } from "js-yaml";
import { z } from "zod";
import { Fault } from "../base/fault.ts";
import { parseTime } from "../base/time.ts";
import { INCIDENT_EVENTS } from "../model/duty.ts";
import { type StatedEvent, recordIncidentEvent } from "./incident.ts";
import type { Vault } from "./vault/index.ts";

const STORY = z.array(
  z.object({ event: z.enum(INCIDENT_EVENTS), at: z.string(), by: z.string(), note: z.string() }),
);

/** Reads a story. Faults: case-file-invalid. */
export function parseStory(text: string): readonly StatedEvent[] {
  const parsed = STORY.safeParse(load(text));
  if (!parsed.success) throw invalid("it is no list of events");
  return parsed.data.map(({ event, at, by, note }) => {
    const time = parseTime(at);
    if (time === null) throw invalid(`${at} is no time`);
    return { kind: event, at: time.ticks, by, note, law: null };
  });
}

function invalid(what: string): Fault {
  return new Fault(
    "case-file-invalid",
    `story.yaml cannot be used: ${what}`,
    "write the sample anew",
  );
}

/** Records every event of a story by the name of the one who states it. */
export function recordStory(vault: Vault, story: readonly StatedEvent[]): void {
  for (const event of story) recordIncidentEvent(vault, event);
}
