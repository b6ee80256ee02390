/**
 * The fifth question in sentences. Everything that people stated is claimed; what follows by a law's own
 * count of hours is derived. Refuses to call a duty met on anything but a stated act.
 */
import { readableTime } from "../../base/time.ts";
import type { Answer, Statement } from "../../model/dossier.ts";
import type { Clock, ClockState, IncidentEvent } from "../../model/duty.ts";
import { ACT_WORDS } from "./remarks.ts";

const ASKED = "What must we do now, by when, and can we prove it?";

/** What a board is told of clocks in one state, the most pressing first. */
const HEADLINES: readonly (readonly [ClockState, string])[] = [
  ["overdue", "Overdue, and still owed"],
  ["running", "Due"],
  ["no-limit", "Open, as soon as practicable"],
  ["met-late", "Done, but late"],
  ["met", "Done"],
];

/** Answers the fifth question from the clocks and the acts they were counted from. */
export function answerDuties(clocks: readonly Clock[], incident: readonly IncidentEvent[]): Answer {
  const counted = clocks.filter((clock) => clock.startedBy !== null || clock.metBy !== null);
  return {
    question: "duties",
    asked: ASKED,
    state: clocks.length === 0 ? "not-yet" : counted.length > 0 ? "answered" : "partly",
    headline: headlineOf(clocks, counted, incident),
    statements: [...incident.map((act) => stated(act, clocks)), ...counted.map(follows)],
    unknown: unknownOf(clocks, counted),
  };
}

function headlineOf(
  clocks: readonly Clock[],
  counted: readonly Clock[],
  incident: readonly IncidentEvent[],
): string {
  if (clocks.length === 0) return "The case names no law, so no clock can be told.";
  if (counted.length > 0) {
    return HEADLINES.flatMap(([state, words]) => {
      const those = counted.filter((clock) => clock.state === state);
      return those.length === 0 ? [] : [`${words}: ${those.map(dutyAndTime).join("; ")}.`];
    }).join(" ");
  }
  return incident.some((act) => act.kind === "suspected")
    ? "No clock runs: a suspicion has been stated, but nobody has stated when the organisation became aware."
    : "No clock runs: nobody has stated when the organisation became aware of a breach.";
}

/** `tell the Authority (GG) by 16 December 2021, …`, the time only where it is still to come or missed. */
function dutyAndTime(clock: Clock): string {
  const { title, jurisdiction, due, state, zone } = clock;
  const what = `${title.charAt(0).toLowerCase()}${title.slice(1)} (${jurisdiction})`;
  const pressing = due !== null && (state === "overdue" || state === "running");
  return pressing ? `${what} by ${readableTime(due, zone)}` : what;
}

/** What a person said, once, and what the clocks make of it. */
function stated(act: IncidentEvent, clocks: readonly Clock[]): Statement {
  const zone = clocks[0]?.zone ?? "UTC";
  const word = ACT_WORDS[act.kind];
  const what = `${word.charAt(0).toUpperCase()}${word.slice(1)} on ${readableTime(act.at, zone)}, stated by ${act.by}`;
  return { text: `${what}${useOf(act, clocks)}.`, basis: "claimed", at: [] };
}

function useOf(act: IncidentEvent, clocks: readonly Clock[]): string {
  if (clocks.some((clock) => clock.startedBy === act)) return "; the clocks run from here";
  if (clocks.some((clock) => clock.disputed.includes(act)))
    return "; disputed, an earlier time is stated";
  const met = clocks.filter((clock) => clock.metBy === act).map((clock) => clock.jurisdiction);
  return met.length === 0 ? "" : ` (${[...new Set(met)].join(", ")})`;
}

/** What follows for one duty. */
function follows(clock: Clock): Statement {
  const { jurisdiction, cite, title, due, metBy, zone } = clock;
  const limit = due === null ? "without a limit in hours" : `due ${readableTime(due, zone)}`;
  const done =
    metBy === null ? "not done by any stated act" : `done ${readableTime(metBy.at, zone)}`;
  const text = `${title} (${jurisdiction}, ${cite}): ${limit}; ${done}${verdictOf(clock.state)}.`;
  return { text, basis: "derived", at: [] };
}

function verdictOf(state: ClockState): string {
  switch (state) {
    case "overdue":
      return ", overdue";
    case "met":
      return ", in time as far as stated";
    case "met-late":
      return ", late";
    case "running":
    case "no-limit":
    case "not-started":
      return "";
  }
}

function unknownOf(clocks: readonly Clock[], counted: readonly Clock[]): string[] {
  if (clocks.length === 0) {
    return ["Which law applies: name it under jurisdictions in the case file."];
  }
  const awareness = clocks.some((clock) => clock.startedBy !== null)
    ? []
    : ["When the organisation became aware: state it with `breakwater duties event`."];
  const notices = counted.flatMap((clock) => {
    const missing = clock.notice.filter((item) => !item.known).map((item) => item.text);
    const where = `${clock.title} (${clock.jurisdiction})`;
    return missing.length === 0 ? [] : [`${where}: to be supplied: ${missing.join("; ")}.`];
  });
  const receipts = clocks.some((clock) => clock.metBy !== null)
    ? ["Whether a notice arrived: it is stated by name, and no receipt is held against it yet."]
    : [];
  const counsel = clocks
    .filter((clock) => clock.confidence === "C")
    .map((clock) => `${clock.jurisdiction}, ${clock.cite}: to be checked by counsel.`);
  return [...awareness, ...notices, ...receipts, ...counsel];
}
