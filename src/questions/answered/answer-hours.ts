/** By when findings are to be answered, by level: knowledge/escalation.json. Refuses a file that leaves a level out. */
import { z } from "zod";
import { Fault } from "../../base/fault.ts";
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
  const parsed = SCHEMA.safeParse(json);
  if (parsed.success) return Object.freeze(parsed.data.answerWithinHours);
  const [first] = parsed.error.issues;
  throw new Fault(
    "knowledge-invalid",
    `knowledge/escalation.json: ${first?.path.join(".") ?? ""} ${first?.message ?? ""}`,
    "reinstall the program",
  );
}
