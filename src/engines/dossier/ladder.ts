/** How far the attack got on each host, and the earliest proven exploitation with all that could contest it. */
import { RUNGS, type FirstExploitation, type Ladder, type LadderStep } from "../../model/cause.ts";
import type { Dossier } from "../../model/dossier.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { html, type SafeHtml } from "./markup.ts";
import { table, type Column } from "./table.ts";
import { counted, grouped, isoTime, longTime, span, timeElement } from "./words.ts";

const MEANINGS = {
  probed: "asked whether it is there",
  reached: "got an answer from behind the front door",
  executed: "made the server do something",
  used: "came back and used what was left",
} as const;

/** First exploitation, ladders, own tests. */
export function ladderPart(dossier: Dossier, index: RecordIndex): SafeHtml {
  const { ladders, first } = dossier.cause;
  const none = html`<p class="note">No host shows any rung of an attack in the evidence that could be read.</p>`;
  return html`${first.length === 0 ? null : html`<h3 id="first">Earliest proven exploitation</h3>${first.map((one) => firstOn(one, index))}`}
<h3 id="ladders">How far it got, host by host</h3>
<p>Each rung needs evidence of its own; a higher rung does not prove the lower one.</p>
${ladders.length === 0 ? none : ladders.map((ladder, at) => ladderOf(ladder, at, index))}
${ownTests(dossier, index)}`;
}

function firstOn(one: FirstExploitation, index: RecordIndex): SafeHtml {
  const { host, at, over, hiddenBy, earlier } = one;
  const sources = [...new Set(over.map((source) => `${source.format} ${source.channel}`.trim()))];
  const looked =
    sources.length === 0 ? "no source that could show an earlier one" : sources.join(", ");
  const holes = hiddenBy.map(
    ({ channel, gap }) =>
      html`<li>${channel}: silent for ${span(gap.from, gap.to)}, ${isoTime(gap.from)} to ${isoTime(gap.to)}</li>`,
  );
  const traces = earlier.map(
    (step) =>
      html`<li>${step.rung} on ${longTime(step.first)}, ${counted(step.count, "record")} ${chips(index, step.at)}</li>`,
  );
  return html`<div class="first"><p class="headline">${host === "" ? "Host not named" : host}: ${at.rung} on ${longTime(at.first)} ${chips(index, at.at)}</p>
<p class="soft">Looked for in ${looked}.</p>
${holes.length === 0 ? null : html`<p>An earlier one could be hidden by</p><ul>${holes}</ul>`}
${traces.length === 0 ? null : html`<p>The date may be contested: earlier traces that reached less far</p><ul>${traces}</ul>`}</div>`;
}

function ladderOf(ladder: Ladder, at: number, index: RecordIndex): SafeHtml {
  const rungs = RUNGS.map((rung, height) => {
    const step = ladder.steps.find((one) => one.rung === rung) ?? null;
    return html`<li class="step-${height + 1} ${step === null ? "absent" : `rung-${rung}`}"><p class="rung-name">${rung}</p><p class="soft">${MEANINGS[rung]}</p>${step === null ? html`<p class="none">no evidence</p>` : stepOf(step, index)}</li>`;
  });
  return html`<article class="ladder-of" id="ladder-${at + 1}" aria-labelledby="ladder-${at + 1}-head"><h4 id="ladder-${at + 1}-head">${ladder.host === "" ? "Host not named" : ladder.host}</h4><ol class="ladder">${rungs}</ol></article>`;
}

function stepOf(step: LadderStep, index: RecordIndex): SafeHtml {
  const last =
    step.last === step.first
      ? null
      : html`<p class="soft">last ${timeElement(step.last, step.digits)}</p>`;
  return html`<p>${timeElement(step.first, step.digits)}</p>${last}<p>${counted(step.count, "record")} ${chips(index, step.at)}</p>`;
}

function ownTests(dossier: Dossier, index: RecordIndex): SafeHtml | null {
  const { ownTests: tests } = dossier.cause;
  if (tests.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Who" },
    { head: "Host" },
    { head: "First and last (UTC)" },
    { head: "Records", kind: "num" },
    { head: "Of them by the time alone", kind: "num" },
    { head: "Examples" },
  ];
  const rows = tests.map(({ who, host, first, last, digits, count, byTime, at }) => ({
    cells: [
      who,
      host,
      html`${timeElement(first, digits)}<br>${timeElement(last, digits)}`,
      grouped(count),
      grouped(byTime),
      chips(index, at),
    ],
  }));
  return html`<h3 id="own-tests">Tests of one's own</h3><p>The case file states these as scans or tests that were ordered; they stand on no ladder. Records that name no client count as a test’s where they follow its requests within minutes while nobody else was seen there.</p>${table("Traces of stated tests", columns, rows)}`;
}
