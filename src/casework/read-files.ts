/**
 * Files straight through their readers, archives opened on the way, without a vault: for `events` and `detect`.
 * Refuses to leave anything behind: members lie in a private temporary folder, and that only while they are read.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "../base/fault.ts";
import { visible } from "../base/text.ts";
import { ticksFromMillis } from "../base/time.ts";
import {
  type Formats,
  headOf,
  recogniseContainer,
  recogniseDiskImage,
} from "../engines/formats/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Piece } from "../model/event.ts";
import type { Assumption, ContainerId, Place } from "../model/evidence.ts";
import type { Flaw } from "../model/flaw.ts";
import { settingFor } from "./case-file.ts";
import { type FoundFile, type PassedOver, walk } from "./disk.ts";
import { evidenceHash } from "./evidence.ts";
import { type FileSource, fileSource, isUnreadable } from "./file-source.ts";
import { expandMembers } from "./members/expand.ts";
import type { ExpandInput, ExpandedMember } from "./members/expansion.ts";
import type { Pace } from "./pace.ts";
import { notTakenIn, readEvidence } from "./read-evidence.ts";
import { isReadable } from "./reading/units.ts";
import { hashOf } from "./take-in.ts";

/** What is to be read, and what is known of it. */
export interface FilesAsked {
  readonly formats: Formats;
  readonly paths: readonly string[];
  readonly caseFile: CaseFile;
  /** Passwords of archives. */
  readonly passwords: readonly string[];
}

/** Sees every batch and flaw in file order, while it is valid. */
type Visit = (piece: Piece) => void | Promise<void>;

/** Assumptions of one kind are the same for a whole folder of logs: a few are enough to see them. */
const ASSUMPTIONS_MAX = 5;
const UNOPENED_MAX = 5;
/** Every byte is read twice: hashed first, since each event names its evidence. */
const PASSES = 2;

/** Reads every file below the paths; gives the totals as lines for people. Faults: not-found, disk-full for archives. */
export async function readFiles(
  asked: FilesAsked,
  pace: Pace,
  visit: Visit,
): Promise<readonly string[]> {
  const { files, passedOver } = walk(asked.paths);
  const reading = new FilesReading(asked, pace, visit);
  for (const item of passedOver) await reading.passOver(item);
  let leftBytes = PASSES * files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let isBarMoved = true;
  for (const file of files) {
    if (isBarMoved) pace.start("reading", leftBytes);
    isBarMoved = await reading.read(file);
    leftBytes -= PASSES * file.sizeBytes;
  }
  return reading.totals();
}

/** A run through files: what was counted on the way. */
class FilesReading {
  readonly #asked: FilesAsked;
  readonly #pace: Pace;
  readonly #visit: Visit;
  readonly #unread: string[] = [];
  readonly #assumptions: Assumption[] = [];
  /** What no reader saw: to be told in words too, since not every format of the output has a place for it. */
  readonly #unopened: string[] = [];
  #files = 0;
  #archives = 0;
  #events = 0;
  #flaws = 0;

  constructor(asked: FilesAsked, pace: Pace, visit: Visit) {
    this.#asked = asked;
    this.#pace = pace;
    this.#visit = visit;
  }

  async passOver(item: PassedOver): Promise<void> {
    this.#unopened.push(`not read: ${visible(item.path)}: ${visible(item.why)}`);
    await this.#flaw(notTakenIn(item));
  }

