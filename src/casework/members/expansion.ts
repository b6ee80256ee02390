/** What a container came to when it was opened: its members as plain files, and what could not be read of it. */
import type { ContainerId, Place } from "../../model/evidence.ts";
import type { Flaw } from "../../model/flaw.ts";
import type { FileSource } from "../file-source.ts";

/** One outermost container, and where its members go. */
export interface ExpandInput {
  readonly source: FileSource;
  readonly id: ContainerId;
  /** Of the evidence itself: its `member` is empty. */
  readonly place: Place;
  /** Made anew with mode 0700, or used again where it is whole. */
  readonly folder: string;
  readonly passwords: readonly string[];
  /** Whether a member that begins so (up to HEAD_BYTES) will be read: others are counted and hashed, and never lie in plain on the disk. */
  wants(head: Uint8Array): boolean;
  /** 7z archives in it that an earlier run has given up: not tried again, so that a replay gives the same. */
  readonly stopped: readonly Stopped[];
}

/** A container whose parser was stopped, and why; nothing of it was taken. */
export interface Stopped {
  /** Empty for the evidence itself. */
  readonly member: string;
  readonly why: string;
}

/** A member as a plain file of the derived folder. */
export interface ExpandedMember {
  /** Identity: `dir/b.evtx`, nested `inner.zip!/dir/b.evtx`; as in the archive, `/` between parts. */
  readonly member: string;
  /** Label for people: the evidence's own, `!/`, and the member, decoded where a collector encoded it. */
  readonly file: string;
  /** Under the folder of the expansion, named by number; null where nobody will read it. */
  readonly path: string | null;
  readonly sizeBytes: number;
  /** Of the plain bytes, hexadecimal. */
  readonly sha256: string;
  readonly modifiedMillis: number | null;
  /** A container in the container: its own members follow. */
  readonly container: ContainerId | null;
}

/** In the order of the archive, nested members behind their container. */
export interface Expansion {
  readonly members: readonly ExpandedMember[];
  readonly flaws: readonly Flaw[];
  readonly stopped: readonly Stopped[];
}
