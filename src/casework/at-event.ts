/**
 * One event of a file by its place, while it is valid: for whoever wants to know all about it, without a vault.
 * Refuses archives and disk images: the place of a record is told within one log.
 */
import { Fault } from "../base/fault.ts";
import { ticksFromMillis } from "../base/time.ts";
import { type Formats, headOf, recogniseContainer } from "../engines/formats/index.ts";
import type { Batch } from "../model/event.ts";
import type { CaseFile } from "../model/case-file.ts";
import { NO_EVIDENCE } from "../model/evidence.ts";
import { settingFor } from "./case-file.ts";
import { walk } from "./disk.ts";
import { fileSource } from "./file-source.ts";
import type { Pace } from "./pace.ts";

/** Where an event is: the file, and the record's own name or the byte where it begins. */
export interface EventPlace {
  readonly file: string;
  readonly at: { readonly record: string } | { readonly offset: number };
}

/**
 * What `use` makes of the first event at that place. Faults: not-found where there is none; usage where no reader knows
 * the file, or where it is an archive.
 */
export async function atEvent<T>(
  formats: Formats,
  caseFile: CaseFile,
  { file, at }: EventPlace,
  pace: Pace,
  use: (batch: Batch, row: number) => T,
): Promise<T> {
  const [found, more] = walk([file]).files;
  if (found === undefined || found.path !== file || more !== undefined)
    throw new Fault("not-found", `${file} is no file that can be read`, "name one log file");
  const source = fileSource(file);
  try {
    const head = headOf(source);
    if (recogniseContainer(head) !== null)
      throw new Fault("usage", `${file} is an archive`, "extract it, and name the log in it");
    const format = formats.recognise(head);
    if (format === null) throw new Fault("usage", `no reader knows ${file}`, "name a log file");
    const reader = await formats.load(format);
    const place = { evidence: NO_EVIDENCE, member: "", file };
    const { modifiedMillis } = found;
    const completeAt = modifiedMillis === null ? null : ticksFromMillis(modifiedMillis);
    pace.start("looking for the event", null);
    for (const piece of reader.read(source, settingFor(caseFile, place, completeAt))) {
      const row = piece.kind === "batch" ? rowOf(piece, at) : -1;
      if (piece.kind === "batch" && row >= 0) return use(piece, row);
      await pace.breathe();
    }
  } finally {
    source.close();
  }
  const what = "record" in at ? `record ${at.record}` : `event that begins at byte ${at.offset}`;
  throw new Fault("not-found", `${file} has no ${what}`, `breakwater events ${file}`);
}

/** The first row at that place, or -1. */
function rowOf(batch: Batch, at: EventPlace["at"]): number {
  if ("offset" in at) return batch.offsets.indexOf(at.offset);
  for (let row = 0; row < batch.length; row++) if (batch.record(row) === at.record) return row;
  return -1;
}
