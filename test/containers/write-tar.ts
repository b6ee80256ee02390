/** Tars and gzips for the trials, sound and otherwise; header by header. */
import { gzipSync } from "node:zlib";

export interface TarEntry {
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly type?: string;
  readonly link?: string;
  readonly sizeBytes?: number;
  readonly mtime?: number;
  readonly magic?: string;
}

const BLOCK = 512;

/** A tar of these entries, with its two blocks of zeros. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(2 * BLOCK)]);
}

/** Header and padded content of one entry. */
export function tarEntry(entry: TarEntry): Buffer {
  const bytes = entry.bytes ?? Buffer.alloc(0);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  header.write(entry.name, 0, 100);
  header.write("0000644\0", 100);
  header.write(`${octal(entry.sizeBytes ?? bytes.length, 11)}\0`, 124);
  header.write(`${octal(entry.mtime ?? 1_628_812_800, 11)}\0`, 136);
  header.write("        ", 148);
  header.write(entry.type ?? "0", 156);
  header.write(entry.link ?? "", 157, 100);
  header.write(entry.magic ?? "ustar\u000000", 257, "latin1");
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** A pax record block before an entry. */
export function paxEntry(records: Readonly<Record<string, string>>, type = "x"): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const body = Buffer.byteLength(` ${key}=${value}\n`);
    let length = body + String(body).length;
    if (body + String(length).length !== length) length = body + String(length).length;
    return `${length} ${key}=${value}\n`;
  });
  return tarEntry({ name: "pax", type, bytes: Buffer.from(lines.join("")) });
}

/** GNU's long name before an entry. */
export function gnuLongName(name: string): Buffer {
  return tarEntry({
    name: "././@LongLink",
    type: "L",
    bytes: Buffer.from(`${name}\0`),
    magic: "ustar  \0",
  });
}

/** A gzip of one or more members, one a piece; with a name in the first header where one is given. */
export function writeGzip(pieces: readonly Uint8Array[], name = ""): Buffer {
  return Buffer.concat(
    pieces.map((piece, at) => {
      const packed = gzipSync(piece);
      if (at > 0 || name === "") return packed;
      packed[3] = 8;
      return Buffer.concat([packed.subarray(0, 10), Buffer.from(`${name}\0`), packed.subarray(10)]);
    }),
  );
}
