/** Files straight through their readers, without a vault: for `events` and `detect`. */
import type { CaseFile } from "../model/case-file.ts";
import type { Piece } from "../model/event.ts";
import type { Assumption } from "../model/evidence.ts";
import { settingFor } from "./case-file.ts";
import { type PassedOver, walk } from "./disk.ts";
import { fileSource, isUnreadable } from "./file-source.ts";
import type { Pace } from "./pace.ts";
import { notTakenIn, readEvidence } from "./read-evidence.ts";
import { evidenceHash } from "./evidence.ts";
import { hashOf } from "./take-in.ts";

/** Assumptions of one kind are the same for a whole folder of logs: a few are enough to see them. */
const ASSUMPTIONS_MAX = 5;

/** Reads every file below the paths; gives the totals as lines for people. Faults: not-found. */
export async function readFiles(
  paths: readonly string[],
  caseFile: CaseFile,
  pace: Pace,
  visit: (piece: Piece) => void | Promise<void>,
): Promise<readonly string[]> {
  const { files, passedOver } = walk(paths);
  pace.start("reading", 2 * files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const unread: string[] = [];
  const assumptions: Assumption[] = [];
  let events = 0;
  let flaws = 0;
  const passOver = async (item: PassedOver) => {
    flaws++;
    await visit(notTakenIn(item));
  };
  for (const item of passedOver) await passOver(item);
  for (const { path } of files) {
    try {
      const source = fileSource(path);
      try {
        const evidence = evidenceHash(await hashOf(source, pace));
        const setting = settingFor(caseFile, { evidence, member: "", file: path });
        const reading = await readEvidence(source, setting, pace, visit);
        if (reading.format === null) unread.push(path);
        assumptions.push(...reading.assumptions);
        events += reading.events;
        flaws += reading.flaws;
      } finally {
        source.close();
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      await passOver({ path, why: error.message });
    }
  }
  return [...assumed(assumptions), total(files.length, unread, events, flaws)];
}

function total(files: number, unread: readonly string[], events: number, flaws: number): string {
  const first = unread[0] === undefined ? "" : ` (${unread[0]}${unread.length > 1 ? ", …" : ""})`;
  return `files: ${files}, of which ${unread.length} have no reader${first}; events: ${events}; places that could not be read: ${flaws}`;
}

function assumed(assumptions: readonly Assumption[]): readonly string[] {
  const lines = assumptions.map(({ what, value, why }) => `assumed ${what} ${value}: ${why}`);
  const distinct = [...new Set(lines)];
  const left = distinct.length - ASSUMPTIONS_MAX;
  const shown = distinct.slice(0, ASSUMPTIONS_MAX);
  return left > 0 ? [...shown, `and ${left} more assumptions`] : shown;
}
