/** Evidence: a file as received, and the place of anything inside it. */
import type { Ticks } from "../base/time.ts";

/** SHA-256 of the evidence as received, 64 lower-case hexadecimal digits. */
export type EvidenceHash = string & { readonly __brand: "EvidenceHash" };

/** Stands for the hash of what could not be opened and so was not taken in. */
export const NO_EVIDENCE = "" as EvidenceHash;

/** The formats that have a reader; the registry in engines/formats holds one card for each. */
export const FORMAT_IDS = [
  "evtx",
  "iis",
  "plaso",
  "timesketch",
  "windows-json",
  "syslog",
  "m365",
  "clixml",
  "exchange",
  "exchange-setup",
  "task",
  "table",
  "mft",
  "usn",
  "systeminfo",
  "nmap",
  "mail",
  "registry",
  "ncsa",
  "mplog",
  "clamav",
  "http-headers",
  "audit-xml",
] as const;

/** A format that has a reader. */
export type FormatId = (typeof FORMAT_IDS)[number];

/** Formats of what no single computer wrote about itself: a tenant's exports, mails, an inventory, a look from outside. */
export const NOT_OF_A_HOST: ReadonlySet<FormatId> = new Set([
  "clixml",
  "http-headers",
  "m365",
  "mail",
  "nmap",
  "table",
]);

/**
 * Formats whose rows are no log: states of things, with times that reach back as far as the things do. How far such a source goes
 * back, and when it is silent, says nothing of what was recorded.
 */
export const STATE_FORMATS: ReadonlySet<FormatId> = new Set([
  "mft",
  "registry",
  "task",
  "systeminfo",
  "clixml",
  "nmap",
  "http-headers",
  "table",
  "mail",
]);

/** Containers whose members are evidence of their own place (docs/design/containers.md). */
export type ContainerId = "zip" | "tar" | "gzip" | "7z";

/** Where a record stands, for machines (evidence, member, offset) and for people (file). */
export interface Place {
  readonly evidence: EvidenceHash;
  /** Path inside a container, `/` between parts; empty for the evidence itself. */
  readonly member: string;
  /** As it was given, with `!/` before a member: a label for people, never an identity. */
  readonly file: string;
}

/**
 * What happened to one file on its way in. `unread` keeps the bytes and says that no reader knows them; `opened` is a
 * container whose members stand for themselves.
 */
export type Intake = "read" | "unread" | "duplicate" | "opened" | "destroyed";

/** Where the bytes of an evidence are. */
export type Holding =
  /** In one sealed object of the vault. */
  | { readonly kind: "sealed"; readonly object: string }
  /** Too large to copy: where it was, by absolute path; protected by nothing but its hash (docs/design/by-reference.md). */
  | { readonly kind: "referenced"; readonly path: string }
  /** A log that grows: sealed segments in order (docs/design/growing-logs.md). */
  | { readonly kind: "log"; readonly segments: readonly string[] }
  /** Its key was dropped, by an act: the bytes are gone for good, what was known of it is not. */
  | { readonly kind: "destroyed"; readonly at: Ticks };

/** A file as received: hashed, with who handed it in and when. */
export interface Evidence {
  /** Of its bytes; of a log that grows, of what identifies it (device, inode and head). */
  readonly hash: EvidenceHash;
  /** As given on the command line. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly holding: Holding;
  readonly takenAt: Ticks;
  /** Stated name of the person who handed it in. */
  readonly by: string;
  /** Last change of the file where it lay, as its file system told it. */
  readonly modifiedAt: Ticks | null;
}

/** Something that was taken for granted in order to read a source, and why: shown beside every answer. */
export interface Assumption {
  readonly file: string;
  readonly what: "zone" | "host" | "site" | "skew" | "year" | "day-order" | "table" | "encoding";
  readonly value: string;
  readonly why: string;
}

/** Whether 03/04/2021 is the third of April or the fourth of March. */
export type DayOrder = "day-first" | "month-first";

/**
 * What the case file says about a source, resolved for one file. Null where it says nothing:
 * the reader then uses what its format's specification says, and states the assumption.
 */
export interface Setting {
  readonly place: Place;
  readonly host: string | null;
  /** IANA name, such as `Europe/Guernsey`. */
  readonly zone: string | null;
  /** How far the source's clock was ahead of true time, in milliseconds; readers subtract it. */
  readonly skewMillis: number;
  /** How numeric dates of the file are written; null or absent where the case file does not say. */
  readonly dayOrder?: DayOrder | null;
  /**
   * When the file was complete at the latest: its last change where it lay, or the moment it was received; absent where
   * nobody knows. Only for formats whose times lack a year.
   */
  readonly completeAt?: Ticks | null;
}
