/**
 * 7z archives through 7-Zip in a supervised child: listed first, then taken out as a stream of files.
 * Refuses what is declared beyond the limits before a byte of it is unpacked.
 */
import { crc32 } from "node:zlib";
import type { Source } from "../../base/source.ts";
import {
  ENCRYPTED,
  type Found,
  type Opening,
  trouble,
  type Trouble,
} from "../../engines/formats/index.ts";
import { type ChildWord, runChild } from "../crew/child.ts";
import { type Budget, type Limits } from "./limits.ts";
import { type Listed, readListing } from "./seven-zip-listing.ts";

/** What opening one 7z needs to know. */
export interface SevenZipWork {
  readonly source: Source;
  readonly opening: Opening;
  readonly limits: Limits;
  readonly budget: Budget;
}

/** `-t7z`: none of the other formats that 7-Zip would look for, in parsers that nobody asked for. */
const QUIET = ["-t7z", "-bsp0", "-sccUTF-8", "-y"];
/** 7-Zip in WebAssembly unpacks some 10 to 40 MB/s; a tenth of that is still at work. */
const WALL_MILLIS = 600_000;
const WALL_BYTES_PER_MILLI = 1000;
const COMPLAINTS_MAX = 5;
/** How far the listing is searched for a file that came out of turn. */
const AHEAD_MAX = 1000;

/** Thrown where the child was stopped: how far it came depends on the machine, so nothing of it counts. */
export class ChildStopped extends Error {}

/** Members and troubles of a 7z in its own order. Throws ChildStopped. */
export async function* readSevenZip(work: SevenZipWork): AsyncGenerator<Found> {
  const listing = await list(work);
  if ("what" in listing) return yield listing;
  for (const found of listing.troubles) yield found;
  const declared = listing.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const refusal = work.budget.refusalOfAll(declared);
  if (refusal !== null) return yield trouble(0, "declared size", refusal, `${declared} bytes`);
  const password = await fitting(work, listing.files, declared, listing.password);
  if (password === null) {
    const locked = listing.files.filter(({ isEncrypted }) => isEncrypted).length;
    const tried =
      work.opening.passwords.length === 0 ? "no password was given" : "none of those given fits";
    const have = `${locked} members: ${tried}`;
    yield trouble(0, ENCRYPTED, "its password (--passwords FILE)", have);
  }
  yield* extract(work, listing.files, declared, password);
}

function startChild(work: SevenZipWork, list: readonly string[], declaredBytes: number) {
  const { source, limits } = work;
  return runChild({
    program: new URL("../crew/child-seven-zip.ts", import.meta.url),
    job: [String(source.byteLength), ...list, "/archive"],
    source,
    memoryBytesMax: limits.childMemoryBytesMax,
    wallMillis: WALL_MILLIS + (source.byteLength + declaredBytes) / WALL_BYTES_PER_MILLI,
  });
}

interface Listing {
  readonly files: readonly Listed[];
  readonly troubles: readonly Trouble[];
  /** The password that opens the listing itself; empty where it is open. */
  readonly password: string;
}

/** Lists without a password, then with each, as long as the names themselves are encrypted. */
async function list(work: SevenZipWork): Promise<Listing | Trouble> {
  const { passwords, entriesMax } = work.opening;
  let death: string | null = null;
  for (const password of ["", ...passwords]) {
    const words = startChild(work, ["l", "-slt", "-ba", ...QUIET, `-p${password}`], 0);
    const listing = await readListing(words, entriesMax);
    // Under a wrong password encrypted names are noise, and 7-Zip may trip over it.
    death ??= listing.death;
    if (listing.death !== null || listing.isLocked) continue;
    if (listing.isOpen) return { ...listing, password };
    return trouble(0, "7z archive", "an archive that 7-Zip opens", listing.complaint);
  }
  if (death !== null) throw new ChildStopped(death);
  const tried = passwords.length === 0 ? "no password was given" : "none of those given fits";
  return trouble(0, ENCRYPTED, "its password (--passwords FILE)", `even the names: ${tried}`);
}

