/**
 * A container opened once, as a stream, into plain files of the derived folder, containers in it included
 * (docs/design/containers.md). Refuses to let a name from an archive near a disk: files are named by number.
 */
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { assert } from "../../base/assert.ts";
import { fileFault } from "../../engines/journal/index.ts";
import type { Pace } from "../pace.ts";
import { ContainerStopped, Expander } from "./expander.ts";
import type { ExpandInput, Expansion } from "./expansion.ts";
import { type IndexOwner, readIndex, writeIndex } from "./index-file.ts";
import { LIMITS, type Limits } from "./limits.ts";

/**
 * The members of a container as plain files, in its own order. What was expanded before with the same passwords is used
 * again; what was left half-done is removed and begun anew. Faults: disk-full, not-writable, interrupted, and the source's own.
 */
export async function expandMembers(
  input: ExpandInput,
  pace: Pace,
  limits: Limits = LIMITS,
): Promise<Expansion> {
  assert(input.place.member === "", "an outermost container");
  const folder = resolve(input.folder);
  const { evidence, file } = input.place;
  const owner = { folder, evidence, file, passwords: input.passwords };
  const kept = readIndex(owner);
  if (kept !== null) return kept;
  try {
    return await expandAnew({ ...input, folder }, owner, pace, limits);
  } catch (error) {
    // Half an expansion is of no use, and its room may be what is missing.
    rmSync(folder, { recursive: true, force: true });
    throw fileFault(error, folder);
  }
}

/** Opens all of it; where a parser was stopped, again from the beginning without that container. */
async function expandAnew(
  input: ExpandInput,
  owner: IndexOwner,
  pace: Pace,
  limits: Limits,
): Promise<Expansion> {
  rmSync(input.folder, { recursive: true, force: true });
  mkdirSync(input.folder, { recursive: true, mode: 0o700 });
  const expander = new Expander(input, pace, limits);
  try {
    const expansion = await expander.run();
    writeIndex(owner, expansion, expander.isLocked());
    return expansion;
  } catch (error) {
    if (!(error instanceof ContainerStopped)) throw error;
    const stopped = [...input.stopped, error.stopped];
    return await expandAnew({ ...input, stopped }, owner, pace, limits);
  }
}
