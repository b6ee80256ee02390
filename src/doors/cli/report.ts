/** The answers and the totals as lines of text. Refuses to conclude: it only words what a dossier holds. */
import { formatTicks } from "../../base/time.ts";
import { ENCRYPTED, REFERENCED_CHANGED } from "../../casework/index.ts";
import type { Answer, AnswerState, Dossier } from "../../model/dossier.ts";
import { notHereLines } from "./rule-report.ts";
import { type Output, plain } from "./terminal.ts";

const WIDTH = 100;

const STATE: Readonly<Record<AnswerState, string>> = {
  answered: "answered",
  partly: "partly answered",
  "not-yet": "not yet answered",
};

/** The five answers: each with its basis and what is unknown. */
export function answersText(dossier: Dossier, out: Output): readonly string[] {
  const lines = [
    `${plain(dossier.caseName)}${dossier.synthetic ? " (synthetic: everything in it is invented)" : ""}`,
    `as of ${formatTicks(dossier.asOf, 0)}`,
  ];
  dossier.answers.forEach((answer, index) => lines.push("", ...answerText(answer, index + 1, out)));
  return lines;
}

function answerText(answer: Answer, number: number, out: Output): readonly string[] {
  return [
    out.strong(`${number}  ${answer.asked}  [${STATE[answer.state]}]`),
    ...wrapped(answer.headline, "   "),
    ...answer.statements
      .slice(0, STATEMENTS_MAX)
      .flatMap(({ text, basis, at }) =>
        wrapped(
          `${text} (${basis}${at.length > 0 ? `, ${plural(at.length, "record")}` : ""})`,
          "     ",
          "   - ",
        ),
      ),
    ...left(answer.statements.length - STATEMENTS_MAX, "more in the dossier"),
    ...answer.unknown
      .slice(0, UNKNOWN_MAX)
      .flatMap((text) => wrapped(`unknown: ${text}`, "     ", "   ? ")),
    ...left(answer.unknown.length - UNKNOWN_MAX, "more unknown, in the dossier"),
  ];
}

const STATEMENTS_MAX = 4;
const UNKNOWN_MAX = 2;

function left(count: number, what: string): readonly string[] {
  return count > 0 ? [`   … ${count} ${what}`] : [];
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** What was taken in, read, and not read. */
export function summaryOf(dossier: Dossier): readonly string[] {
  const { evidence, rules } = dossier;
  const count = (intake: string) => evidence.filter((item) => item.intake === intake).length;
  const events = evidence.reduce((sum, item) => sum + item.events, 0);
  const { coverage } = dossier;
  const gaps = coverage.sources.reduce((sum, { gaps: list }) => sum + list.length, 0);
  return [
    `evidence: ${count("read")} read, ${count("unread")} kept without a reader, ${plural(count("duplicate"), "duplicate")}`,
    `events: ${events}; places that could not be read: ${dossier.flawsTotal}`,
    ...notTaken(dossier),
    ...locked(dossier),
    `rules: ${rules.run} of ${rules.rules} run; detections: ${dossier.detectionsTotal}, findings: ${dossier.findings.length}`,
    ...notHereLines(rules, NOT_HERE_MAX),
    `coverage: ${plural(coverage.sources.length, "source")}, ${plural(gaps, "gap")}, ${plural(coverage.expected.length, "kind")} of evidence missing`,
  ];
}

/** Why rules had nothing to run on, in a summary. */
const NOT_HERE_MAX = 3;

/** Breaks at blanks so that lines fit a terminal. */
function wrapped(text: string, indent: string, first = indent): readonly string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of plain(text).split(" ")) {
    if (line.length + word.length > WIDTH && line.trim() !== "" && line !== first) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

const NOT_TAKEN_MAX = 5;

/** What was named and is not in the vault, or is held by reference and has gone: said where it is still in reach. */
function notTaken({ flaws }: Dossier): readonly string[] {
  const own = flaws.filter(({ what }) => what === "not taken in" || what === REFERENCED_CHANGED);
  const more = own.length - NOT_TAKEN_MAX;
  return [
    ...own
      .slice(0, NOT_TAKEN_MAX)
      .map(({ what, place, have }) => `${what}: ${plain(place.file)}: ${plain(have)}`),
    ...(more > 0 ? [`not taken in, or changed: ${more} more, listed in the dossier`] : []),
  ];
}

const LOCKED_MAX = 5;

/** Archives that stayed closed: whoever knows the password is probably still here. */
function locked({ flaws }: Dossier): readonly string[] {
  const closed = Map.groupBy(
    flaws.filter(({ what }) => what === ENCRYPTED),
    ({ place }) => place.file,
  );
  const lines = [...closed].map(([file, list]) => {
    const more = list.length > 1 ? ` (and ${list.length - 1} more)` : "";
    const have = `${plain(list[0]?.have ?? "")}${more}`;
    return `locked: ${plain(file)}: ${have}; needed: ${list[0]?.need ?? ""}`;
  });
  const left = lines.length - LOCKED_MAX;
  return [
    ...lines.slice(0, LOCKED_MAX),
    ...(left > 0 ? [`locked: ${left} more, listed in the dossier`] : []),
  ];
}
