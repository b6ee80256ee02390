/**
 * Tar archives as a stream of blocks: ustar, GNU long names, pax records (docs/formats/archive.md).
 * Specification: POSIX.1-2017 pax; GNU tar manual. Refuses links, devices and sparse files by name; follows nothing.
 */
import type { ByteStream } from "./byte-stream.ts";
import { type Found, type Opening, trouble, type Trouble } from "./member.ts";
import { BLOCK_BYTES, isZeroBlock, readTarHeader, type TarHeader, tarText } from "./tar-header.ts";

/** Long names and pax records are small; what claims to be longer is passed over. */
const RECORDS_BYTES_MAX = 1 << 20;

/** Types that are no files, in words. */
const REFUSED: Readonly<Record<string, string>> = {
  "1": "hard link",
  "2": "symbolic link",
  "3": "character device",
  "4": "block device",
  "6": "named pipe",
  S: "sparse file",
  M: "file continued from another volume",
};
const FILES = ["0", "7"];
/** Folders, volume names and folder listings hold no content of their own. */
const WITHOUT_CONTENT = ["5", "V", "D"];

/** What records before a header say about the file behind it. */
interface Records {
  readonly path?: string | undefined;
  readonly linkpath?: string | undefined;
  readonly size?: string | undefined;
  readonly mtime?: string | undefined;
  readonly sparse?: string | undefined;
}

/** Members and troubles of a tar in order; `packedBytes` is of the archive that it came in. */
export async function* readTar(
  stream: ByteStream,
  packedBytes: number,
  { entriesMax }: Opening,
): AsyncGenerator<Found> {
  let general: Records = {};
  let next: Records = {};
  let entries = 0;
  let isEnded = false;
  for (;;) {
    const at = stream.offset;
    const step = await nextHeader(stream);
    yield* stream.takeTroubles();
    if (step.passed > 0)
      yield trouble(at, "tar header", "a block with its checksum", `${step.passed} bytes of else`);
    isEnded = step.passed === 0 && (step.isZero || (isEnded && step.header === null));
    if (step.isZero) continue;
    if (step.header === null) {
      if (!isEnded) yield trouble(stream.offset, "end of the tar", "blocks of zeros", "none");
      return;
    }
    if (entries++ >= entriesMax)
      return yield trouble(at, "number of entries", `at most ${entriesMax}`, "more");
    const { header } = step;
    if ("LKxg".includes(header.type)) {
      const records = await readRecords(stream, header);
      if (records === null) {
        const have = `${header.sizeBytes} bytes`;
        yield trouble(at, "tar record", `at most ${RECORDS_BYTES_MAX} bytes, all there`, have);
      } else if (header.type === "g") general = { ...general, ...records };
      else next = { ...next, ...records };
      continue;
    }
    yield* readFile(stream, at, withRecords(header, { ...general, ...next }), packedBytes);
    next = {};
  }
}

/** The next header; a block of zeros stands for itself. What is neither is passed over and counted. */
async function nextHeader(stream: ByteStream) {
  let passed = 0;
  for (;;) {
    const block = await stream.take(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES)
      return { header: null, isZero: false, passed: passed + block.length };
    const header = readTarHeader(block);
    if (header !== null) return { header, isZero: false, passed };
    if (isZeroBlock(block)) return { header, isZero: true, passed };
    passed += BLOCK_BYTES;
  }
}

interface Described extends TarHeader {
  readonly isSparse: boolean;
}

async function* readFile(
  stream: ByteStream,
  at: number,
  header: Described,
  packedBytes: number,
): AsyncGenerator<Found> {
  const { name, type, sizeBytes } = header;
  if (!(sizeBytes >= 0 && sizeBytes <= Number.MAX_SAFE_INTEGER - BLOCK_BYTES)) {
    yield trouble(at, "size of a tar member", "a length", `${name}: ${sizeBytes}`);
    return;
  }
  // A link has no content, whatever its size field says.
  const contentBytes = type === "1" || type === "2" ? 0 : sizeBytes;
  const end = stream.offset + contentBytes;
  const refused = header.isSparse ? REFUSED["S"] : REFUSED[type];
  if (refused !== undefined) {
    const have = header.link === "" ? name : `${name} -> ${header.link}`;
    yield trouble(at, refused, "a file; links are never followed", have);
  } else if (FILES.includes(type)) {
    const seconds = header.modifiedSeconds;
    yield {
      kind: "member",
      name,
      modifiedMillis: seconds === null ? null : Math.floor(seconds * 1000),
      packedBytes,
      offset: at,
      content: () => contentOf(stream, contentBytes),
    };
  } else if (!WITHOUT_CONTENT.includes(type)) {
    yield trouble(at, "type of a tar member", "a file, folder or link", `${name}: ${type}`);
  }
  const padding = (BLOCK_BYTES - (contentBytes % BLOCK_BYTES)) % BLOCK_BYTES;
  await stream.skip(end + padding - stream.offset);
}

async function* contentOf(
  stream: ByteStream,
  sizeBytes: number,
): AsyncGenerator<Uint8Array | Trouble> {
  const start = stream.offset;
  for await (const piece of stream.pass(sizeBytes)) yield piece;
  const given = stream.offset - start;
  if (given < sizeBytes) yield trouble(given, "member cut short", `${sizeBytes} bytes`, `${given}`);
}

function withRecords(header: TarHeader, records: Records): Described {
  const seconds = Number(records.mtime ?? header.modifiedSeconds ?? Number.NaN);
  return {
    ...header,
    name: records.path ?? header.name,
    link: records.linkpath ?? header.link,
    sizeBytes: Number(records.size ?? header.sizeBytes),
    modifiedSeconds: Number.isFinite(seconds) ? seconds : null,
    isSparse: records.sparse !== undefined,
  };
}

/** A long name or pax records, with their padding; null where they are too long or cut. */
async function readRecords(stream: ByteStream, header: TarHeader): Promise<Records | null> {
  const { sizeBytes, type } = header;
  const blocks = Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  if (!(sizeBytes >= 0 && sizeBytes <= RECORDS_BYTES_MAX)) {
    if (blocks > 0 && Number.isSafeInteger(blocks)) await stream.skip(blocks);
    return null;
  }
  const bytes = (await stream.take(blocks)).subarray(0, sizeBytes);
  if (bytes.length < sizeBytes) return null;
  if (type === "x" || type === "g") return readPax(bytes);
  const end = bytes.indexOf(0);
  const long = tarText(end < 0 ? bytes : bytes.subarray(0, end));
  return type === "L" ? { path: long } : { linkpath: long };
}

/** Records of the form `length key=value\n`; what does not keep the form ends them. */
function readPax(bytes: Uint8Array): Records {
  const found: Record<string, string> = Object.create(null);
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? 0 : Number(tarText(bytes.subarray(at, blank)));
    const record = bytes.subarray(blank + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (!(length > blank - at) || at + length > bytes.length || equals < 0) break;
    const key = tarText(record.subarray(0, equals));
    found[key] = tarText(record.subarray(equals + 1));
    if (key.startsWith("GNU.sparse.")) found["sparse"] = "yes";
    at += length;
  }
  const { path, linkpath, size, mtime, sparse } = found;
  return Object.fromEntries(
    Object.entries({ path, linkpath, size, mtime, sparse }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
