/**
 * One entry of a zip as a member: where its bytes lie, how they are unpacked, and whether they are what was promised.
 * Refuses by name what it cannot unpack; nothing that a header says is believed before it was counted.
 */
import { crc32 } from "node:zlib";
import type { Source } from "../../../base/source.ts";
import { inflate, type Inflated } from "./inflate.ts";
import {
  ENCRYPTED,
  type Found,
  isBytes,
  type Opening,
  piecesOf,
  trouble,
  type Trouble,
} from "./member.ts";
import {
  AES_SALT_BYTES,
  openAes,
  openTraditional,
  type Opened,
  passwordBytes,
} from "./zip-encryption.ts";
import { decodeUtf8 } from "./code-page.ts";
import { type Entry, FLAG, LOCAL_BYTES, SIGNATURE, viewOf } from "./zip-layout.ts";

const STORED = 0;
const DEFLATED = 8;
const AES = 99;

/** Compression methods by number (APPNOTE 4.4.5), for the words of a refusal. */
const METHODS: Readonly<Record<number, string>> = {
  1: "shrunk",
  6: "imploded",
  9: "deflate64",
  10: "PKWARE DCL imploded",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  94: "MP3",
  95: "xz",
  96: "JPEG",
  97: "WavPack",
  98: "PPMd",
  99: "AES without its extra field",
};

/** Trials in vain that one archive may cost, over all of its members: each is a thousand rounds of hashing. */
const TRIALS_MAX = 10_000;
const LINK_BYTES_MAX = 4096;

/** The passwords of one archive, the last that fitted first. */
export interface Keyring {
  readonly opening: Opening;
  readonly passwords: Uint8Array[];
  /** Trials in vain so far. */
  trials: number;
}

/** The given passwords as bytes to try. */
export function keyringOf(opening: Opening): Keyring {
  return { opening, passwords: opening.passwords.flatMap(passwordBytes), trials: 0 };
}

/** Where an entry's packed bytes lie, how much of them is there, and what they are. */
interface Packed extends Opened {
  readonly method: number;
  readonly checksCrc: boolean;
}

/** The entry as member, or why it is none. Its data ends before `limit`. Null for a folder. */
export async function memberOf(
  source: Source,
  entry: Entry,
  limit: number,
  keyring: Keyring,
): Promise<Found | null> {
  if (entry.isFolder) return null;
  const refusal = refusalOf(entry);
  if (refusal !== null) return refusal;
  const start = dataStart(source, entry, limit);
  if (typeof start !== "number") return start;
  const end = Math.min(limit, start + entry.packedBytes);
  if (entry.isLink) return linkTrouble(source, entry, start, end);
  const packed = await packedOf(source, entry, start, end, keyring);
  if ("what" in packed) return packed;
  return {
    kind: "member",
    name: entry.name,
    modifiedMillis: entry.modifiedMillis,
    packedBytes: end - start,
    offset: entry.localAt,
    content: () => contentOf(source, entry, packed, end - start),
  };
}

function refusalOf({ flags, method, aes, name, localAt }: Entry): Trouble | null {
  if ((flags & (FLAG.strong | FLAG.masked)) !== 0)
    return trouble(localAt, "strong encryption", "AES or traditional encryption, or none", name);
  if ((flags & FLAG.encrypted) !== 0 && aes !== null && AES_SALT_BYTES[aes.strength] === undefined)
    return trouble(localAt, "AES strength", "1, 2 or 3", `${name}: ${aes.strength}`);
  const real = method === AES && aes !== null ? aes.method : method;
  if (real === STORED || real === DEFLATED) return null;
  const named = METHODS[real] ?? "unknown";
  return trouble(
    localAt,
    "compression method",
    "stored or deflated",
    `${name}: ${named} (${real})`,
  );
}

/** First byte behind the local header, which must be one and speak of the same entry. */
function dataStart(source: Source, { localAt, name }: Entry, limit: number): number | Trouble {
  // Below zero where the directory lies about its own length, and all offsets are shifted by that.
  if (localAt < 0 || localAt + LOCAL_BYTES > limit) {
    const need = `within the ${limit} bytes before the central directory`;
    return trouble(
      Math.max(0, Math.min(localAt, limit)),
      "place of a member",
      need,
      `${name}: byte ${localAt}`,
    );
  }
  const view = viewOf(source.read(localAt, localAt + LOCAL_BYTES));
  const signature = view.getUint32(0, true);
  if (signature !== SIGNATURE.local) {
    const have = `${name}: 0x${signature.toString(16).padStart(8, "0")}`;
    return trouble(localAt, "signature of a local header", "0x04034b50", have);
  }
  const start = localAt + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (start <= limit) return start;
  return trouble(localAt, "length of a local header", `at most ${limit - localAt} bytes`, name);
}