/** What is told of an archive that was given up. */
export function stoppedTrouble(why: string): Trouble {
  return trouble(
    0,
    "7-Zip was stopped",
    "an archive that opens within the limits of its child; where it is encrypted, its password (--passwords FILE)",
    why,
  );
}

/** The password that opens the members; empty where none is needed, null where none fits. */
async function fitting(
  work: SevenZipWork,
  files: readonly Listed[],
  declaredBytes: number,
  opened: string,
): Promise<string | null> {
  const probe = files.findIndex(({ isEncrypted, sizeBytes }) => isEncrypted && sizeBytes > 0);
  if (probe < 0 || opened !== "") return opened;
  for (const password of work.opening.passwords) {
    let isFitting = false;
    let file = -1;
    let crc = 0;
    for await (const word of startChild(work, extraction(password), declaredBytes)) {
      if (word.kind === "file") file++;
      if (word.kind === "data" && file === probe) crc = crc32(word.bytes, crc);
      if (word.kind !== "end" || file !== probe) continue;
      isFitting = files[probe]?.crc === crc;
      break;
    }
    if (isFitting) return password;
  }
  return null;
}

function extraction(password: string): readonly string[] {
  return ["x", "-o/out", "-aou", ...QUIET, `-p${password}`];
}

/** The files in the order in which they come; one that was passed over in the listing is a trouble. */
async function* extract(
  work: SevenZipWork,
  files: readonly Listed[],
  declaredBytes: number,
  password: string | null,
): AsyncGenerator<Found> {
  const words = startChild(work, extraction(password ?? ""), declaredBytes);
  const complaints: string[] = [];
  let next = 0;
  try {
    for (;;) {
      const step = await words.next();
      if (step.done === true) return;
      const word = step.value;
      if (word.kind === "death") throw new ChildStopped(word.why);
      if (
        word.kind === "text" &&
        word.text.startsWith("ERROR") &&
        complaints.length < COMPLAINTS_MAX
      )
        complaints.push(word.text);
      if (word.kind === "done" && word.code !== 0 && complaints.length > 0 && password !== null)
        yield trouble(0, "7z archive", "Everything is Ok", complaints.join("; "));
      if (word.kind !== "file") continue;
      const at = turnOf(files, next, word.name);
      for (const { name } of files.slice(next, at))
        yield trouble(0, "member that 7-Zip left out", "every file of the listing", name);
      next = at + 1;
      const file = files[at];
      if (file === undefined || (file.isEncrypted && password === null)) continue;
      const content = () => contentOf(words, file);
      const packedBytes = work.source.byteLength;
      yield {
        kind: "member",
        name: file.name,
        modifiedMillis: file.modifiedMillis,
        packedBytes,
        offset: 0,
        content,
      };
    }
  } finally {
    await words.return();
  }
}

/** Which listed file this one is: the next, unless another further on has exactly its name. */
function turnOf(files: readonly Listed[], next: number, name: string): number {
  const isCalled = (file: Listed | undefined) => file?.name.split("/").at(-1) === name;
  if (isCalled(files[next])) return next;
  const ahead = files.slice(next, next + AHEAD_MAX).findIndex(isCalled);
  return ahead < 0 ? next : next + ahead;
}

async function* contentOf(
  words: AsyncGenerator<ChildWord, void>,
  { sizeBytes, crc: stated }: Listed,
): AsyncGenerator<Uint8Array | Trouble> {
  let crc = 0;
  let size = 0;
  for (;;) {
    const step = await words.next();
    const word = step.done === true ? null : step.value;
    if (word?.kind === "death") throw new ChildStopped(word.why);
    if (word === null || word.kind === "done")
      return yield trouble(size, "member cut short", `${sizeBytes} bytes`, `${size}; 7-Zip ended`);
    if (word.kind === "end") break;
    if (word.kind !== "data") continue;
    crc = crc32(word.bytes, crc);
    size += word.bytes.length;
    yield word.bytes;
  }
  if (size !== sizeBytes)
    yield trouble(size, "size of the member", `${sizeBytes} bytes`, `${size}`);
  else if (stated !== null && stated !== crc)
    yield trouble(size, "CRC-32", stated.toString(16), crc.toString(16));
}
