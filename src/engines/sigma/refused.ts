/**
 * Why a rule cannot run, thrown inside the parser and caught at the edge of each document (parse.ts),
 * where it becomes a Refusal. Never leaves this room.
 */
export class Refused extends Error {
  /** Line in the file, from 1. */
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.name = "Refused";
    this.line = line;
  }
}
