/**
 * Names that a record answers to and does not list: those of Sigma's rules for what has another name here, and lists and objects, whose
 * JSON is not kept with what they say. Spec: docs/formats/m365.md.
 */
import type { FieldValue, Unlisted } from "../../../model/event.ts";

/** Reads a field by its name. */
type Ask = (name: string) => FieldValue | undefined;

/** How many more fields there were than are listed. */
export const LEFT_OUT = "FieldsLeftOut";
/** Names below a longer one may have been cut so that they no longer begin with it. */
const TRACED_CHARS_MAX = 500;

/** What a record of Microsoft 365 says besides what it lists. */
export const m365Unlisted: Unlisted = {
  answer: (name, ask) => ask(bare(name)) ?? asked(name, ask),
  isLost(name, listed) {
    const below = `${bare(name)}.`;
    if (below.length > TRACED_CHARS_MAX || listed.includes(LEFT_OUT)) return true;
    return listed.some((other) => other.startsWith(below)) && !listed.includes(bare(name));
  },
  // Any name may be that of an object, whose JSON begins with a brace; of a status only what it comes to is told.
  reach: (name) => (name === "status" ? "nowhere" : "start"),
};

/** Blanks go from names, as in every Sigma rule. Nearly no name has one: only odd names are given to a pattern. */
export function bare(name: string): string {
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    if (unit <= 0x20 || unit >= 0x80) return name.replaceAll(/\s+/g, "");
  }
  return name;
}

/** Names of the audit log in Sigma's rules for m365, as the product that they were written for called them. */
export function asked(name: string, ask: Ask): FieldValue | undefined {
  switch (name) {
    case "eventSource":
      return ask("Workload") ?? ask("OfficeWorkload");
    case "eventName":
      // An alert is told by its own name, all else by what was done.
      return String(ask("Operation")).startsWith("Alert") ? ask("Name") : ask("Operation");
    case "status":
      return outcomeOf(ask("ResultStatus"));
    default:
      return undefined;
  }
}

/** The services write Success, Succeeded or True, each its own way. */
function outcomeOf(status: FieldValue | undefined): FieldValue | undefined {
  if (status === undefined) return undefined;
  return /^(?:success|succeeded|true)$/i.test(String(status)) ? "success" : "failure";
}
