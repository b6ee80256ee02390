/** The door of the lookout: rows that say something in particular, found by what costs least to ask, and kept up to a limit. */
export { firstText, firstTextOf, parameterOf, saysOneOf, textOf, type Words } from "./fields.ts";
export { createLookout, EVENT_LOGS, type Lookout, type Seek } from "./lookout.ts";
export { Remembered } from "./remembered.ts";
export { type Pace, type Shown, type Sign, type SignsState, leftOut, Signs } from "./signs.ts";
