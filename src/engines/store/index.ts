/** Events on disk: batches in, timelines and records out (docs/design/events-and-keys.md). */
export { areSound, isSoundStore } from "./check.ts";
export { storeVersion } from "./database.ts";
export { cleanSegments, publishSegments } from "./manifest.ts";
export type { KeptBatch, UnlistedOf } from "./kept-batch.ts";
export type { Scanned } from "./scan.ts";
export type { Segment } from "./segment.ts";
export { openStore, PAGE_ROWS_MAX, type Store } from "./store.ts";
export { removeUnreadable } from "./sweep.ts";
export type { Density, Facet } from "./tally.ts";
export { createSegments, type SegmentWriter } from "./writer.ts";
