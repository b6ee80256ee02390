/** The door of engines/wording: what several questions say the same way. */
export { nameHosts } from "./hosts.ts";
export { callSource, overCoverage } from "./over-coverage.ts";
export { count, list, listFirst, lowerFirst, spell } from "./words.ts";
