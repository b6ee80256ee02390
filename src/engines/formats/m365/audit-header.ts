/**
 * The header of an audit log as CSV: a column AuditData beside others that every export of it has, parted by commas,
 * semicolons or tabs. Refuses any other CSV. Written by Search-UnifiedAuditLog | Export-Csv and by Purview's own export.
 */
import { Buffer } from "node:buffer";
import { memorySource } from "../../../base/source.ts";
import { type Delimiter, cellsOf, recordsOf } from "../csv/grammar.ts";
import { wholeRange } from "../text/line-reading.ts";

/** Columns of the widest known export: 8; of one that somebody joined with others, some dozens. */
export const COLUMNS_MAX = 256;
/** What the header of such a file says. */
export interface AuditHeader {
  readonly delimiter: Delimiter;
  readonly names: readonly string[];
  /** Column of AuditData. */
  readonly audit: number;
  /** Column of the record's id; -1 where there is none. */
  readonly id: number;
}

const IDS = ["RecordId", "Identity"];
const OTHERS = ["Operation", "Operations", "RecordType", "CreationDate", "UserIds", "UserId"];

/** The header in these first units of a file; null where they are no export of the audit log as CSV. */
export function auditHeaderOf(units: Uint8Array): AuditHeader | null {
  const source = memorySource(units);
  for (const { bytes } of recordsOf(source, wholeRange(source)))
    if (bytes === null || !isTypeLine(bytes)) return bytes === null ? null : headerOf(bytes);
  return null;
}

/** Whether this is what Export-Csv of Windows PowerShell writes before the names: the type of its objects. */
export function isTypeLine(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 6)).toString("latin1") === "#TYPE ";
}

/** The header in this record; null where it is none. */
export function headerOf(bytes: Uint8Array): AuditHeader | null {
  for (const delimiter of [",", ";", "\t"] as const) {
    const names = (cellsOf(bytes, delimiter) ?? []).map((name) => name.trim());
    const audit = names.indexOf("AuditData");
    if (audit < 0 || names.length > COLUMNS_MAX || !OTHERS.some((name) => names.includes(name)))
      continue;
    const id = names.findIndex((name) => IDS.includes(name));
    return { delimiter, names, audit, id };
  }
  return null;
}
