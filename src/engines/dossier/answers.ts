/** The five questions: on one sheet, and each in full with its statements and what stays unknown. */
import type { Answer, AnswerState, Basis, Dossier, Statement } from "../../model/dossier.ts";
import { chips, QUESTION_NUMBERS, statementAnchor, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { badge } from "./table.ts";
import { prose } from "./words.ts";

type Question = Answer["question"];

/** The questions in order, each with the short name that the contents use. */
export const QUESTIONS: readonly { readonly question: Question; readonly name: string }[] = [
  { question: "patched", name: "Updates" },
  { question: "answered", name: "Defences" },
  { question: "cause", name: "Cause" },
  { question: "people", name: "People" },
  { question: "duties", name: "Duties" },
];

const ASKED: Readonly<Record<Question, string>> = {
  patched: "Were we patched?",
  answered: "What did our defences see, and who answered?",
  cause: "How did they get in, when, and what did they do?",
  people: "Whose data was taken?",
  duties: "What must we do now, by when, and can we prove it?",
};

const STATES: Readonly<Record<AnswerState, string>> = {
  answered: "answered",
  partly: "partly answered",
  "not-yet": "not yet answered",
};

const BASES: Readonly<Record<Basis, string>> = {
  observed: "a record shows it",
  derived: "it follows from records or dates by a stated rule",
  claimed: "somebody says so; nothing here proves it",
  unknown: "nothing here tells",
};
const BASIS_ORDER = ["observed", "derived", "claimed", "unknown"] as const;
const UNKNOWN_IN_SUMMARY = 2;

/** All five on one sheet: answer, basis, what is not known. */
export function summary(dossier: Dossier): SafeHtml {
  const rows = QUESTIONS.map(({ question }) => summaryOf(question, answerTo(dossier, question)));
  return html`<section id="summary" class="sheet" aria-labelledby="summary-head">
<h2 id="summary-head">Summary</h2>
<ol class="summary">${rows}</ol>
${legend()}
</section>`;
}

/** What the small labels mean. */
function legend(): SafeHtml {
  const terms = BASIS_ORDER.map(
    (basis) => html`<div><dt>${basisBadge(basis)}</dt><dd>${BASES[basis]}</dd></div>`,
  );
  return html`<div class="legend"><p>What a statement rests on</p><dl>${terms}</dl></div>`;
}

function summaryOf(question: Question, answer: Answer | null): SafeHtml {
  const number = QUESTION_NUMBERS[question];
  const asked = answer?.asked ?? ASKED[question];
  return html`<li><article>
<p class="asked"><a href="#question-${number}"><span class="number">${number}</span> ${asked}</a></p>
<div class="answer">${headline(answer)}${answer === null ? null : basesOf(answer)}${unknownBrief(question, answer?.unknown ?? [])}</div>
</article></li>`;
}

function headline(answer: Answer | null): SafeHtml {
  const state = answer?.state ?? "not-yet";
  const said = answer?.headline ?? "This version of the program does not answer this question yet.";
  return html`<p class="headline ${state}">${said}</p><p class="state">${badge(`state-${state}`, STATES[state])}</p>`;
}

function basesOf(answer: Answer): SafeHtml | null {
  const present = BASIS_ORDER.map((basis) => ({
    basis,
    count: answer.statements.filter((statement) => statement.basis === basis).length,
  })).filter(({ count }) => count > 0);
  if (present.length === 0) return null;
  const labels = present.map(
    ({ basis, count }) => html`<span>${basisBadge(basis)} ${count}</span>`,
  );
  return html`<p class="bases"><span class="soft">Statements:</span> ${labels}</p>`;
}

function unknownBrief(question: Question, unknown: readonly string[]): SafeHtml | null {
  if (unknown.length === 0) return null;
  const more = unknown.length - UNKNOWN_IN_SUMMARY;
  const rest = html`<li><a href="#unknown-${QUESTION_NUMBERS[question]}">${more} more unknown</a></li>`;
  const items = unknown.slice(0, UNKNOWN_IN_SUMMARY).map((text) => html`<li>${text}</li>`);
  return html`<div class="unknown brief"><p>Not known</p><ul>${items}${more > 0 ? rest : null}</ul></div>`;
}

/** One question in full; `inner` is what belongs to it: findings, drawings, clocks. */
export function questionSection(
  dossier: Dossier,
  index: RecordIndex,
  question: Question,
  inner: readonly (SafeHtml | null)[],
): SafeHtml {
  const answer = answerTo(dossier, question);
  const number = QUESTION_NUMBERS[question];
  return html`<section id="question-${number}" class="question" aria-labelledby="question-${number}-head">
<h2 id="question-${number}-head"><span class="number">${number}</span> ${answer?.asked ?? ASKED[question]}</h2>
${headline(answer)}
${statements(index, question, answer?.statements ?? [])}
${unknownList(number, answer?.unknown ?? [])}
${inner.filter((part) => part !== null)}
</section>`;
}

function statements(
  index: RecordIndex,
  question: Question,
  all: readonly Statement[],
): SafeHtml | null {
  if (all.length === 0) return null;
  const { shown, note } = firstOf(all, LIMITS.statements, "statement");
  const number = QUESTION_NUMBERS[question];
  const items = shown.map(
    (statement, at) => html`<li id="${statementAnchor(question, at)}">
<span class="number">${number}.${at + 1}</span><div><p>${prose(statement.text)} ${chips(index, statement.at)}</p></div>${basisBadge(statement.basis)}</li>`,
  );
  return html`<h3>Statements</h3><ol class="statements">${items}</ol>${note}`;
}

function unknownList(number: number, unknown: readonly string[]): SafeHtml | null {
  if (unknown.length === 0) return null;
  return html`<div class="unknown" id="unknown-${number}"><h3>Not known, and what would tell</h3><ul>${unknown.map((text) => html`<li>${prose(text)}</li>`)}</ul></div>`;
}

function basisBadge(basis: Basis): SafeHtml {
  return badge(`basis ${basis}`, basis);
}

function answerTo(dossier: Dossier, question: Question): Answer | null {
  return dossier.answers.find((answer) => answer.question === question) ?? null;
}