function linkTrouble(source: Source, entry: Entry, start: number, end: number): Trouble {
  const isPlain = entry.method === STORED && end - start <= LINK_BYTES_MAX;
  const target = isPlain ? decodeUtf8(source.read(start, end)) : null;
  const have = `${entry.name} -> ${target ?? "a packed target"}`;
  return trouble(entry.localAt, "symbolic link", "a file; links are never followed", have);
}

async function packedOf(
  source: Source,
  entry: Entry,
  start: number,
  end: number,
  keyring: Keyring,
): Promise<Packed | Trouble> {
  if ((entry.flags & FLAG.encrypted) === 0)
    return { start, end, method: entry.method, checksCrc: true, decrypt: (pieces) => pieces };
  for (const [at, password] of [...keyring.passwords].entries()) {
    if (keyring.trials >= TRIALS_MAX) {
      const need = `at most ${TRIALS_MAX} trials of passwords in one archive`;
      return trouble(entry.localAt, ENCRYPTED, need, entry.name);
    }
    const packed = await tryPassword(source, entry, start, end, password, keyring);
    await keyring.opening.breathe();
    if (packed === null) {
      keyring.trials++;
      continue;
    }
    keyring.passwords.splice(at, 1);
    keyring.passwords.unshift(password);
    return packed;
  }
  const tried =
    keyring.passwords.length === 0 ? "no password was given" : "none of those given fits";
  const have = `${entry.name}: ${tried}`;
  return trouble(entry.localAt, ENCRYPTED, "its password (--passwords FILE)", have);
}

async function tryPassword(
  source: Source,
  entry: Entry,
  start: number,
  end: number,
  password: Uint8Array,
  { opening }: Keyring,
): Promise<Packed | null> {
  if (entry.aes !== null) {
    const { strength, method, version } = entry.aes;
    const saltBytes = AES_SALT_BYTES[strength] ?? 0;
    const opened = await openAes(source, start, end, saltBytes, password, opening);
    // AE-2 leaves the CRC out; its authentication code was checked above.
    return opened === null ? null : { ...opened, method, checksCrc: version === 1 };
  }
  const check = (entry.flags & FLAG.descriptor) === 0 ? entry.crc >>> 24 : entry.timeByte;
  const opened = openTraditional(source, start, end, check, password);
  if (opened === null) return null;
  // One wrong password in 256 comes this far, so the content decides, before any of it is believed.
  const packed = { ...opened, method: entry.method, checksCrc: true };
  for await (const piece of contentOf(source, entry, packed, end - start))
    if (isBytes(piece)) await opening.breathe();
    else return null;
  return packed;
}

/** The plain bytes, then what they are not: one trouble, the first that explains the others. */
async function* contentOf(
  source: Source,
  entry: Entry,
  packed: Packed,
  presentBytes: number,
): AsyncGenerator<Uint8Array | Trouble> {
  const whole = packed.end - packed.start;
  const ended: Inflated = { packedBytes: whole, damage: null };
  const pieces = packed.decrypt(piecesOf(source, packed.start, packed.end));
  let crc = 0;
  let size = 0;
  for await (const piece of packed.method === STORED ? pieces : inflate(pieces, ended)) {
    crc = crc32(piece, crc);
    size += piece.length;
    yield piece;
  }
  const promised = `${entry.sizeBytes} bytes, as the archive says`;
  if (presentBytes < entry.packedBytes)
    yield trouble(size, "member cut short", `${entry.packedBytes} packed bytes`, `${presentBytes}`);
  else if (ended.damage !== null)
    yield trouble(size, "deflated data", "a sound stream to its end", ended.damage);
  else if (size !== entry.sizeBytes) yield trouble(size, "size of the member", promised, `${size}`);
  else if (packed.checksCrc && crc !== entry.crc)
    yield trouble(size, "CRC-32", hex(entry.crc), hex(crc));
  else if (ended.packedBytes !== whole)
    yield trouble(size, "packed size", `${whole} bytes, all of the stream`, `${ended.packedBytes}`);
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
