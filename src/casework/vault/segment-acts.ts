/** What the acts of a growing log say, besides its journal entry: `log-opened` and `log-closed` (docs/design/growing-logs.md). */
import { z } from "zod";

/** Body of `log-opened`; the entry's subject is the segment. */
export const SEGMENT_OPENED = z.object({
  /** Evidence id of the log, 64 hexadecimal digits. */
  log: z.string(),
  /** As it was given, or `syslog:HOST:PORT`: a label for people. */
  file: z.string(),
  /** Device and inode as decimal digits; of what is no file, its kind and address. */
  device: z.string(),
  inode: z.string(),
  /** SHA-256 of the first `headBytes` bytes of the log, hexadecimal. */
  headHash: z.string(),
  headBytes: z.number(),
  /** 0, 1, 2 …: how many logs with the same device, inode and head came before. */
  generation: z.number(),
  /** Where in the log this segment begins. */
  base: z.number(),
  by: z.string(),
});
export type SegmentOpened = z.infer<typeof SEGMENT_OPENED>;

/** Body of `log-closed`; the entry's subject and sealed object are the segment. */
export const SEGMENT_CLOSED = z.object({
  log: z.string(),
  /** Bytes of the log in this segment. */
  sizeBytes: z.number(),
  /** Why it ended, in a word. */
  why: z.enum(["full", "ended", "stopped", "crash"]),
  by: z.string(),
});
export type SegmentClosed = z.infer<typeof SEGMENT_CLOSED>;
