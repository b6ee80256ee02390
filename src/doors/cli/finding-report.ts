/** Findings for people and for programs: the shapes of `findings list` and `show`. */
import { CHECKS } from "../../model/answer.ts";
import type { StandingFinding } from "../../model/finding.ts";
import { plain } from "./terminal.ts";
import { timeOrNull } from "./times.ts";

/** Characters of an id that a person types. */
const SHORT = 8;

/** One finding as a row of JSON (interface: `findings list --format json`). */
export function findingJson(finding: StandingFinding): unknown {
  const { answer } = finding;
  return {
    id: finding.id,
    title: finding.title,
    kind: finding.kind,
    question: finding.question,
    level: finding.level,
    state: finding.state,
    state_why: finding.stateWhy === "" ? null : finding.stateWhy,
    owner: finding.owner,
    opened: timeOrNull(finding.opened),
    first_seen: timeOrNull(finding.firstSeen),
    last_seen: timeOrNull(finding.lastSeen),
    due: timeOrNull(finding.due),
    host: finding.host,
    detections: finding.detections.length,
    counts: finding.counts,
    answer:
      answer === null
        ? null
        : {
            determination: answer.determination,
            reason: answer.reason,
            by: answer.by,
            at: timeOrNull(answer.at),
            checked: answer.checked,
            evidence: answer.evidence,
          },
    why: finding.why,
  };
}

/** One finding as lines: what it is, and how it stands. */
export function findingLines(finding: StandingFinding, asOf: bigint): readonly string[] {
  const { id, level, state, owner, title, host, due } = finding;
  const late = due !== null && due < asOf ? `, overdue since ${timeOrNull(due)}` : "";
  const who = owner === null ? "" : ` by ${plain(owner)}`;
  const until = due === null || late !== "" ? late : `, due ${timeOrNull(due)}`;
  return [
    `${id.slice(0, SHORT)}  ${level.padEnd(13)}  ${plain(title)}${host === "" ? "" : ` on ${plain(host)}`}`,
    `          ${state}${who}${until}${seen(finding)}`,
    ...(finding.stateWhy === "" ? [] : [`          ${plain(finding.stateWhy)}`]),
  ];
}

/** All that is known of one finding. */
export function findingPage(finding: StandingFinding, asOf: bigint): readonly string[] {
  const { id, answer, why, counts, detections, examples } = finding;
  const counted = Object.entries(counts).map(([name, number]) => `${number} ${plain(name)}`);
  return [
    ...findingLines(finding, asOf),
    `id: ${id}`,
    `why: ${plain(why)}`,
    ...(counted.length === 0 ? [] : [`counts: ${counted.join(", ")}`]),
    `detections: ${detections.length}`,
    ...examples.map(
      ({ file, record, offset }) => `record: ${plain(file)}, ${plain(record)}, byte ${offset}`,
    ),
    ...(answer === null
      ? []
      : [
          `answered: ${answer.determination}, by ${plain(answer.by)} at ${timeOrNull(answer.at)}: ${plain(answer.reason)}`,
          `looked at: ${CHECKS.map((check) => `${check} ${answer.checked[check]}`).join(", ")}`,
          ...answer.evidence.map((each) => `rests on: ${plain(each)}`),
        ]),
  ];
}

function seen({ firstSeen, lastSeen }: StandingFinding): string {
  const [first, last] = [timeOrNull(firstSeen), timeOrNull(lastSeen)];
  if (first === null) return "";
  return first === last ? `; seen ${first}` : `; seen ${first} to ${last}`;
}
