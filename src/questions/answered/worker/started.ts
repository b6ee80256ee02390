/**
 * Starts of processes as Windows (4688) and Sysmon (1) record them, in one form. Refuses a record without a process id or a program.
 * Fields: Microsoft's documentation of both events; process ids are hexadecimal in one and decimal in the other, and are used again.
 */
import { isPlausible } from "../../../base/time.ts";
import { createLookout, firstText, type Lookout } from "../../../engines/lookout/index.ts";
import { type Batch, type EventReference, referenceOf } from "../../../model/event.ts";

/** One start of a process. Paths are in lower case. */
export interface Started {
  readonly host: string;
  readonly channel: string;
  readonly ticks: bigint;
  readonly digits: number;
  readonly id: number;
  readonly parentId: number;
  /** Sysmon's own name of a process, which is never used again; "" elsewhere. */
  readonly guid: string;
  readonly parentGuid: string;
  readonly image: string;
  /** "" where the record does not name it (Windows before 2016). */
  readonly parentImage: string;
  readonly commandLine: string;
  readonly user: string;
  readonly at: EventReference;
}

/** What each kind of record calls it. */
interface Names {
  readonly id: string;
  readonly parentId: string;
  readonly image: string;
  readonly parentImage: string;
  readonly user: readonly string[];
}

const SECURITY: Names = {
  id: "NewProcessId",
  parentId: "ProcessId",
  image: "NewProcessName",
  parentImage: "ParentProcessName",
  user: ["SubjectUserName"],
};
const SYSMON: Names = {
  id: "ProcessId",
  parentId: "ParentProcessId",
  image: "Image",
  parentImage: "ParentImage",
  user: ["User"],
};

const LOOKOUT: Lookout<Names> = createLookout([
  [{ kind: "event", log: "Security", eventIds: [4688] }, SECURITY],
  [{ kind: "event", log: "Microsoft-Windows-Sysmon/Operational", eventIds: [1] }, SYSMON],
]);

/** Tells of every start in a batch that has a time; other rows cost their event id. */
export function lookForStarts(batch: Batch, found: (started: Started) => void): void {
  LOOKOUT.look(batch, (row, names) => {
    const started = startedIn(batch, row, names);
    if (started !== null) found(started);
  });
}

function startedIn(batch: Batch, row: number, names: Names): Started | null {
  const text = (name: string) => firstText(batch, row, [name]);
  const ticks = batch.ticks[row] ?? 0n;
  const [id, image] = [numberOf(text(names.id)), text(names.image).toLowerCase()];
  if (!isPlausible(ticks) || id === null || image === "") return null;
  return {
    host: batch.host(row),
    channel: batch.channel(row),
    ticks,
    digits: batch.digits,
    id,
    parentId: numberOf(text(names.parentId)) ?? -1,
    guid: names === SYSMON ? text("ProcessGuid").toLowerCase() : "",
    parentGuid: names === SYSMON ? text("ParentProcessGuid").toLowerCase() : "",
    image,
    parentImage: text(names.parentImage).toLowerCase(),
    commandLine: text("CommandLine"),
    user: firstText(batch, row, names.user),
    at: referenceOf(batch, row),
  };
}

/** `0x2d54`, `14420`; null where it is no process id. */
function numberOf(text: string): number | null {
  return /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : null;
}
