/** Zips for the trials, sound and otherwise: stored, deflated, encrypted both ways. Written from APPNOTE, not from the reader. */
import { createCipheriv, createHmac, pbkdf2Sync } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly bytes: Uint8Array;
  readonly stored?: boolean;
  readonly password?: string;
  /** Bits of AES; traditional encryption without. */
  readonly aes?: 128 | 192 | 256;
  /** AE version, 2 unless told. */
  readonly vendor?: 1 | 2;
  /** Sizes and CRC behind the data. */
  readonly descriptor?: boolean;
  readonly extra?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly sizeBytes?: number;
  readonly attributes?: number;
  readonly zip64?: boolean;
}

const UTF8 = 1 << 11;
const numbers = (...pairs: readonly (readonly [number, number])[]): Buffer =>
  Buffer.concat(
    pairs.map(([value, length]) => {
      const bytes = Buffer.alloc(length);
      if (length === 8) bytes.writeBigUInt64LE(BigInt(value));
      else bytes.writeUIntLE(value, 0, length);
      return bytes;
    }),
  );

function encryptAes(packed: Uint8Array, password: string, bits: 128 | 192 | 256): Buffer {
  const keyBytes = bits / 8;
  const salt = Buffer.alloc(keyBytes / 2, 7);
  const derived = pbkdf2Sync(password, salt, 1000, keyBytes * 2 + 2, "sha1");
  const cipher = createCipheriv(`aes-${bits}-ecb`, derived.subarray(0, keyBytes), null);
  const out = Buffer.from(packed);
  for (let at = 0; at < out.length; at += 16) {
    const counter = Buffer.alloc(16);
    counter.writeUInt32LE(at / 16 + 1);
    const stream = cipher.update(counter);
    for (let byte = at; byte < Math.min(out.length, at + 16); byte++)
      out[byte] = (out[byte] ?? 0) ^ (stream[byte - at] ?? 0);
  }
  const mac = createHmac("sha1", derived.subarray(keyBytes, keyBytes * 2))
    .update(out)
    .digest();
  return Buffer.concat([salt, derived.subarray(keyBytes * 2), out, mac.subarray(0, 10)]);
}

/** One byte at a time, with the CRC of zlib: slow, and unlike the reader's. */
function encryptTraditional(packed: Uint8Array, password: string, check: number): Buffer {
  const step = (crc: number, byte: number) => ~crc32(Uint8Array.of(byte), ~crc >>> 0) >>> 0;
  let keys: readonly [number, number, number] = [0x12345678, 0x23456789, 0x34567890];
  const stir = (byte: number) => {
    const one = step(keys[0], byte);
    const two = Number(((BigInt(keys[1]) + BigInt(one & 0xff)) * 134_775_813n + 1n) & 0xffffffffn);
    keys = [one, two, step(keys[2], two >>> 24)];
  };
  for (const byte of Buffer.from(password)) stir(byte);
  const plain = Buffer.concat([Buffer.alloc(11, 3), Buffer.of(check), packed]);
  return plain.map((byte) => {
    const mixed = (keys[2] | 2) & 0xffff;
    const key = (Math.imul(mixed, mixed ^ 1) >>> 8) & 0xff;
    stir(byte);
    return byte ^ key;
  }) as Buffer;
}

/** A zip of these entries; `comment` is its own. */
export function writeZip(entries: readonly ZipEntry[], comment = ""): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { local, central } = writeEntry(entry, at);
    locals.push(local);
    centrals.push(central);
    at += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = numbers(
    [0x06054b50, 4],
    [0, 4],
    [entries.length, 2],
    [entries.length, 2],
    [directory.length, 4],
    [at, 4],
    [comment.length, 2],
  );
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)]);
}

function writeEntry(entry: ZipEntry, at: number): { local: Buffer; central: Buffer } {
  const { bytes, password, aes, descriptor = false, zip64 = false, vendor = 2 } = entry;
  const name = Buffer.from(entry.name);
  const method = entry.stored === true ? 0 : 8;
  const crc = entry.crc ?? crc32(bytes);
  const time = 0x6543;
  const plain = method === 0 ? Buffer.from(bytes) : deflateRawSync(bytes);
  const check = descriptor ? time >>> 8 : crc >>> 24;
  const packed =
    password === undefined
      ? plain
      : aes === undefined
        ? encryptTraditional(plain, password, check)
        : encryptAes(plain, password, aes);
  const ascii = typeof entry.name === "string" && !/[\u0080-\uffff]/.test(entry.name);
  const flags =
    entry.flags ??
    (password === undefined ? 0 : 1) |
      (descriptor ? 8 : 0) |
      (ascii || typeof entry.name !== "string" ? 0 : UTF8);
  const aesExtra =
    aes === undefined
      ? Buffer.alloc(0)
      : numbers([0x9901, 2], [7, 2], [vendor, 2], [0x4541, 2], [aes / 64 - 1, 1], [method, 2]);
  const size = entry.sizeBytes ?? bytes.length;
  const wide = zip64
    ? numbers([1, 2], [24, 2], [size, 8], [packed.length, 8], [at, 8])
    : Buffer.alloc(0);
  const extra = Buffer.concat([aesExtra, wide, entry.extra ?? Buffer.alloc(0)]);
  const shown = aes === undefined ? (entry.method ?? method) : 99;
  const stated = aes !== undefined && vendor === 2 ? 0 : crc;
  const all = 0xffffffff;
  const sizes = zip64 ? [all, all, all] : [packed.length, size, at];
  const fixed = (isLocal: boolean) =>
    numbers(
      [20, 2],
      [flags, 2],
      [shown, 2],
      [time, 2],
      [0x5321, 2],
      [isLocal && descriptor ? 0 : stated, 4],
      [isLocal && descriptor ? 0 : (sizes[0] ?? 0), 4],
      [isLocal && descriptor ? 0 : (sizes[1] ?? 0), 4],
      [name.length, 2],
      [extra.length, 2],
    );
  const behind = descriptor
    ? numbers([0x08074b50, 4], [stated, 4], [packed.length, 4], [size, 4])
    : Buffer.alloc(0);
  const local = Buffer.concat([numbers([0x04034b50, 4]), fixed(true), name, extra, packed, behind]);
  const attributes = entry.attributes ?? 0;
  const central = Buffer.concat([
    numbers([0x02014b50, 4], [attributes === 0 ? 20 : 0x0314, 2]),
    fixed(false),
    numbers([0, 2], [0, 2], [0, 2], [attributes, 4], [sizes[2] ?? 0, 4]),
    name,
    extra,
  ]);
  return { local, central };
}
