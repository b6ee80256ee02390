/** By when findings are to be answered, by level: knowledge/escalation.json. Refuses a file that leaves a level out. */
import { z } from "zod";
import { checkKnowledge } from "../../base/knowledge.ts";
import type { AnswerHours } from "./standing.ts";

const hours = z.number().int().min(1).max(87_600);
const SCHEMA = z.strictObject({
  about: z.string(),
  answerWithinHours: z.strictObject({
    critical: hours,
    high: hours,
    medium: hours,
    low: hours,
    informational: hours,
  }),
  source: z.string().min(1),
  confidence: z.enum(["documented", "practice"]),
  asOf: z.iso.date(),
});

/** Reads the knowledge file. Faults: knowledge-invalid. */
export function parseAnswerHours(json: unknown): AnswerHours {
  return Object.freeze(checkKnowledge("escalation.json", SCHEMA, json).answerWithinHours);
}
