/**
 * What a message says: the case, each finding, how long it is open, and how to answer it. Refuses fields of evidence; names and titles, which
 * come from rules and records, become one visible line each, so that no title is a header or a command.
 */
import { type Ticks, readableSpan, toTicks } from "../../../base/time.ts";
import { shorten } from "../../../base/text.ts";
import { count, list, spell } from "../../../engines/wording/index.ts";
import type { CaseFile } from "../../../model/case-file.ts";
import { DETERMINATIONS } from "../../../model/answer.ts";
import { LEVELS, type Level } from "../../../model/detection.ts";
import type { StandingFinding } from "../../../model/finding.ts";
import type { DueMessage } from "./due.ts";

/** A message as people and programs read it; it is the same for every kind of recipient. */
export interface Message {
  /** The gravest level in it. */
  readonly level: Level;
  /** One line. */
  readonly subject: string;
  /** Plain text in lines that end with a line feed. */
  readonly text: string;
  /** One line with what matters most, for logs. */
  readonly line: string;
  /** The gravest findings, for programs; `more` are not listed. */
  readonly findings: readonly MessageFinding[];
  readonly more: number;
}

/** A finding as a message has it. Times are ISO 8601 in UTC, null where there is none. */
export interface MessageFinding {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly state: StandingFinding["state"];
  readonly host: string;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly opened: string | null;
  readonly due: string | null;
  readonly detections: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly answer_with: string;
}

/** Findings that one message tells in full; the rest are counted by level. */
const TOLD_MAX = 50;
const LINE_CHARS_MAX = 400;

/** The words of a message that is due at `now`. */
export function composeMessage(
  { about }: Pick<DueMessage, "about">,
  { name: caseName, synthetic }: Pick<CaseFile, "name" | "synthetic">,
  now: Ticks,
): Message {
  const all = [...new Map(about.map(({ finding }) => [finding.id, finding])).values()];
  const told = all.slice(0, TOLD_MAX);
  const rest = all.slice(TOLD_MAX);
  const subject = subjectOf(all, caseName, now);
  const [first] = told;
  return {
    level: first?.level ?? "informational",
    subject,
    text: [
      `${spell(caseName)}: ${count(all.length, "finding")} that nobody has answered.`,
      ...(synthetic ? ["Everything in this case is invented."] : []),
      "",
      ...told.flatMap((finding, at) => [...paragraph(finding, at + 1, now), ""]),
      ...(rest.length === 0
        ? []
        : [`And ${byLevel(rest)}: breakwater findings list --vault DIR shows them all.`, ""]),
      `WORD is one of: ${DETERMINATIONS.join(", ")}. DIR is the folder of the vault.`,
      "These messages stop when a named person answers. What was removed is a beginning, not an end.",
      "",
    ].join("\n"),
    line: shorten(
      first === undefined ? subject : `${subject}; ${answerWith(first)}`,
      LINE_CHARS_MAX,
    ),
    findings: told.map(printed),
    more: rest.length,
  };
}

function subjectOf(all: readonly StandingFinding[], caseName: string, now: Ticks): string {
  const [first] = all;
  if (first === undefined) return `Breakwater: nothing is open (${spell(caseName)})`;
  const more = all.length === 1 ? "" : `, and ${count(all.length - 1, "more", "more")}`;
  return `Breakwater: ${first.level}, ${titleOf(first)}, open for ${openFor(first, now)}${more} (${spell(caseName)})`;
}

function paragraph(finding: StandingFinding, number: number, now: Ticks): readonly string[] {
  const { level, firstSeen, lastSeen, detections, counts, opened } = finding;
  const counted = Object.entries(counts).map(([name, each]) => `${spell(name)}: ${each}`);
  const seen = toTicks(firstSeen) === null ? [] : [`seen ${span(firstSeen, lastSeen)}`];
  // A finding about updates or sensors has none; nought of them would read as nothing found.
  const detected = detections.length === 0 ? [] : [count(detections.length, "detection")];
  const told = [...seen, ...detected, ...counted];
  return [
    `${number}. ${level}: ${titleOf(finding)}`,
    ...(told.length === 0 ? [] : [`   ${told.join("; ")}`]),
    `   open for ${openFor(finding, now)}${opened === null ? "" : `, since ${spell(opened)}`}${STATE_WORDS[finding.state]}${dueWords(finding, now)}`,
    `   breakwater findings show ${finding.id} --vault DIR`,
    `   ${answerWith(finding)}`,
  ];
}

/** What is more than open says so; how long is told of when a run told of it first, and not of what people did since. */
const STATE_WORDS: Readonly<Record<StandingFinding["state"], string>> = {
  open: "",
  taken: "; somebody took it, and has not answered it",
  answered: "",
  reopened: "; it was answered once, and is open again",
};

function titleOf({ title, host }: StandingFinding): string {
  return host === "" ? spell(title) : `${spell(title)} on ${spell(host)}`;
}

function span(first: bigint, last: bigint): string {
  return first === last ? spell(first) : `${spell(first)} to ${spell(last)}`;
}

function openFor({ opened }: StandingFinding, now: Ticks): string {
  return opened === null ? "an unknown time" : readableSpan(now > opened ? now - opened : 0n);
}

function dueWords({ due }: StandingFinding, now: Ticks): string {
  if (due === null) return "";
  return due < now
    ? `; was to be answered by ${spell(due)}, ${readableSpan(now - due)} ago`
    : `; to be answered by ${spell(due)}`;
}

function answerWith({ id }: StandingFinding): string {
  return `breakwater findings answer ${id} --vault DIR --by NAME --determination WORD --reason TEXT`;
}

function byLevel(findings: readonly StandingFinding[]): string {
  return list(
    LEVELS.toReversed().flatMap((level) => {
      const number = findings.filter((finding) => finding.level === level).length;
      return number === 0 ? [] : [`${number} more of level ${level}`];
    }),
  );
}

function printed(finding: StandingFinding): MessageFinding {
  const time = (ticks: bigint | null) =>
    ticks === null || toTicks(ticks) === null ? null : spell(ticks);
  const { id, title, level, state, host, firstSeen, lastSeen, opened, due, counts } = finding;
  return {
    id,
    title: spell(title),
    level,
    state,
    host: spell(host),
    first_seen: time(firstSeen),
    last_seen: time(lastSeen),
    opened: time(opened),
    due: time(due),
    detections: finding.detections.length,
    counts,
    answer_with: answerWith(finding),
  };
}
