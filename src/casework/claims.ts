/**
 * Claims as an input of a run: files of what people say about hosts and updates, sealed as they were handed in. Refuses a file that holds
 * not one claim: it was meant to hold some.
 */
import { Buffer } from "node:buffer";
import { z } from "zod";
import { utf8 } from "../base/bytes.ts";
import { Fault } from "../base/fault.ts";
import { readAll } from "../base/source.ts";
import { canonicalJson } from "../base/text.ts";
import { parseClaims } from "../engines/formats/index.ts";
import type { Claim, Claims } from "../model/claim.ts";
import { jsonOf } from "./bodies.ts";
import { fileSource } from "./file-source.ts";
import { inputText, sealInput } from "./inputs.ts";
import type { Vault } from "./vault/index.ts";

/** A file of claims as it was handed in. */
export interface ClaimsFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Hundreds of thousands of claims fit; a log that was named by mistake does not. */
const SIZE_BYTES_MAX = 64 << 20;

/** Reads files of claims. Faults: not-found, not-readable; claims-invalid where one holds no claim, or is far too large. */
export function readClaimsFiles(paths: readonly string[]): readonly ClaimsFile[] {
  return paths.map((file) => {
    const bytes = bytesOf(file);
    if (bytes === null || parseClaims(bytes, file).claims.length === 0)
      throw new Fault(
        "claims-invalid",
        `no claim can be read in ${file}`,
        "a CSV with the columns host,product,kb,claim,by,at,reference, or a YAML list of such entries",
      );
    return { file, bytes };
  });
}

/** The bytes of a file; null where it has more than claims ever take. */
function bytesOf(file: string): Uint8Array | null {
  const source = fileSource(file);
  try {
    return source.byteLength > SIZE_BYTES_MAX ? null : readAll(source);
  } finally {
    source.close();
  }
}

/** Seals the files as one input; gives its object id. */
export function sealClaims(vault: Vault, files: readonly ClaimsFile[], by: string): string {
  const packed = files.map(({ file, bytes }) => ({
    file,
    base64: Buffer.from(bytes).toString("base64"),
  }));
  return sealInput(vault, "claims", utf8(canonicalJson(packed)), by);
}

const FILES = z.array(z.object({ file: z.string(), base64: z.string() }));

/** The claims of a sealed input, file by file; none where there is none. */
export function claimsOf(vault: Vault, object: string | null): Claims {
  if (object === null) return parsedClaims([]);
  const packed = jsonOf(vault, object, FILES, inputText(vault, object));
  return parsedClaims(
    packed.map(({ file, base64 }) => ({ file, bytes: Buffer.from(base64, "base64") })),
  );
}

/** What files of claims hold together. */
export function parsedClaims(files: readonly ClaimsFile[]): Claims {
  const read = files.map(({ file, bytes }) => parseClaims(bytes, file));
  return {
    claims: read.flatMap(({ claims }): readonly Claim[] => claims),
    flaws: read.flatMap(({ flaws }) => flaws),
    assumptions: read.flatMap(({ assumptions }) => assumptions),
  };
}
