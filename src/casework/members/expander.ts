/**
 * One expansion on its way: what was written, what was named, what is left of the limits.
 * Refuses to go on when a limit of the whole is reached; what was written until then stays.
 */
import type { Source } from "../../base/source.ts";
import { shorten } from "../../base/text.ts";
import {
  cleanName,
  ENCRYPTED,
  type Found,
  isBytes,
  type Member,
  type Opening,
  readArchive,
  recogniseContainer,
  trouble,
  type Trouble,
} from "../../engines/formats/index.ts";
import type { ContainerId } from "../../model/evidence.ts";
import type { Flaw } from "../../model/flaw.ts";
import { fileSource } from "../file-source.ts";
import type { Pace } from "../pace.ts";
import type { ExpandedMember, ExpandInput, Expansion, Stopped } from "./expansion.ts";
import { labelOf } from "./label.ts";
import { Budget, type Limits } from "./limits.ts";
import { MemberFile } from "./member-file.ts";
import { ChildStopped, readSevenZip, stoppedTrouble } from "./seven-zip.ts";

/** Of hostile text in a flaw; the whole name is in the archive. */
const TEXT_CHARS_MAX = 400;

/** The container that is being read: where it stands, and how deep. */
interface Container {
  readonly id: ContainerId;
  readonly source: Source;
  /** Empty for the evidence itself. */
  readonly member: string;
  readonly depth: number;
}

/** Thrown where a container is given up: the evidence is to be opened anew without it. */
export class ContainerStopped extends Error {
  readonly stopped: Stopped;

  constructor(stopped: Stopped) {
    super(stopped.why);
    this.stopped = stopped;
  }
}

/** Opens one evidence and everything in it; to be run once. Throws ContainerStopped. */
export class Expander {
  readonly #input: ExpandInput;
  readonly #pace: Pace;
  readonly #limits: Limits;
  readonly #budget: Budget;
  readonly #members: ExpandedMember[] = [];
  readonly #flaws: Flaw[] = [];
  readonly #names = new Set<string>();
  /** Lower case, to tell names that Windows takes for the same. */
  readonly #folded = new Set<string>();
  #flawsLeftOut = 0;
  #isLocked = false;
  #isSpent = false;

  constructor(input: ExpandInput, pace: Pace, limits: Limits) {
    this.#input = input;
    this.#pace = pace;
    this.#limits = limits;
    this.#budget = new Budget(limits, input.source.byteLength);
  }

  /** Whether something stayed closed for want of a password: with others it is to be done again. */
  isLocked(): boolean {
    return this.#isLocked;
  }

  async run(): Promise<Expansion> {
    const { source, id } = this.#input;
    this.#pace.start("opening archives", source.byteLength);
    await this.#open({ id, source: this.#counted(source), member: "", depth: 1 });
    if (this.#flawsLeftOut > 0) {
      const have = `${this.#flawsLeftOut} more are not listed`;
      const need = `at most ${this.#limits.flawsMax} flaws in one evidence`;
      this.#flaws.push(this.#placed("", trouble(0, "number of flaws", need, have)));
    }
    const { stopped } = this.#input;
    return { members: this.#members, flaws: this.#flaws, stopped };
  }

  /** The outermost container moves the bar as it is read. */
  #counted(source: Source): Source {
    return {
      byteLength: source.byteLength,
      read: (start, end) => {
        this.#pace.add(end - start);
        return source.read(start, end);
      },
    };
  }

