/**
 * How the dossier looks: calm on a screen, complete on paper. System fonts, one accent, three greys;
 * colour never carries a meaning alone. Print is always light. No slot may enter here: the hash is in the policy.
 */
import { stylesheet } from "./markup.ts";

/** The one stylesheet of the page. */
export const STYLE = stylesheet`
:root {
  --ink: #18222d; --soft: #556270; --line: #dbe0e5; --paper: #ffffff; --wash: #f5f7f8; --accent: #1c4b69;
  --critical: #8c1a1a; --high: #9a4408; --medium: #735600; --low: #32587b; --informational: #556270; --good: #1f5f3b; --bar: #a9bac8;
  --sans: ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif Pro", Georgia, "Liberation Serif", serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
  color-scheme: light;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e3e8ed; --soft: #a5b1bd; --line: #313c47; --paper: #12181e; --wash: #1a222a; --accent: #8dc3e6;
    --critical: #ff9d96; --high: #ffb27c; --medium: #e3c163; --low: #9cc5ec; --informational: #a5b1bd; --good: #86d3a5; --bar: #4a6379;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5 { line-height: 1.2; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
h1, h2, .headline { font-family: var(--serif); font-weight: 600; }
h1 { font-size: clamp(1.9rem, 5vw, 2.9rem); letter-spacing: -.01em; }
h2 { font-size: 1.7rem; margin-bottom: 1rem; }
h3 { font-size: 1.06rem; margin: 2.6rem 0 .7rem; }
h4 { font-size: 1rem; }
p { margin: 0 0 .7rem; overflow-wrap: anywhere; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, pre { font-family: var(--mono); font-size: .84em; }
ul { margin: 0 0 .7rem; padding-left: 1.1rem; }
.soft, .why, .note, figcaption { color: var(--soft); }
.why { display: block; font-size: .86em; line-height: 1.4; margin-top: .15rem; }
.note { font-size: .9rem; }
.number { color: var(--soft); font-weight: 400; }
.time { white-space: nowrap; } .id { display: inline-block; max-width: 100%; }
.file, .hash, .value { overflow-wrap: anywhere; word-break: break-word; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }

.page { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 78rem; margin: 0 auto; padding: 0 1.25rem 6rem; }
.contents { margin: 1.2rem 0 0; font-size: .9rem; }
.contents ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; }
.contents a { display: block; padding: .25rem 0; color: var(--soft); text-decoration: none; }
.contents a:hover { color: var(--accent); text-decoration: underline; }
@media (min-width: 64rem) {
  .page { grid-template-columns: 8.5rem minmax(0, 1fr); gap: 3.5rem; }
  .contents { position: sticky; top: 0; align-self: start; max-height: 100vh; padding: 3.7rem 0 1rem; margin: 0; overflow-y: auto; }
  .contents ol { display: block; border-left: 1px solid var(--line); padding-left: 1rem; }
  .contents li:nth-child(6) { margin-bottom: .9rem; }
  .contents li:first-child { margin-bottom: .9rem; }
}
.banner { margin: 0; padding: .55rem 1.25rem; text-align: center; font-size: .9rem; background: var(--wash); border-bottom: 1px solid var(--line); }
.cover { padding: 3.5rem 0 1rem; }
.kind { text-transform: uppercase; letter-spacing: .12em; font-size: .76rem; font-weight: 600; color: var(--accent); margin-bottom: .8rem; }
.lead { font-size: 1.1rem; color: var(--soft); max-width: 42rem; margin: 1rem 0 1.8rem; }
main > section { padding-top: 4.2rem; }
main > section > p, .first, .unknown, .steps { max-width: 46rem; }

.terms { margin: 0 0 1rem; }
.terms > div { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 1rem; padding: .34rem 0; border-top: 1px solid var(--line); }
.terms > div:last-child { border-bottom: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
dd ul { margin: 0; }

.badge { display: inline-block; font-size: .75rem; line-height: 1.5; padding: 0 .5em; border: 1px solid currentColor; border-radius: 2em; color: var(--soft); white-space: nowrap; }
.level::before, .basis::before { content: ""; display: inline-block; width: .5em; height: .5em; margin-right: .4em; border: 1.5px solid currentColor; border-radius: 50%; vertical-align: .06em; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); } .informational { color: var(--informational); }
.badge.critical::before, .badge.high::before, .observed::before { background: currentColor; }
.badge.critical { font-weight: 700; }
.basis { border-color: transparent; padding: 0; color: var(--soft); }
.observed { color: var(--good); } .derived { color: var(--low); } .claimed { color: var(--medium); }
.derived::before { background: linear-gradient(90deg, currentColor 50%, transparent 50%); }
.unknown.basis::before { border-style: dashed; }
.state-answered { color: var(--good); } .state-partly { color: var(--medium); } .state-not-yet { color: var(--soft); border-style: dashed; }
.rung { color: var(--ink); }
.rung.executed, .rung.used { font-weight: 700; }
.state-open, .state-taken { border-style: dashed; } .state-reopened { color: var(--high); border-style: dashed; }
.clock-overdue, .clock-met-late { color: var(--critical); font-weight: 700; } .clock-running { color: var(--high); font-weight: 700; } .clock-met { color: var(--good); }
.intake-unread { color: var(--high); }

.summary { list-style: none; margin: 0; padding: 0; }
.summary > li { border-top: 1px solid var(--line); padding: 1.15rem 0 .9rem; }
.summary article { display: grid; grid-template-columns: minmax(0, 1fr); gap: .3rem 2rem; }
.asked { font-weight: 600; }
.asked a { color: inherit; text-decoration: none; }
.asked a:hover { text-decoration: underline; }
@media (min-width: 46rem) { .summary article { grid-template-columns: 13rem minmax(0, 1fr); } }
.headline { font-size: 1.18rem; line-height: 1.4; font-weight: 400; max-width: 46rem; margin-bottom: .5rem; }
.question > .headline { font-size: 1.35rem; }
.headline.not-yet { color: var(--soft); font-style: italic; }
.state { display: inline-block; margin: 0 1rem .5rem 0; }
.bases { display: inline-block; font-size: .86rem; margin-bottom: .5rem; }
.bases > span { white-space: nowrap; } .bases > span + span { margin-left: .7rem; }
.unknown:not(.basis) { border-left: 3px solid var(--line); padding: 0 0 0 1rem; margin: 1.4rem 0; }
.unknown.brief { margin: .3rem 0 .8rem; }
.unknown h3 { margin: 0 0 .4rem; }
.unknown ul, .unknown p { margin-bottom: .1rem; }
.brief { font-size: .92rem; color: var(--soft); }
.brief p { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: .86rem; }
.legend p { font-weight: 600; margin: 0; width: 100%; }
.legend dl { display: flex; flex-wrap: wrap; gap: .2rem 1.8rem; margin: 0; }
.legend dl > div { display: flex; gap: .6rem; }
.legend dd { color: var(--soft); }

.statements { list-style: none; padding: 0; margin: 0; }
.statements > li { display: grid; grid-template-columns: 2.2rem minmax(0, 1fr) auto; gap: .2rem .6rem; align-items: baseline; padding: .55rem 0; border-top: 1px solid var(--line); }
.statements > li:last-child { border-bottom: 1px solid var(--line); }
.statements p { margin: 0; max-width: 44rem; }
.chips { display: inline-flex; flex-wrap: wrap; gap: .25rem .3rem; vertical-align: baseline; }
.chip { font-size: .75rem; line-height: 1.35; padding: .1rem .45em; border-radius: .3em; background: var(--wash); border: 1px solid var(--line); text-decoration: none; white-space: nowrap; }
a.chip:hover { border-color: var(--accent); }
.chip.away { color: var(--soft); white-space: normal; overflow-wrap: anywhere; }
.more { font-size: .8rem; color: var(--soft); }

.wide-region { overflow-x: auto; margin: .6rem 0 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .89rem; line-height: 1.42; }
caption { text-align: left; color: var(--soft); font-size: .84rem; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .48rem .9rem .48rem 0; border-top: 1px solid var(--line); overflow-wrap: break-word; min-width: 4.5rem; max-width: 24rem; }
th:last-child, td:last-child { padding-right: 0; }
tbody th { font-weight: 400; }
tbody:last-child tr:last-child > * { border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: .82rem; border-top-color: var(--ink); vertical-align: bottom; }
.num { text-align: right; }
th.wide, td.wide { min-width: 15rem; overflow-wrap: anywhere; }
.title { display: block; font-weight: 600; }
.hash { display: block; font-size: .76rem; margin: .2rem 0; }
.day th { font-family: var(--serif); font-weight: 600; font-size: 1rem; padding-top: 1.1rem; border-top: 0; }
.counts > span { white-space: nowrap; margin-right: 1rem; }
:target { background: var(--wash); box-shadow: -.6rem 0 0 var(--wash), -.8rem 0 0 var(--accent); }
tr:target { box-shadow: inset 2px 0 0 var(--accent); }

figure { margin: 0 0 1.4rem; }
figure svg { display: block; width: 100%; min-width: 44rem; height: auto; }
figcaption { font-size: .84rem; max-width: 46rem; }
.key { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: 0 0 .4rem; font-size: .84rem; }
.key svg { display: inline-block; width: .8rem; min-width: 0; height: .8rem; vertical-align: -.06em; }
.grid { stroke: var(--line); } .lane { stroke: var(--soft); stroke-width: .8; }
.axis, .label { font: 12px var(--sans); fill: var(--soft); } .label { fill: var(--ink); font-size: 13px; } .label.soft { fill: var(--soft); font-size: 11px; }
.mark { fill: currentColor; stroke: var(--paper); stroke-width: .8; } .mark.plain { color: var(--ink); } .hollow { fill: var(--paper); stroke: currentColor; stroke-width: 1.5; }
.covered { fill: var(--bar); } .gap { fill: url(#hatch); stroke: var(--high); stroke-width: .8; }
.ground { fill: var(--paper); } .hatch { stroke: var(--high); stroke-width: 2.4; } .cleared { fill: none; stroke: var(--critical); stroke-width: 2.4; }

.seen-strong { fill: var(--accent); } .seen-weak { fill: url(#hatch-seen); stroke: var(--accent); stroke-width: .8; } .hatch-seen { stroke: var(--accent); stroke-width: 2; }
.open-sure { fill: var(--high); } .open-possible { fill: url(#hatch-open); stroke: var(--high); stroke-width: .8; } .hatch-open { stroke: var(--high); stroke-width: 1.4; }
.used-sure, .used-possible { fill: var(--ink); } .bar-label { font: 600 10.5px var(--sans); fill: var(--paper); }
.badge::before, .link::before { print-color-adjust: exact; }
.verdict::before { content: ""; display: inline-block; width: .5em; height: .5em; margin-right: .4em; border: 1.5px solid currentColor; vertical-align: .06em; }
.verdict-contradicted, .measured-contradicted { color: var(--critical); font-weight: 700; } .verdict-missing { color: var(--high); font-weight: 700; } .verdict-unverified { color: var(--medium); }
.verdict-fixed, .measured-agrees { color: var(--good); } .verdict-unknown, .measured-unknown { border-style: dashed; }
.verdict-contradicted::before, .verdict-missing::before, .measured-contradicted::before { background: currentColor; } .verdict-fixed::before, .measured-agrees::before { border-radius: 50%; background: currentColor; } .verdict-unknown::before, .measured-unknown::before { border-style: dashed; }
.rank-critical { color: var(--critical); font-weight: 700; } .rank-important { color: var(--high); } .rank-moderate { color: var(--medium); }
.said { display: block; } .said + .said { margin-top: .4rem; }
.excuses { max-width: 46rem; } .excuses > div { grid-template-columns: 2rem minmax(0, 1fr); }
.host-updates { border-top: 3px solid var(--line); padding-top: 1rem; margin: 1.4rem 0 2rem; }
.next { background: var(--wash); padding: .8rem 1rem .2rem; margin-bottom: 1rem; } .next-head { font-weight: 600; margin-bottom: .4rem; }
.sub { margin: 1.4rem 0 .5rem; } .day .badge { font-family: var(--sans); }
.verdicts { margin: 0 0 .8rem; font-size: .89rem; } .verdicts > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .8rem; padding: .12rem 0; }
.released { font: .82rem/1.4 var(--sans); color: var(--soft); margin-left: .4rem; }
.updates .terms { margin: 0; } .updates .terms > div { border: 0; padding: .14rem 0; } .facts > td { max-width: none; }
.public { list-style: none; margin: 0; padding: 0; }

.first { border-left: 3px solid var(--accent); padding-left: 1rem; margin-bottom: 1.4rem; }
.ladder-of { margin: 1.4rem 0 1.8rem; }
.ladder { list-style: none; margin: .7rem 0 0; padding: 0; display: grid; gap: .6rem; font-size: .89rem; }
.ladder > li { border-top: 4px solid var(--accent); background: var(--wash); padding: .7rem .8rem .3rem; }
.ladder > .absent { border-top: 4px dotted var(--line); background: none; }
.ladder p { margin-bottom: .35rem; } .ladder .time { white-space: normal; overflow-wrap: anywhere; }
.rung-name { font-weight: 600; }
.none { font-style: italic; color: var(--soft); }
@media (min-width: 46rem) {
  .ladder { grid-template-columns: repeat(4, minmax(0, 1fr)); align-items: stretch; }
  .step-1 { margin-top: 2.1rem; } .step-2 { margin-top: 1.4rem; } .step-3 { margin-top: .7rem; }
}
.calendar { margin-bottom: 1.4rem; } .months { list-style: none; margin: .8rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .6rem 1.6rem; }
.months > li { width: 10.6rem; } .months svg { min-width: 0; }
@media (max-width: 40rem) { .months { gap: .6rem 1rem; } .months > li { width: calc(50% - .5rem); } } .axis.small { font-size: 9px; } .axis.told { fill: var(--ink); font-weight: 600; }
.days-key svg { width: 1.1rem; height: 1.1rem; vertical-align: -.22em; }
.day-cell { fill: none; stroke: var(--line); } .day-cell.hole { fill: url(#hatch-missed); } .day-cell.no-log { fill: url(#hatch-no-log); } .hatch-missed { stroke: var(--bar); stroke-width: 1.2; fill: none; }
.day-bar { fill: currentColor; } .day-wash { fill: currentColor; opacity: .16; } .day-alarm { fill: var(--ink); } .day-found { fill: none; stroke: var(--ink); stroke-width: 2.6; } .day-answered { fill: none; stroke: var(--good); stroke-width: 1.8; }
.day-table tbody > tr:not(:first-child) > td { border-top-style: dotted; } .day-table td { min-width: 6rem; } .day-table .wide { min-width: 17rem; } .day-table td:nth-last-child(5) { min-width: 10rem; } .day-table .num { min-width: 0; }
.log-notes { max-width: 46rem; font-size: .9rem; color: var(--soft); } .nobody { font-style: italic; color: var(--soft); }
.streak { border-top: 3px solid var(--critical); padding-top: .9rem; margin: 1.2rem 0 1.8rem; } .streak h4 { margin-bottom: .5rem; } .burst { fill: var(--critical); }
.chain-of { margin: 1.2rem 0 1.8rem; } .chain { list-style: none; margin: .7rem 0 0; padding: 0 0 0 .6rem; max-width: 52rem; font-size: .93rem; }
.link { border-left: 3px solid var(--line); padding: 0 0 .9rem 1.1rem; position: relative; } .link:last-child { padding-bottom: 0; }
.link::before { content: ""; position: absolute; left: -.48rem; top: .3rem; width: .6rem; height: .6rem; border: 2px solid var(--accent); background: var(--paper); border-radius: 50%; }
.link.rung-executed::before, .link.rung-used::before { background: var(--accent); } .link.rung-used::before { border-radius: 0; }
.link p { margin-bottom: .15rem; } .link-head { display: flex; flex-wrap: wrap; gap: .2rem .7rem; align-items: baseline; } .link-where { font-weight: 600; } .link-what { font-family: var(--mono); font-size: .84em; } .link-why { font-size: .86em; } .joined { color: var(--soft); }
.aftermath { border-top: 3px solid var(--line); padding-top: .9rem; margin: 1.2rem 0 1.8rem; }
.check-columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem 2.4rem; } @media (min-width: 60rem) { .check-columns { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
h5 { font-size: .95rem; margin: .6rem 0 .3rem; }
.check-list { list-style: none; margin: 0; padding: 0; font-size: .89rem; } .check { border-top: 1px solid var(--line); padding: .6rem 0 .3rem; } .check p { margin-bottom: .25rem; } .check .badge { float: right; margin-left: .6rem; }
.changes { margin: .3rem 0 .5rem; } .plain { list-style: none; margin: 0; padding: 0; } .plain li + li { margin-top: .2rem; }
.found-found, .sent-failed, .state-unseen { color: var(--critical); font-weight: 700; } .found-clean, .sent-sent { color: var(--good); } .found-not-looked-at { border-style: dashed; }
.clocks { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
@media (min-width: 80rem) { .clocks { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.clock { border-top: 3px solid var(--line); padding-top: .9rem; font-size: .93rem; }
.clock.overdue, .clock.met-late { border-color: var(--critical); } .clock.running { border-color: var(--high); } .clock.met { border-color: var(--good); }
.clock .terms > div, .fields > div { grid-template-columns: 7rem minmax(0, 1fr); }
.due { font-size: 1rem; }
.remarks { border-left: 3px solid var(--medium); padding: 0 0 0 1.7rem; }
.remarks li { margin-bottom: .3rem; }
.notice { background: var(--wash); padding: .8rem 1rem .1rem; }
.notice > p { font-weight: 600; margin-bottom: .4rem; }
.awaited dd { font-style: italic; color: var(--soft); }
.steps { padding-left: 1.2rem; } .steps li { margin-bottom: 1.1rem; }
pre { background: var(--wash); padding: .7rem .9rem; margin: 0 0 .7rem; overflow-wrap: anywhere; white-space: pre-wrap; }

.record { border-top: 1px solid var(--line); padding: .2rem 0 1.4rem; font-size: .89rem; }
.record h3 { margin: .9rem 0 .6rem; font-size: 1rem; }
.record .terms { columns: 2 22rem; column-gap: 2rem; }
.record .terms > div { break-inside: avoid; grid-template-columns: 6.5rem minmax(0, 1fr); padding: .18rem 0; border: 0; }
.record .hash { margin: 0; }
.fields { background: var(--wash); padding: .5rem .8rem; margin: 0 0 .6rem; }
.fields > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: .8rem; padding: .1rem 0; }
.value { display: block; overflow: hidden; white-space: pre-wrap; }
.open-again { margin-bottom: .3rem; }
.cited ul { display: inline; padding: 0; } .cited li { display: inline; margin-left: .6rem; }
@media screen { .record { content-visibility: auto; contain-intrinsic-size: auto 20rem; } }
@media (max-width: 40rem) {
  .terms > div, .clock .terms > div, .fields > div, .record .terms > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .statements > li { grid-template-columns: minmax(0, 1fr) auto; } .statements > li > div { grid-column: 1 / -1; grid-row: 2; }
  .record .terms { columns: auto; } .facts .terms { position: sticky; left: 0; max-width: calc(100vw - 2.6rem); }
}
@page { size: A4; margin: 18mm 17mm 20mm; @bottom-left { content: "Breakwater dossier"; font: 8pt Arial, sans-serif; color: #556270; } @bottom-right { content: counter(page) " of " counter(pages); font: 8pt Arial, sans-serif; color: #556270; } }
@page invented { @top-center { content: "SYNTHETIC: everything in this case is invented"; font: 8pt Arial, sans-serif; color: #556270; } }
@media print {
  html { font-size: 9.5pt; }
  .synthetic { page: invented; }
  .page { display: block; max-width: none; padding: 0; }
  .contents, .skip { display: none; }
  .banner { border: 1px solid var(--line); margin-bottom: 2rem; }
  .cover { padding-top: 20mm; }
  main > section { padding-top: 2.4rem; }
  .sheet, #question-1, #question-3, #question-5 { break-before: page; padding-top: 0; }
  h2, h3, h4, h5, caption, .asked, .clock > .soft, .due, .counts { break-after: avoid; }
  #summary h2 { margin-bottom: .5rem; } .summary > li { padding: .7rem 0 .1rem; } .summary .headline { font-size: 1.1rem; margin-bottom: .2rem; } .summary p, .summary .unknown { margin-bottom: .25rem; }
  tr, .summary > li, .statements > li, .ladder-of, figure:not(.calendar), .months > li, .link, .check, .notice, .terms > div, .fields > div, .first { break-inside: avoid; }
  tr.facts { break-inside: auto; } .updates .day { break-after: avoid; }
  .wide-region { overflow: visible; }
  th, td { min-width: 5.6rem; padding-right: .6rem; } th.wide, td.wide, .num { min-width: 0; }
  .day-table td { min-width: 0; } .day-table .wide { min-width: 10rem; } .months > li { width: 9.2rem; }
  table { font-size: 8pt; } figure svg { min-width: 0; }
  .ladder { grid-template-columns: repeat(4, minmax(0, 1fr)); } .clocks { display: block; } .clock { margin-bottom: 1.5rem; }
  a { color: inherit; text-decoration: none; } a.chip { color: var(--accent); }
  .record { break-inside: avoid-page; } .terms { break-inside: avoid; } .updates .terms { break-inside: auto; }
}
`;
