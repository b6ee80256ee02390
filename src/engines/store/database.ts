/**
 * DuckDB, opened so that it can read one folder and nothing else: no extension, no network, no change of settings, no
 * memory or temporary file beyond what is given. Its errors become Faults, and their texts, which may quote evidence, stay here.
 */
import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBValue,
} from "@duckdb/node-api";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../base/fault.ts";
import { damaged, diskFull, onDisk } from "./files.ts";
import type { Sql } from "./sql.ts";

export interface DatabaseSettings {
  readonly memoryMegabytes: number;
  readonly threads: number;
}

/** A row as DuckDB gives it. */
export type DatabaseRow = readonly DuckDBValue[];
/** Some rows, column by column: all of one length. */
export type DatabaseColumns = readonly (readonly DuckDBValue[])[];

/** DuckDB's code with its binary for this machine. Faults: not-readable where there is none. */
async function loadDuckDb() {
  try {
    return await import("@duckdb/node-api");
  } catch {
    throw new Fault(
      "not-readable",
      `DuckDB does not load on ${process.platform} ${process.arch}`,
      "run npm ci --ignore-scripts again without --omit=optional: its binary is an optional package",
    );
  }
}

/** The version of DuckDB that answers questions here. Faults: not-readable where it does not load. */
export async function storeVersion(): Promise<string> {
  const { version } = await loadDuckDb();
  return `DuckDB ${version()}`;
}

/** How many were opened: two that spill into one folder write over each other, and the process dies of it. */
let opened = 0;

/** One DuckDB over the files of one folder. */
export class Database {
  readonly #instance: DuckDBInstance;
  #open = new Set<DuckDBConnection>();

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /** Opens it for the files in `dir`, an absolute path. */
  static async open(dir: string, settings: DatabaseSettings): Promise<Database> {
    // Loaded with the first question: who only writes never needs its 70 MB.
    const { DuckDBInstance } = await loadDuckDb();
    const spilled = join(dir, `temporary-${++opened}`);
    // Left by a crash of an earlier process.
    onDisk("write", () => rmSync(spilled, { recursive: true, force: true }));
    const instance = await DuckDBInstance.create(":memory:", {
      threads: `${settings.threads}`,
      memory_limit: `${settings.memoryMegabytes}MB`,
      temp_directory: spilled,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    for (const statement of [
      `SET allowed_directories = [${quoted(dir)}]`,
      "SET enable_external_access = false",
      // Footers are parsed once, not for every question.
      "SET parquet_metadata_cache = true",
      "SET lock_configuration = true",
    ])
      await connection.run(statement);
    connection.closeSync();
    return new Database(instance);
  }

  /** All rows of the answer. */
  async all(statement: Sql): Promise<readonly DatabaseRow[]> {
    const rows: DatabaseRow[] = [];
    for await (const some of this.stream(statement)) rows.push(...some);
    return rows;
  }

  /** The rows of the answer, some at a time: memory stays flat. */
  async *stream(statement: Sql): AsyncGenerator<readonly DatabaseRow[]> {
    for await (const chunk of this.#chunks(statement)) yield chunk.getRows();
  }

  /** The same by columns, which costs two thirds where rows are many and nobody needs them as such. */
  async *columns(statement: Sql): AsyncGenerator<DatabaseColumns> {
    for await (const chunk of this.#chunks(statement)) yield chunk.getColumns();
  }

  async *#chunks({ text, values }: Sql): AsyncGenerator<DuckDBDataChunk> {
    const connection = await this.#instance.connect();
    this.#open.add(connection);
    try {
      const result = await connection.stream(text, [...values]);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk;
      }
    } catch (error) {
      throw faultOf(error);
    } finally {
      this.#open.delete(connection);
      connection.closeSync();
    }
  }

  close(): void {
    for (const connection of this.#open) connection.interrupt();
    this.#instance.closeSync();
  }
}

/** A text as a literal of SQL, where none can be bound: a path of ours. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function faultOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message } = error;
  if (/No space left|max_temp_directory_size/i.test(message)) return diskFull();
  if (message.startsWith("Out of Memory Error"))
    return new Fault(
      "usage",
      "the question needs more memory than the event store may use",
      "ask for a shorter stretch of time, or a smaller page",
    );
  // These tell of the statement, which we wrote, not of the files.
  if (/^(Parser|Binder|Catalog|Not implemented|Permission|INTERRUPT) Error/.test(message))
    return error;
  // A row that this room refuses to decode is an error of its own.
  if (/^(bug: )/.test(message)) return error;
  return damaged("a segment cannot be read");
}
