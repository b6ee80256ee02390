/**
 * A table of another product, described by data: which columns it has, when and where its rows happened, and what they say
 * in the common words of src/model/fields.ts. Refuses a description with anything it does not know (knowledge/tables.json).
 */
import { z } from "zod";
import { Fault } from "../../../base/fault.ts";

const NAMES = z.array(z.string().min(1));

const TIME = z.strictObject({
  columns: NAMES.min(1),
  clock: z.string().min(1).optional(),
  written: z.enum(["text", "epoch-seconds", "epoch-millis", "filetime"]),
  order: z.enum(["day-first", "month-first"]).optional(),
  zone: z.enum(["utc", "local"]),
});

const ENTRY = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  product: z.string().min(1),
  what: z.string().min(1),
  needs: NAMES.min(2),
  channel: z.string().min(1),
  provider: z.string(),
  time: TIME.nullable(),
  host: NAMES,
  also: z.record(z.string().min(1), NAMES.min(1)),
  constants: z.record(z.string().min(1), z.string()),
  source: z.string().min(1),
  confidence: z.enum(["documented", "practice", "unconfirmed"]),
  asOf: z.iso.date(),
});

const FILE = z.strictObject({ about: z.string(), entries: z.array(ENTRY) });

/** One table as knowledge describes it. */
export type Table = Readonly<z.infer<typeof ENTRY>>;

/** Checks the parsed JSON of knowledge/tables.json. Faults: knowledge-invalid. */
export function parseTables(value: unknown): readonly Table[] {
  const read = FILE.safeParse(value);
  if (!read.success) throw invalid(z.prettifyError(read.error).replaceAll("\n", " "));
  return read.data.entries;
}

function invalid(what: string): Fault {
  return new Fault(
    "knowledge-invalid",
    `knowledge/tables.json: ${what}`,
    "reinstall the program, or mend the file",
  );
}