  /** One file with all that is in it. Tells whether it was an archive, and the progress another phase. */
  async read(file: FoundFile): Promise<boolean> {
    try {
      const source = fileSource(file.path);
      try {
        return await this.#sort(source, file);
      } finally {
        source.close();
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      await this.passOver({ path: file.path, why: error.message });
      return false;
    }
  }

  totals(): readonly string[] {
    const unread = this.#unread;
    const first =
      unread[0] === undefined ? "" : ` (${visible(unread[0])}${unread.length > 1 ? ", …" : ""})`;
    const archives = this.#archives === 0 ? "" : `archives opened: ${this.#archives}; `;
    return [
      ...assumed(this.#assumptions),
      ...shortened(this.#unopened, UNOPENED_MAX, "more that could not be opened"),
      `${archives}files: ${this.#files}, of which ${unread.length} have no reader${first}; events: ${this.#events}; places that could not be read: ${this.#flaws}`,
    ];
  }

  async #sort(source: FileSource, file: FoundFile): Promise<boolean> {
    const head = headOf(source);
    const image = recogniseDiskImage(head, source);
    if (image !== null) {
      await this.passOver({ path: file.path, why: `a ${image.what}: ${image.hint}` });
      return false;
    }
    const place: Place = {
      evidence: evidenceHash(await hashOf(source, this.#pace)),
      member: "",
      file: file.path,
    };
    const id = recogniseContainer(head);
    if (id === null) await this.#through(source, place, file.modifiedMillis);
    else await this.#open(source, id, place);
    return id !== null;
  }

  /** Opens an archive beside everything else, and removes what was opened however reading it ends. */
  async #open(source: FileSource, id: ContainerId, place: Place): Promise<void> {
    const { formats, passwords } = this.#asked;
    const folder = mkdtempSync(join(tmpdir(), "breakwater-opened-"));
    try {
      this.#archives++;
      const input = {
        source,
        id,
        place,
        folder,
        passwords,
        stopped: [],
        wants: isReadable(formats),
      };
      const { members, flaws } = await opened(input, this.#pace);
      for (const flaw of flaws) {
        const { what, need, have } = flaw;
        this.#unopened.push(
          `${what}: ${visible(flaw.place.file)}: ${visible(have)}; needed: ${need}`,
        );
        await this.#flaw(flaw);
      }
      this.#pace.start(
        "reading",
        members.reduce((sum, { path, sizeBytes }) => sum + (path === null ? 0 : sizeBytes), 0),
      );
      for (const member of members) await this.#member(place, member);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async #member(outer: Place, { member, file, path, container, modifiedMillis }: ExpandedMember) {
    if (container !== null) {
      this.#archives++;
      return;
    }
    if (path === null) {
      this.#files++;
      this.#unread.push(file);
      return;
    }
    const source = fileSource(path);
    try {
      await this.#through(source, { ...outer, member, file }, modifiedMillis);
    } finally {
      source.close();
    }
  }

  async #through(source: FileSource, place: Place, modifiedMillis: number | null): Promise<void> {
    const completeAt = modifiedMillis === null ? null : ticksFromMillis(modifiedMillis);
    const { formats, caseFile } = this.#asked;
    const setting = settingFor(caseFile, place, completeAt);
    const reading = await readEvidence(formats, source, setting, this.#pace, this.#visit);
    this.#files++;
    if (reading.format === null) this.#unread.push(place.file);
    this.#assumptions.push(...reading.assumptions);
    this.#events += reading.events;
    this.#flaws += reading.flaws;
  }

  async #flaw(flaw: Flaw): Promise<void> {
    this.#flaws++;
    await this.#visit(flaw);
  }
}

/** The members of an archive. Where the temporary folder is too small, the Fault says how to name another. */
async function opened(input: ExpandInput, pace: Pace) {
  try {
    return await expandMembers(input, pace);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "disk-full") throw error;
    const hint = "free some space, or set TMPDIR to a folder on a larger disk";
    throw new Fault("disk-full", `no room left to open ${input.place.file} in ${tmpdir()}`, hint);
  }
}

function assumed(assumptions: readonly Assumption[]): readonly string[] {
  const lines = assumptions.map(({ what, value, why }) => `assumed ${what} ${value}: ${why}`);
  return shortened([...new Set(lines)], ASSUMPTIONS_MAX, "more assumptions");
}

function shortened(lines: readonly string[], max: number, what: string): readonly string[] {
  const left = lines.length - max;
  const shown = lines.slice(0, max);
  return left > 0 ? [...shown, `and ${left} ${what}`] : shown;
}
