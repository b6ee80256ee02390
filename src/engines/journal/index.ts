/** The door of the journal: entries, tree, checkpoints, proofs. Format: docs/formats/journal.md. */
export {
  keyIdOf,
  originOf,
  parseCheckpoint,
  signCheckpoint,
  signMessage,
  signerOf,
  splitNotes,
  verifyCheckpoint,
  verifyMessage,
} from "./checkpoint.ts";
export type { Checkpoint, Signer } from "./checkpoint.ts";
export { formatEntry, parseEntry } from "./entry.ts";
export { errorCode, fileFault, nodeFiles } from "./files.ts";
export type { FileHandle, JournalFiles } from "./files.ts";
export { CHECKPOINTS_FILE, ENTRIES_FILE, Journal, openJournal } from "./journal.ts";
export type { Cut, JournalSettings } from "./journal.ts";
export { verifyConsistency, verifyInclusion } from "./proof.ts";
export { MerkleTree, leafHash, nodeHash } from "./tree.ts";
export type { Hash } from "./tree.ts";
export { checkJournal } from "./check.ts";
export type { JournalCheck, JournalTrouble } from "./check.ts";
