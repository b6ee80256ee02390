/** What the rest of the program needs to know of a vault: settings in, acts, reports out. No behaviour. */
import type { Ticks } from "../../base/time.ts";
import type { ActKind, ObjectReference } from "../../model/act.ts";
import type { VaultFiles } from "./files.ts";

/** Where the vault's key comes from. */
export type KeyChoice =
  /** `<configFolder>/keys/<vault id>.key`. */
  | { readonly kind: "default" }
  /** `--key FILE`. */
  | { readonly kind: "file"; readonly path: string }
  /** `--passphrase-file FILE`: the first line of the file. */
  | { readonly kind: "passphrase-file"; readonly path: string }
  /** `BREAKWATER_KEY`: 32 bytes as hexadecimal or base64. */
  | { readonly kind: "text"; readonly text: string };

/** What a door hands down so that a vault can be opened: its key, its clock, its chance. */
export interface VaultSettings {
  readonly key: KeyChoice;
  /** The program's folder in the user's configuration: `~/.config/breakwater`. See configFolderOf. */
  readonly configFolder: string;
  readonly clock: () => Ticks;
  /** That many bytes nobody can guess (node:crypto randomBytes). */
  readonly random: (sizeBytes: number) => Uint8Array;
  /** Told, a line each, what the start removed because a crash had left it. */
  readonly notice?: (line: string) => void;
  /** Tests put failing disks here. */
  readonly files?: VaultFiles;
}

/** A sealed object that is safely on the disk, and not yet named by any act. */
export interface Sealed {
  readonly reference: ObjectReference;
  /** SHA-256 of the plaintext, hexadecimal: the evidence hash. Stays out of the journal. */
  readonly sha256: string;
  /** Length of the plaintext. */
  readonly sizeBytes: number;
}

/** One act to be journalled. */
export interface Act {
  readonly kind: ActKind;
  /** Stated name of who acts; the journal gets a keyed hash of it. */
  readonly by: string;
  /** What the act is about: an object id, or a SHA-256 in hexadecimal. Absent: the sealed object of this act, or else the vault. */
  readonly subject?: string;
  /** The act's own words; sealed as canonical JSON. Null where there are none. */
  readonly body: unknown;
  /** What this act brings in; null for other acts. */
  readonly sealed: ObjectReference | null;
}

/** Told after each block: bytes done of bytes known in advance. */
export type Progress = (doneBytes: number, totalBytes: number) => void;

/** Something that is not as it was when the journal was signed. */
export interface Trouble {
  readonly what:
    | "altered"
    | "removed"
    | "added"
    | "reordered"
    | "truncated"
    | "rolled-back"
    | "unreadable";
  /** Path inside the vault, or of the checkpoint that was compared. */
  readonly file: string;
  /** Byte in the file where the trouble shows first; null where that cannot be told. */
  readonly offset: number | null;
  /** First and last journal entry that it can be; null where it is not about an entry. */
  readonly entries: readonly [number, number] | null;
  /** Object id; null where it is not about an object. */
  readonly object: string | null;
  /** One line for people, without the path. */
  readonly message: string;
}

/** An object that is gone because an act says so: nothing is wrong with it. */
export interface DestroyedObject {
  readonly object: string;
  /** The journal entry that destroyed it, and its time. */
  readonly entry: number;
  readonly time: Ticks;
}

/** What verifyVault found. */
export interface VerifyReport {
  /** No trouble at all. */
  readonly intact: boolean;
  /** 32 hexadecimal digits, or empty where vault.json could not be read. */
  readonly vault: string;
  /** Entries under the last valid checkpoint. */
  readonly entries: number;
  readonly checkpoints: number;
  /** Objects that entries name, and the bytes of them that were hashed. */
  readonly objects: number;
  readonly sizeBytes: number;
  /** True: objects were also decrypted, and held against the keyed hash of their content. */
  readonly decrypted: boolean;
  /** Evidence outside the vault that was held against its hash; 0 without the key. */
  readonly outside: number;
  readonly troubles: readonly Trouble[];
  readonly destroyed: readonly DestroyedObject[];
  /** Work in progress of a running owner: not acknowledged yet, so not judged. */
  readonly unfinished: readonly string[];
  /** What was not checked and why: no key, no checkpoint to compare with. */
  readonly unchecked: readonly string[];
  /** Text of the last valid checkpoint, for keeping elsewhere; empty where there is none. */
  readonly checkpoint: string;
}

/** What verifyVault may use besides the vault itself. */
export interface VerifySettings {
  /** Null: work without the key. A default key that does not exist is the same as null. */
  readonly key: KeyChoice | null;
  /** For the checkpoint and public key kept beside the key; null: compare with neither. */
  readonly configFolder: string | null;
  /** Text of a checkpoint that was kept elsewhere (`verify --checkpoint FILE`). */
  readonly checkpoint: string | null;
}
