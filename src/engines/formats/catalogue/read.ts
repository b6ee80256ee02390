/**
 * A file of a catalogue, whoever wrote it, as the part that it adds. Told by content, never by name; a file that is none of them
 * is refused in words. Specs: docs/formats/catalogue.md.
 */
import { gunzipSync } from "node:zlib";
import { utf8 } from "../../../base/bytes.ts";
import type { Day } from "../../../base/day.ts";
import type { CataloguePart } from "../../../model/catalogue.ts";
import { decodedText, textFormOf } from "../text/text-form.ts";
import { isCsaf, readCsaf } from "./csaf.ts";
import { headerOf } from "./csv-rows.ts";
import { isEpss, readEpss } from "./epss.ts";
import { type JsonRead, readJson } from "./json-tree.ts";
import { isKev, isKevHeader, readKevCsv, readKevJson } from "./kev.ts";
import { isMsrcHeader, readMsrcCsv } from "./msrc.ts";
import { isOwnYaml, readOwnYaml } from "./own-yaml.ts";
import { isOwn, readOwn } from "./own.ts";
import {
  type PartRead,
  type PassedOver,
  type Refusal,
  Tally,
  isRefusal,
  partRead,
  refused,
} from "./reading.ts";

/** What a file came to: its part, with every source's hash left empty; or why there is none. */
export type CatalogueFile =
  | {
      readonly form: CatalogueForm;
      readonly part: CataloguePart;
      readonly passedOver: PassedOver;
    }
  | {
      readonly form: null;
      readonly why: string;
      /** True: it can be read once somebody says of which day it is. */
      readonly lacksDay: boolean;
    };

/** The forms that are known. */
export type CatalogueForm = "own" | "kev" | "epss" | "msrc" | "csaf";

/** Above the largest that is published (an export of all that MSRC ever listed); unpacked as well. */
export const CATALOGUE_BYTES_MAX = 67_108_864;

/** Reads a whole file. `stated` is the day that somebody gives it; what the file itself says of its day counts before that. */
export function readCatalogue(bytes: Uint8Array, stated: Day | null = null): CatalogueFile {
  const plain = unpacked(bytes);
  if (typeof plain === "string") return none(refused(plain));
  if (startsWith(plain, 0x50, 0x4b, 3, 4))
    return none(refused("it is a zip or an Excel file: unpack it, or save it as CSV"));
  if (startsWith(plain, 0xfe, 0xff)) return none(refused("it is UTF-16BE text: save it as UTF-8"));
  const { unitBytes, markBytes } = textFormOf(plain);
  const text = decodedText(plain.subarray(markBytes), unitBytes);
  if (/^\s*[{[]/.test(text)) return readOfJson(readJson(text), stated);
  if (isEpss(text)) return result("epss", readEpss(text, stated));
  const table = unitBytes === 1 ? plain.subarray(markBytes) : utf8(text);
  const kev = headerOf(table, isKevHeader);
  if (kev !== null) return result("kev", readKevCsv(table, kev, stated));
  const msrc = headerOf(table, isMsrcHeader);
  if (msrc !== null) return result("msrc", readMsrcCsv(table, msrc, stated));
  return isOwnYaml(text) ? readOfJson(readOwnYaml(text), stated) : none(refused(UNKNOWN));
}

const UNKNOWN = "it is in no form that is known here";

function startsWith(bytes: Uint8Array, ...magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

/** The bytes, out of gzip where they are in it; or why they cannot be had. */
function unpacked(bytes: Uint8Array): Uint8Array | string {
  const tooLarge = `it is larger than ${CATALOGUE_BYTES_MAX} bytes`;
  if (bytes.length > CATALOGUE_BYTES_MAX) return tooLarge;
  if (!startsWith(bytes, 0x1f, 0x8b)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: CATALOGUE_BYTES_MAX });
  } catch (error) {
    const isLarge = error instanceof RangeError;
    return isLarge ? `${tooLarge} once it is unpacked` : "it is gzip that is cut or damaged";
  }
}

function readOfJson(read: JsonRead, stated: Day | null): CatalogueFile {
  if ("why" in read) return none(refused(read.why));
  const { value } = read;
  if (isCsaf(value)) return result("csaf", readCsaf(value, stated));
  if (isKev(value)) return result("kev", readKevJson(value, stated));
  if (!isOwn(value)) return none(refused(UNKNOWN));
  const part = readOwn(value);
  return result("own", typeof part === "string" ? refused(part) : partRead(part, new Tally()));
}

function result(form: CatalogueForm, read: PartRead | Refusal): CatalogueFile {
  return isRefusal(read) ? none(read) : { form, ...read };
}

function none({ why, lacksDay }: Refusal): CatalogueFile {
  return { form: null, why, lacksDay };
}
