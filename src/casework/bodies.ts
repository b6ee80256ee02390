/** Bodies of acts and sealed inputs as values of a known shape. Refuses any other with a Fault, here and nowhere else. */
import type { z } from "zod";
import type { JournalEntry } from "../model/act.ts";
import { type Vault, damagedFault } from "./vault/index.ts";

/** The body of an act in the shape that this program gave it. Faults: vault-damaged. */
export function bodyOf<T>(vault: Vault, entry: JournalEntry, schema: z.ZodType<T>): T {
  const what = `the body of entry ${entry.index} (${entry.kind})`;
  return shaped(vault, what, schema, () => vault.readBody(entry));
}

/** A sealed input that is JSON. Faults: vault-damaged. */
export function jsonOf<T>(vault: Vault, object: string, schema: z.ZodType<T>, text: string): T {
  return shaped(vault, `the input ${object}`, schema, () => JSON.parse(text));
}

function shaped<T>(vault: Vault, what: string, schema: z.ZodType<T>, read: () => unknown): T {
  const parsed = schema.safeParse(valueOf(read));
  if (parsed.success) return parsed.data;
  throw damagedFault(vault.folder, `${what} is not as this program writes it`);
}

/** What is no JSON has no shape either. */
function valueOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
