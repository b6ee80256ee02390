/** The one constructor of the brand EvidenceHash. Refuses nothing: who calls it has made the hash. */
import type { EvidenceHash } from "../model/evidence.ts";

/** The brand's one constructor: 64 lower-case hexadecimal digits. */
export function evidenceHash(text: string): EvidenceHash {
  return text as EvidenceHash;
}
