/** The evidence of a sample as the readers give it, for tests that hold its files against each other and the truth. */
import { readFileSync } from "node:fs";
import { memorySource } from "../base/source.ts";
import { TICKS_PER_MILLISECOND } from "../base/time.ts";
import { HEAD_BYTES, makeFormats, parseTables } from "../engines/formats/index.ts";
import type { Batch } from "../model/event.ts";
import { NO_EVIDENCE, type FormatId } from "../model/evidence.ts";
import { makeSample } from "./sample.ts";
import type { SampleVariant } from "./story.ts";

const TABLES = new URL("../../knowledge/tables.json", import.meta.url);
const formats = makeFormats(parseTables(JSON.parse(readFileSync(TABLES, "utf8"))));

/** A file, read. */
export interface Read {
  readonly path: string;
  readonly format: FormatId | null;
  readonly rows: readonly Row[];
  readonly flaws: readonly string[];
}

/** An event of it. */
export interface Row {
  readonly host: string;
  readonly channel: string;
  readonly millis: number;
  field(name: string): unknown;
}

const FIELDS =
  "time-taken RequestId HttpStatus BackEndStatus Sha1 Path ThreatName Build Observation message-id event-id Tls data Cmdlet Parameters EventData SoapAction LocalIdCount ResponseSize Operation MailAccessType IsThrottled Kb Command Message-ID".split(
    " ",
  );

function rowsOf(batch: Batch, names: readonly string[]): Row[] {
  return Array.from({ length: batch.length }, (_, row) => {
    const fields = new Map(names.map((name) => [name, batch.field(row, name)]));
    const millis = Number((batch.ticks[row] ?? 0n) / TICKS_PER_MILLISECOND);
    const [host, channel] = [batch.host(row), batch.channel(row)];
    return { host, channel, millis, field: (name) => fields.get(name) };
  });
}

/** The part of the truth that tests hold the evidence against. */
export interface Truth {
  readonly defender: { readonly files: readonly { path: string; sha1: string }[] };
  readonly exchange_logs: {
    readonly days: readonly string[];
    readonly saved: { readonly days: readonly string[] };
    readonly http_proxy_clock: { readonly ahead_ms: number };
  };
  readonly patches: {
    readonly build: string;
    readonly missing: readonly { kb: string; rating: string }[];
  };
  readonly mails: readonly { file: string; message_id: string; tracked: boolean }[];
  readonly persistence: { readonly command: string } | null;
  readonly tenant: {
    readonly records: number;
    readonly duplicates: readonly string[];
    readonly theft: readonly { id: string; operation: string }[];
  } | null;
  readonly steps: readonly { kind: string; request_id: string | null; logged: string }[];
}

/** The wanted files of the evidence, read. */
export async function readSample(
  seed: number,
  variant: SampleVariant,
  wanted: (path: string) => boolean,
  names: readonly string[] = FIELDS,
): Promise<{ readonly read: Read[]; readonly truth: Truth; readonly papers: Map<string, string> }> {
  const read: Read[] = [];
  const papers = new Map<string, string>();
  for (const { path, bytes } of makeSample({ seed, size: "small", variant }).files) {
    if (!path.startsWith("evidence/")) {
      papers.set(path, Buffer.concat([...bytes]).toString("utf8"));
      continue;
    }
    if (!wanted(path)) continue;
    const content = Buffer.concat([...bytes]);
    const format = formats.recognise(content.subarray(0, HEAD_BYTES));
    const rows: Row[] = [];
    const flaws: string[] = [];
    if (format !== null) {
      const reader = await formats.load(format);
      const place = { evidence: NO_EVIDENCE, member: "", file: path };
      const setting = { place, host: null, zone: null, skewMillis: 0 };
      for (const piece of reader.read(memorySource(content), setting)) {
        if (piece.kind === "flaw") flaws.push(piece.what);
        else if (piece.kind === "batch") rows.push(...rowsOf(piece, names));
      }
    }
    read.push({ path, format, rows, flaws });
  }
  return { read, truth: JSON.parse(papers.get("truth.json") ?? "{}"), papers };
}
