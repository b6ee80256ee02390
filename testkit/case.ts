/** One case of the testkit: a text header, an empty line, and the evidence, byte for byte. */

import type { FormatId } from "../src/model/evidence.ts";

/** What the evidence is and what a reader must make of it; README.md says how each line of the header reads. */
export interface TestCase {
  /** Path below testkit/, without `.case`. */
  readonly name: string;
  readonly why: string;
  /** Whose card must know it; `none` where no card may. */
  readonly format: FormatId | "none";
  /** Its name as given, where that matters. */
  readonly file?: string;
  readonly zone?: string;
  readonly skewMillis?: number;
  readonly events: readonly ExpectedEvent[] | number;
  /** `offset what` of every flaw, in order. */
  readonly flaws?: readonly string[];
  /** `what value` of assumptions that must be among those stated. */
  readonly assumptions?: readonly string[];
  readonly body: Uint8Array | string;
}

/** What an event must at least have; null as a field: it must be missing. */
export interface ExpectedEvent {
  readonly time?: string | null;
  readonly record?: string;
  readonly host?: string;
  readonly channel?: string;
  readonly eventId?: number;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The bytes of a case file. */
export function printCase(testCase: TestCase): Uint8Array {
  const { events, flaws = [], assumptions = [], body } = testCase;
  const count = typeof events === "number" ? events : events.length;
  const lines = [
    `expect: ${count} events, ${flaws.length} flaws`,
    "origin: synthetic",
    `why: ${testCase.why}`,
    `format: ${testCase.format}`,
    ...(testCase.file === undefined ? [] : [`file: ${testCase.file}`]),
    ...(testCase.zone === undefined ? [] : [`zone: ${testCase.zone}`]),
    ...(testCase.skewMillis === undefined ? [] : [`skew: ${testCase.skewMillis}`]),
    ...(typeof events === "number" ? [] : events.map((event) => `event: ${JSON.stringify(event)}`)),
    ...flaws.map((flaw) => `flaw: ${flaw}`),
    ...assumptions.map((assumption) => `assumption: ${assumption}`),
  ];
  const head = new TextEncoder().encode(`${lines.join("\n")}\n\n`);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

/** A case file read back: every line of its header by name, and the evidence. */
export interface ReadCase {
  readonly header: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
}

/** Takes a case file apart. Throws where the header is none: a case that says nothing tests nothing. */
export function parseCase(bytes: Uint8Array): ReadCase {
  const end = bytes.findIndex((byte, at) => byte === 10 && bytes[at + 1] === 10);
  if (end < 0) throw new Error("no empty line after the header");
  const header = new Map<string, string[]>();
  for (const line of new TextDecoder().decode(bytes.subarray(0, end)).split("\n")) {
    const colon = line.indexOf(": ");
    if (colon < 0) throw new Error(`no header line: ${line}`);
    const name = line.slice(0, colon);
    header.set(name, [...(header.get(name) ?? []), line.slice(colon + 2)]);
  }
  return { header, body: bytes.subarray(end + 2) };
}
