/** The door of the formats: who they are, how to tell them, and the writers that make sample evidence. */
export { CARDS, loadReader, recogniseFormat } from "./registry.ts";
export { HEAD_BYTES, type Card, type Reader } from "./format.ts";
export { writeIis, type IisLine } from "./iis/write.ts";
export { writeEvtx, type WrittenEvent } from "./evtx/write.ts";