  async #open(container: Container): Promise<void> {
    const { member } = container;
    const given = this.#input.stopped.find((stopped) => stopped.member === member);
    if (given !== undefined) return this.#note(member, stoppedTrouble(given.why));
    try {
      await this.#readAll(container);
    } catch (error) {
      if (error instanceof ChildStopped) throw new ContainerStopped({ member, why: error.message });
      throw error;
    }
  }

  async #readAll(container: Container): Promise<void> {
    for await (const found of this.#found(container)) {
      await this.#pace.breathe();
      if (found.kind === "flaw") this.#note(container.member, found);
      else await this.#keep(container, found);
      if (this.#isSpent) return;
    }
  }

  #found({ id, source, member }: Container): AsyncIterable<Found> {
    const opening: Opening = {
      passwords: this.#input.passwords,
      entriesMax: this.#limits.entriesMax - this.#members.length,
      plainBytesMax: this.#budget.plainBytesMax(source.byteLength),
      breathe: () => this.#pace.breathe(),
      loneName: loneName(member),
    };
    if (id !== "7z") return readArchive(id, source, opening);
    return readSevenZip({ source, opening, limits: this.#limits, budget: this.#budget });
  }

  async #keep(container: Container, found: Member): Promise<void> {
    if (this.#members.length >= this.#limits.entriesMax) {
      const need = `at most ${this.#limits.entriesMax} members of one evidence`;
      this.#note(container.member, trouble(found.offset, "number of members", need, "more"));
      this.#isSpent = true;
      return;
    }
    const member = this.#nameOf(container, found);
    const file = new MemberFile(
      this.#input.folder,
      this.#members.length,
      (head) => recogniseContainer(head) !== null || this.#input.wants(head),
    );
    try {
      await this.#write(member, found, file);
    } finally {
      file.close();
    }
    const id = recogniseContainer(file.head());
    const isOpened = id !== null && container.depth < this.#limits.depthMax;
    this.#members.push({
      member,
      file: labelOf(this.#input.place.file, member),
      path: file.path,
      sizeBytes: file.sizeBytes,
      sha256: file.sha256(),
      modifiedMillis: found.modifiedMillis,
      container: isOpened ? id : null,
    });
    if (isOpened && !this.#isSpent && file.path !== null)
      await this.#descend(container, member, id, file.path);
    else if (id !== null && !isOpened) {
      const need = `at most ${this.#limits.depthMax} containers in each other`;
      this.#note(member, trouble(0, "nested too deep", need, `one more, a ${id}`));
    }
  }

  async #descend(outer: Container, member: string, id: ContainerId, path: string): Promise<void> {
    const source = fileSource(path);
    try {
      await this.#open({ id, source, member, depth: outer.depth + 1 });
    } finally {
      source.close();
    }
  }

  /** Writes what comes, as far as the limits let it; trouble in between is the member's own. */
  async #write(member: string, found: Member, file: MemberFile): Promise<void> {
    for await (const piece of found.content()) {
      if (!isBytes(piece)) {
        this.#note(member, piece);
        continue;
      }
      const size = file.sizeBytes + piece.length;
      const ofMember = this.#budget.refusalOfMember(size, found.packedBytes);
      const ofAll = this.#budget.refusalOfAll(piece.length);
      if (ofMember !== null || ofAll !== null) {
        const need = ofAll ?? ofMember ?? "";
        this.#isSpent = ofAll !== null;
        const rest = this.#isSpent ? ", and nothing behind it is opened" : "";
        const have = `more; cut off here${rest}`;
        this.#note(member, trouble(file.sizeBytes, "unpacked size", need, have));
        return;
      }
      this.#budget.spend(piece.length);
      file.write(piece);
      await this.#pace.breathe();
    }
  }

  /** The member's name within the evidence: cleaned, and unlike every other. */
  #nameOf(container: Container, { name: raw, offset }: Member): string {
    const { name, odd } = cleanName(raw);
    const prefix = container.member === "" ? "" : `${container.member}!/`;
    const wished = prefix + name;
    let given = wished;
    const isTaken = this.#names.has(wished);
    for (let count = 2; this.#names.has(given); count++) given = `${wished}~${count}`;
    const shown = given === raw ? raw : `${raw}; here ${given}`;
    if (odd !== null)
      this.#note(container.member, trouble(offset, odd, "a plain relative name", shown));
    if (isTaken)
      this.#note(
        container.member,
        trouble(offset, "same name twice", "names unlike each other", shown),
      );
    else if (this.#folded.has(wished.toLowerCase())) {
      const need = "names unlike each other on Windows too";
      this.#note(container.member, trouble(offset, "same name but for its case", need, raw));
    }
    this.#names.add(given);
    this.#folded.add(given.toLowerCase());
    return given;
  }

  #note(member: string, found: Trouble): void {
    this.#isLocked ||= found.what === ENCRYPTED;
    if (this.#flaws.length >= this.#limits.flawsMax) this.#flawsLeftOut++;
    else this.#flaws.push(this.#placed(member, found));
  }

  #placed(member: string, { offset, what, need, have }: Trouble): Flaw {
    const { evidence, file } = this.#input.place;
    const place = { evidence, member, file: labelOf(file, member) };
    return { kind: "flaw", place, offset, what, need, have: shorten(have, TEXT_CHARS_MAX) };
  }
}

/** What a lone packed file is called that does not say so itself: its container's name without the ending, if it has one. */
function loneName(member: string): string {
  const last = member.split("/").at(-1) ?? "";
  const bare = last.replace(/\.gz$/i, "");
  return bare === last || bare === "" ? "content" : bare;
}
