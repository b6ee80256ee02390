/** Events, flaws and detections as lines of JSON: the contract of docs/formats/event.md. */
export { printDetection, printEvent, printFlaw } from "./line.ts";
export { printPatches } from "./patches.ts";
export { printTimesketch } from "./timesketch.ts";
export { TIMESKETCH_CSV_HEADER, printTimesketchCsv } from "./timesketch-csv.ts";
