/**
 * Real evidence of others that lies beside the project, where it lies at all.
 * Tests that need it skip with a clear line when it is absent: `test.skipIf(shared("evtx") === null)`.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve("../shared/data");

/** The path below ../shared/data, or null (and one line on stderr) where it is absent. */
export function shared(...parts: string[]): string | null {
  const path = join(ROOT, ...parts);
  if (existsSync(path)) return path;
  process.stderr.write(`skipped: ${join("../shared/data", ...parts)} is not here\n`);
  return null;
}
