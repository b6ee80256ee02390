/**
 * Why a rule cannot run, thrown inside the parser and caught at the edge of each document (parse.ts),
 * where it becomes a Refusal. Never leaves this room.
 */
import { shorten } from "../../base/text.ts";

const REASON_CHARS_MAX = 300;

/** A document that does not run, with its line and why; the reason is as long as a person reads. */
export class Refused extends Error {
  /** Line in the file, from 1. */
  readonly line: number;

  constructor(line: number, reason: string) {
    // A reason quotes the rule, and a word of a rule may be as long as its file.
    super(shorten(reason, REASON_CHARS_MAX));
    this.name = "Refused";
    this.line = line;
  }
}
