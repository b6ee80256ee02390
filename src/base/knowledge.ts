/** Data that comes with the program, checked where it is read. Refuses to go on with a file that is not as it was shipped. */
import type { z } from "zod";
import { Fault } from "./fault.ts";

/** What a file under knowledge/ holds, in its shape. Faults: knowledge-invalid, naming the file and the first field that is wrong. */
export function checkKnowledge<T>(file: string, schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw knowledgeFault(
    file,
    `${where === "" ? "" : `${where}: `}${issue?.message ?? "not as expected"}`,
  );
}

/** That a file under knowledge/ cannot be used, and why. */
export function knowledgeFault(file: string, what: string): Fault {
  return new Fault(
    "knowledge-invalid",
    `knowledge/${file} cannot be used: ${what}`,
    "reinstall the program, or restore the file as it was shipped",
  );
}
