/**
 * Segments that DuckDB cannot unpack: removed, so that whoever made them makes them anew. What check.ts reads is little;
 * damage within a packed page shows only when the page is asked for. Refuses to judge answers: only whether there is one.
 */
import { resolve } from "node:path";
import { Fault } from "../../base/fault.ts";
import { checkSegment } from "./check.ts";
import { Database, type DatabaseSettings } from "./database.ts";
import { removeFile } from "./files.ts";
import { readManifest } from "./manifest.ts";
import type { Segment } from "./segment.ts";
import { sql } from "./sql.ts";
import { tableOf } from "./table.ts";

/** Unpacks everything that is published in `dir`, and removes each segment in which that fails. Faults: not-readable. */
export async function removeUnreadable(dir: string, settings: DatabaseSettings): Promise<void> {
  const folder = resolve(dir);
  const segments = readManifest(folder);
  const database = await Database.open(folder, settings);
  try {
    for (const segment of segments)
      if (!(await isReadable(folder, database, segment))) removeFile(resolve(folder, segment.file));
  } finally {
    database.close();
  }
}

async function isReadable(dir: string, database: Database, segment: Segment): Promise<boolean> {
  const table = tableOf(dir, [segment]);
  if (table === null) return true;
  try {
    checkSegment(dir, segment);
    // A hash of every column of every row: nothing less makes DuckDB unpack every page.
    await database.all(sql`SELECT bit_xor(hash(COLUMNS(*))) FROM ${table}`);
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === "vault-damaged") return false;
    throw error;
  }
}
