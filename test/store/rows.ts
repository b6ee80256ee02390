/** Batches made by hand or by the million, so that a store is tested without any reader. */
import { UNDATED } from "../../src/base/time.ts";
import { type Batch, type FieldValue, putDecodedFields } from "../../src/model/event.ts";
import type { EvidenceHash, FormatId, Place } from "../../src/model/evidence.ts";

/** One row of a batch; what is left out is what the source does not give. */
export interface Row {
  readonly ticks?: bigint;
  readonly offset: number;
  readonly record?: string;
  readonly host?: string;
  readonly channel?: string;
  readonly eventId?: number;
  readonly provider?: string;
  /** As a reader gives them; `undefined` is a field that is named and that the row lacks. */
  readonly fields?: Readonly<Record<string, FieldValue | undefined>>;
}

/** How the rows of a batch were read. */
export interface Reading {
  readonly place: Place;
  readonly format: FormatId;
  readonly digits: number;
  readonly zoneAssumed: string | null;
}

/** A place in evidence number `number`. */
export function placeOf(number: number, member = ""): Place {
  const evidence = number.toString(16).padStart(64, "0") as EvidenceHash;
  const file = `evidence-${number}.zip`;
  return { evidence, member, file: member === "" ? file : `${file}!/${member}` };
}

/** A batch of these rows. */
export function batchOf(reading: Reading, rows: readonly Row[]): Batch {
  return {
    kind: "batch",
    ...reading,
    length: rows.length,
    ticks: BigInt64Array.from(rows, ({ ticks }) => ticks ?? UNDATED),
    offsets: Float64Array.from(rows, ({ offset }) => offset),
    record: (row) => rows[row]?.record ?? "",
    host: (row) => rows[row]?.host ?? "",
    channel: (row) => rows[row]?.channel ?? "",
    eventId: (row) => rows[row]?.eventId ?? -1,
    provider: (row) => rows[row]?.provider ?? "",
    field: (row, name) => rows[row]?.fields?.[name],
    names: (row) => Object.keys(rows[row]?.fields ?? {}),
    putFields: (row, out) => out.put(JSON.stringify(rows[row]?.fields ?? {})),
  };
}

const IIS_NAMES = [
  ..."date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username".split(" "),
  ..."c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken".split(" "),
];
const START = 16_276_896_000_000_000n;

/**
 * Batches as a busy web server gives them: `rows` requests, 10 a second, of about 280 bytes each. Every
 * 100,000th asks for `/aspnet_client/shell.aspx`. Deterministic.
 */
export function* requests(place: Place, rows: number, rowsPerBatch = 2000): Generator<Batch> {
  const reading: Reading = { place, format: "iis", digits: 0, zoneAssumed: null };
  const names: readonly string[] = IIS_NAMES;
  const at = new Map(names.map((name, index) => [name, index]));
  for (let start = 0; start < rows; start += rowsPerBatch) {
    const length = Math.min(rowsPerBatch, rows - start);
    const lines = Array.from({ length }, (_, row) => lineOf(start + row));
    const values = lines.map((line) => line.split(" "));
    yield {
      ...batchOf(reading, []),
      length,
      ticks: BigInt64Array.from(lines, (_, row) => ticksOf(start + row)),
      offsets: Float64Array.from(lines, (_, row) => 400 + (start + row) * 280),
      record: (row) => `${start + row + 5}`,
      host: () => "EXCH01",
      channel: () => "W3SVC1",
      names: () => names,
      putFields(row, out) {
        putDecodedFields(this, row, out);
      },
      field: (row, name) => values[row]?.[at.get(name) ?? -1],
    };
  }
}

function ticksOf(request: number): bigint {
  return START + BigInt(Math.floor(request / 10)) * 10_000_000n;
}

function lineOf(request: number): string {
  const noise = (Math.imul(request + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, "0");
  const time = new Date(Number(ticksOf(request) / 10_000n)).toISOString();
  const shell = request % 100_000 === 77_777;
  const stem = shell ? "/aspnet_client/shell.aspx" : "/mapi/emsmdb/";
  const query = shell ? "-" : `MailboxId=${noise}-6f0c@clinic.example&cafeReqId=${noise}${noise};`;
  const user = `CLINIC\\user${request % 200}`;
  return (
    `${time.slice(0, 10)} ${time.slice(11, 19)} 10.0.0.5 POST ${stem} ${query} 443 ${user} ` +
    `10.0.1.${request % 250} Microsoft+Office/16.0+(Windows+NT+10.0;+Outlook+16.0.4266) - ` +
    `200 0 0 ${request % 5000}`
  );
}
