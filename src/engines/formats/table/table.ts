/**
 * A table of another product, described by data: which columns it has, when and where its rows happened, and what they say
 * in the common words of src/model/fields.ts. Refuses a description with anything it does not know (knowledge/tables.json).
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../../base/knowledge.ts";
import { byCodeUnits } from "../../../base/text.ts";

/** What a table may say in common words; src/model/fields.ts tells what each means. */
export const COMMON_FIELDS = [
  "Product",
  "Build",
  "Observation",
  "Kb",
  "User",
  "Mailbox",
  "ClientAddress",
  "UserAgent",
  "Operation",
  "Result",
  "Action",
  "Target",
  "Role",
  "Application",
  "Session",
  "Sender",
  "Recipient",
  "Subject",
  "MessageId",
  "Process",
  "CommandLine",
  "File",
  "Hash",
  "Threat",
  "Severity",
] as const;

const COMMON = z.enum(COMMON_FIELDS);
const NAMES = z.array(z.string().min(1));

const TIME = z.strictObject({
  /** The first that is not empty counts. */
  columns: NAMES.min(1),
  /** Where the time of day stands in a column of its own. */
  clock: z.string().min(1).optional(),
  written: z.enum(["text", "epoch-seconds", "epoch-millis", "filetime"]),
  /** What the product usually writes where its dates are of three numbers. */
  order: z.enum(["day-first", "month-first"]).optional(),
  /** What a time means that names no zone: the product writes UTC, or it does not say. */
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
  /** Common field names, and the columns that say the same; the first that is not empty counts. */
  also: z.partialRecord(COMMON, NAMES.min(1)),
  /** Fields that every row gets. */
  constants: z.partialRecord(COMMON, z.string()),
  source: z.string().min(1),
  confidence: z.enum(["documented", "practice", "unconfirmed"]),
  asOf: z.iso.date(),
});

const FILE = z.strictObject({ about: z.string(), entries: z.array(ENTRY) });

/** One table as knowledge describes it. */
export type Table = Readonly<z.infer<typeof ENTRY>>;

/** Checks the parsed JSON of knowledge/tables.json. Faults: knowledge-invalid. */
export function parseTables(value: unknown): readonly Table[] {
  const { entries } = checkKnowledge("tables.json", FILE, value);
  const seen = new Map<string, string>();
  for (const { id, needs } of entries) {
    // Of two tables that need the same columns none could be told from the other.
    const key = `by columns ${[...new Set(needs.map(fold))].sort(byCodeUnits).join(" ")}`;
    for (const same of [key, `by id ${id}`]) {
      const other = seen.get(same);
      if (other !== undefined)
        throw knowledgeFault("tables.json", `'${id}' and '${other}' are the same ${same}`);
      seen.set(same, id);
    }
  }
  return entries;
}

/** A name of a column as it is compared: case, blanks and punctuation say nothing. */
export function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

/** The table that a file with these columns is; null where none fits. */
export type Match = (names: readonly string[]) => Table | null;

/** Tells tables by their columns: of several that fit the one that needs most, then the one that knows most of the columns. */
export function makeMatch(tables: readonly Table[]): Match {
  const known = tables.map((table) => {
    const { needs, time, host, also } = table;
    const columns = [...needs, ...(time?.columns ?? []), ...host, ...Object.values(also).flat()];
    return { table, needs: unique(needs), columns: unique(columns) };
  });
  return (names) => {
    const given = new Set(names.map(fold));
    const score = ({ columns }: { readonly columns: readonly string[] }) =>
      columns.filter((name) => given.has(name)).length;
    const fitting = known.filter(({ needs }) => needs.every((name) => given.has(name)));
    fitting.sort((a, b) => b.needs.length - a.needs.length || score(b) - score(a));
    return fitting[0]?.table ?? null;
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(fold))];
}
