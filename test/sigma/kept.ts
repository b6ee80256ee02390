/** A store of events for tests that hold rules against it: rows go in as readers give them, and come back as batches. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memorySource } from "../../src/base/source.ts";
import { evidenceHash } from "../../src/casework/evidence-hash.ts";
import { loadKnowledge } from "../../src/casework/index.ts";
import { HEAD_BYTES, unlistedOf } from "../../src/engines/formats/index.ts";
import { type Plan, createMatcher, queryOf } from "../../src/engines/sigma/index.ts";
import {
  type KeptBatch,
  type Store,
  createSegments,
  openStore,
  publishSegments,
} from "../../src/engines/store/index.ts";
import { type Batch, type EventKey, eventKey } from "../../src/model/event.ts";
import type { FormatId } from "../../src/model/evidence.ts";
import type { Query } from "../../src/model/query.ts";
import { makeSample } from "../../src/sample/index.ts";
import { parseCase } from "../../testkit/case.ts";

/** Evidence of one file, as a reader gives it. */
export interface Evidence {
  readonly file: string;
  readonly format: FormatId;
  readonly batches: () => Iterable<Batch>;
}

/** Of each format so many files, spread over all. */
export function someOf(filesMax: number, evidence: readonly Evidence[]): readonly Evidence[] {
  return [...Map.groupBy(evidence, ({ format }) => format).values()].flatMap((ofFormat) => {
    const step = Math.ceil(ofFormat.length / filesMax);
    return ofFormat.filter((_, at) => at % step === 0);
  });
}

/** The key of a row. */
export function keyOf(batch: Batch, row: number): EventKey {
  return eventKey(batch.place, batch.offsets[row] ?? 0);
}

/** What readers make of these bytes; null where no reader knows them. */
export async function evidenceOf(file: string, bytes: Uint8Array): Promise<Evidence | null> {
  const { formats } = loadKnowledge();
  const format = formats.recognise(bytes.subarray(0, HEAD_BYTES));
  if (format === null) return null;
  const reader = await formats.load(format);
  const hash = createHash("sha256").update(file).update(bytes).digest("hex");
  const place = { evidence: evidenceHash(hash), member: "", file };
  const setting = { place, host: null, zone: null, skewMillis: 0 };
  function* batches(): Generator<Batch> {
    for (const piece of reader.read(memorySource(bytes), setting))
      if (piece.kind === "batch") yield piece;
  }
  return { file, format, batches };
}

/** Every case of the testkit that a reader knows. */
export async function testkitEvidence(): Promise<readonly Evidence[]> {
  const names = readdirSync("testkit", { recursive: true, encoding: "utf8" });
  return await known(
    names
      .filter((name) => name.endsWith(".case"))
      .sort()
      .map((name) => {
        const { header, body } = parseCase(readFileSync(join("testkit", name)));
        return [header.get("file")?.[0] ?? name, body] as const;
      }),
  );
}

/** Every loose file of a small sample case that a reader knows. */
export async function sampleEvidence(): Promise<readonly Evidence[]> {
  const { files } = makeSample({ seed: 7, size: "small", variant: "exchange" });
  return await known(
    [...files].map(({ path, bytes }) => [path, Buffer.concat([...bytes])] as const),
  );
}

/** Every file below the folder with this ending that a reader knows. */
export async function folderEvidence(folder: string, ending: string): Promise<readonly Evidence[]> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return await known(
    names
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => [join(folder, name), readFileSync(join(folder, name))] as const),
  );
}

async function known(files: readonly (readonly [string, Uint8Array])[]) {
  const evidence: Evidence[] = [];
  for (const [file, bytes] of files) {
    const one = await evidenceOf(file, bytes);
    if (one !== null) evidence.push(one);
  }
  return evidence;
}

/** Work with a store that keeps these batches, in a folder of its own. */
export async function withKept<T>(
  batches: Iterable<Batch>,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-kept-"));
  try {
    const writer = createSegments(folder, "kept");
    for (const batch of batches) writer.append(batch);
    publishSegments(folder, writer.finish());
    const store = await openStore(folder, { memoryMegabytes: 200, threads: 1 });
    try {
      return await work(store);
    } finally {
      store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the store gives for a query. */
export async function* scanned(store: Store, query: Query): AsyncGenerator<KeptBatch> {
  for await (const { batches } of store.scan({ query, from: null, to: null, unlistedOf }))
    yield* batches;
}

/** The query of a plan's rules. */
export function queryOfPlan({ bound }: Plan): Query {
  return queryOf(bound, (format, name) => unlistedOf(format).reach(name));
}

/** What a plan finds among kept events: `key rule`, and how many rows the matcher saw. */
export interface FoundInKept {
  readonly found: ReadonlySet<string>;
  readonly candidates: ReadonlySet<EventKey>;
  /** Rows of which something was asked that is not kept. */
  readonly lacking: ReadonlySet<EventKey>;
}

/** Holds a plan against a store, by its query. */
export async function findInKept(store: Store, plan: Plan): Promise<FoundInKept> {
  const matcher = createMatcher(plan);
  const found = new Set<string>();
  const candidates = new Set<EventKey>();
  const lacking = new Set<EventKey>();
  for await (const batch of scanned(store, queryOfPlan(plan))) {
    for (let row = 0; row < batch.length; row++) candidates.add(keyOf(batch, row));
    matcher.match(batch, (row, { id }) => found.add(`${keyOf(batch, row)} ${id}`));
    for (let row = 0; row < batch.length; row++)
      if (batch.isLacking(row)) lacking.add(keyOf(batch, row));
  }
  return { found, candidates, lacking };
}

/** What a plan finds in the evidence itself. */
export function findInEvidence(plan: Plan, batches: Iterable<Batch>): ReadonlySet<string> {
  const matcher = createMatcher(plan);
  const found = new Set<string>();
  for (const batch of batches)
    matcher.match(batch, (row, { id }) => found.add(`${keyOf(batch, row)} ${id}`));
  return found;
}
