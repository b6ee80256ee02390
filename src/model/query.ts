/**
 * Questions to a table of events, as a tree. Builders write it and stores compile it; neither knows the other.
 * A store may return a superset (docs/design/sigma.md): who asked decides each row again.
 */
import type { EventKey } from "./event.ts";

export type Query =
  | { readonly kind: "all" }
  | { readonly kind: "and" | "or"; readonly parts: readonly Query[] }
  | { readonly kind: "not"; readonly part: Query }
  /** from <= ticks < to; null leaves a side open. Undated rows never match. */
  | { readonly kind: "time"; readonly from: bigint | null; readonly to: bigint | null }
  /** Equal, ignoring ASCII case. */
  | { readonly kind: "is"; readonly column: QueryColumn; readonly value: string }
  | Contains;

/** The decoded fields or any column contain the text, ignoring ASCII case; with `in`, the fields alone, which costs half. */
export interface Contains {
  readonly kind: "contains";
  readonly text: string;
  readonly in?: "fields";
}

export type QueryColumn = "host" | "channel" | "eventId" | "format" | "evidence";

/** Where a page of a timeline starts: strictly after this row in the order (ticks, key). */
export interface PageStart {
  readonly ticks: bigint;
  readonly key: EventKey;
}
