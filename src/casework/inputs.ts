/**
 * Inputs of a run other than evidence: rules, case file. Sealed like evidence, so that a run can be replayed
 * from the vault alone (decisions 7). Also the run act itself.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { known } from "../base/assert.ts";
import { utf8 } from "../base/bytes.ts";
import { memorySource, readAll } from "../base/source.ts";
import { canonicalJson } from "../base/text.ts";
import type { ObjectReference } from "../model/act.ts";
import { bodyOf, jsonOf } from "./bodies.ts";
import { FINDING_MARK, type FindingMark } from "./finding-marks.ts";
import type { StoppedContainer } from "./reading/units.ts";
import type { RuleFile } from "./rules.ts";
import type { Vault } from "./vault/index.ts";

/** A run as journalled: everything that its findings depend on besides the sealed evidence. */
export interface Run {
  readonly program: string;
  /** Hash of knowledge/ as it was. */
  readonly knowledge: string;
  /** The moment that clocks and ages are told for, in ticks. */
  readonly asOf: bigint;
  /** The window of interest; null leaves a side open. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  /** Object ids of the sealed inputs; null where none was given. */
  readonly rules: string;
  readonly caseFile: string | null;
  /** Object id of the sealed list of passwords for archives; null where none was given. */
  readonly passwords: string | null;
  /** Object id of the sealed files of claims; null where none was given. */
  readonly claims: string | null;
  /** Object ids of the catalogues that the vault held, in the order of adding. */
  readonly catalogues: readonly string[];
  /** Up to which byte growing logs were read. */
  readonly logs: readonly { readonly hash: string; readonly sizeBytes: number }[];
  /** Archives whose parser was stopped: given up for good, since a replay must not depend on the machine. */
  readonly stopped: readonly StoppedContainer[];
  /** Length of the journal when the run began: the evidence before it is what was read. */
  readonly entries: number;
  /** What lay below the given paths and could not be taken in. */
  readonly passedOver: readonly { readonly path: string; readonly why: string }[];
  /** Files with the same bytes as an evidence already held. */
  readonly duplicates: readonly { readonly path: string; readonly hash: string }[];
  /** SHA-256 over the findings, canonical: the same for one program version whenever it is replayed. */
  readonly findings: string;
  /** Id and hash of each finding, so that another version can name the difference; absent in the oldest runs. */
  readonly marks?: readonly FindingMark[] | undefined;
}

const ticks = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform((text) => BigInt(text));
const RUN = z.object({
  program: z.string(),
  knowledge: z.string(),
  asOf: ticks,
  from: ticks.nullable(),
  to: ticks.nullable(),
  rules: z.string(),
  caseFile: z.string().nullable(),
  passwords: z.string().nullable().default(null),
  claims: z.string().nullable().default(null),
  catalogues: z.array(z.string()).default([]),
  stopped: z
    .array(z.object({ evidence: z.string(), member: z.string(), why: z.string() }))
    .default([]),
  logs: z.array(z.object({ hash: z.string(), sizeBytes: z.number() })).default([]),
  // Runs that were journalled before this was kept read all evidence there was.
  entries: z.number().int().default(Number.MAX_SAFE_INTEGER),
  passedOver: z.array(z.object({ path: z.string(), why: z.string() })),
  duplicates: z.array(z.object({ path: z.string(), hash: z.string() })),
  findings: z.string(),
  marks: z.array(FINDING_MARK).optional(),
});

/** Of a run's body only which findings it told of: read for every run that there was. */
export const RUN_MARKS = z.object({ marks: z.array(FINDING_MARK).default([]) });

/** The run as the body of an act: ticks as digits. */
export function runBody(run: Run): unknown {
  const text = (value: bigint | null) => (value === null ? null : String(value));
  return { ...run, asOf: text(run.asOf), from: text(run.from), to: text(run.to) };
}

/** The last run of the vault, or null before the first. */
export function lastRun(vault: Vault): Run | null {
  const entry = vault.entries().findLast(({ kind }) => kind === "run");
  return entry === undefined ? null : bodyOf(vault, entry, RUN);
}

/** Whether anything was investigated in the vault. */
export function hasRun(vault: Vault): boolean {
  return vault.entries().some(({ kind }) => kind === "run");
}

/**
 * Seals an input unless the vault holds the same bytes as one of this kind already; gives its object id. `about`: what a reader of the act
 * has to know of it besides its kind and hash.
 */
export function sealInput(
  vault: Vault,
  kind: "rules" | "case-file" | "passwords" | "claims" | "catalogue",
  bytes: Uint8Array,
  by: string,
  about: Readonly<Record<string, string>> = {},
): string {
  const hash = createHash("sha256").update(bytes).digest("hex");
  const held = inputsOf(vault).find((input) => input.hash === hash && input.kind === kind);
  if (held !== undefined) return held.object;
  const { reference } = vault.seal(memorySource(bytes));
  const body = { ...about, input: kind, hash };
  vault.act({ kind: "input-sealed", by, body, sealed: reference });
  return reference.object;
}

const INPUT = z.object({ input: z.string(), hash: z.string() });

function inputsOf(vault: Vault): readonly { kind: string; hash: string; object: string }[] {
  return vault
    .entries()
    .filter(({ kind }) => kind === "input-sealed")
    .map((entry) => {
      const { input, hash } = bodyOf(vault, entry, INPUT);
      return { kind: input, hash, object: objectOf(entry.sealed) };
    });
}

function objectOf(sealed: ObjectReference | null): string {
  return known(sealed, "an input act names its object").object;
}

/** Rule files as one input: thousands of small files would be thousands of objects. */
export function packRules(files: readonly RuleFile[]): Uint8Array {
  return utf8(canonicalJson(files));
}

const RULES = z.array(
  z.object({ file: z.string(), text: z.string(), kind: z.literal("placeholders").optional() }),
);

/** The rule files of a sealed input. */
export function unpackRules(vault: Vault, object: string): readonly RuleFile[] {
  return jsonOf(vault, object, RULES, inputText(vault, object));
}

const PASSWORDS = z.array(z.string());

/** The passwords of a sealed input; none where there is none. */
export function unpackPasswords(vault: Vault, object: string | null): readonly string[] {
  return object === null ? [] : jsonOf(vault, object, PASSWORDS, inputText(vault, object));
}

/** The text of a sealed input. */
export function inputText(vault: Vault, object: string): string {
  return new TextDecoder().decode(inputBytes(vault, object));
}

/** The bytes of a sealed input. */
export function inputBytes(vault: Vault, object: string): Uint8Array {
  const source = vault.openObject(object);
  try {
    return readAll(source);
  } finally {
    source.close();
  }
}
