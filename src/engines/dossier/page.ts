/**
 * The dossier as one HTML page: no script, nothing remote, one stylesheet allowed by its hash.
 * Refuses to put any text but the program's own on the page unescaped (markup.ts).
 */
import { utf8 } from "../../base/bytes.ts";
import type { Dossier } from "../../model/dossier.ts";
import { questionSection, QUESTIONS, summary } from "./answers.ts";
import { indexRecords, QUESTION_NUMBERS, type RecordIndex } from "./citations.ts";
import { aftermathsPart } from "./aftermaths.ts";
import { canariesPart, deliveriesPart } from "./alarms.ts";
import { chainsPart } from "./chains.ts";
import { clocksPart } from "./clocks.ts";
import { containmentPart } from "./containment.ts";
import { contents, cover, syntheticBanner } from "./cover.ts";
import { coveragePart } from "./coverage.ts";
import { dyingPart } from "./dying.ts";
import { evidenceSection, flawsSection } from "./evidence.ts";
import { findingPlaces } from "./finding-links.ts";
import { findingsPart, rulesSection } from "./findings.ts";
import { ladderPart } from "./ladder.ts";
import { html, type SafeHtml } from "./markup.ts";
import { missedPart } from "./missed.ts";
import { patchesPart } from "./patches.ts";
import { recordsSection } from "./records.ts";
import { streaksPart } from "./streaks.ts";
import { STYLE } from "./style.ts";
import { takingsPart } from "./takings.ts";
import { timelinePart } from "./timeline.ts";
import { verifySection } from "./verify.ts";

const SECTIONS: readonly { readonly anchor: string; readonly title: string }[] = [
  { anchor: "summary", title: "Summary" },
  ...QUESTIONS.map(({ question, name }) => ({
    anchor: `question-${QUESTION_NUMBERS[question]}`,
    title: `${QUESTION_NUMBERS[question]} ${name}`,
  })),
  { anchor: "evidence", title: "Evidence" },
  { anchor: "flaws", title: "Not read" },
  { anchor: "rules", title: "Rules" },
  { anchor: "verify", title: "Verify" },
  { anchor: "records", title: "Records" },
];

/** The whole dossier as UTF-8 HTML; the same dossier gives the same bytes. */
export function renderDossierHtml(dossier: Dossier): Uint8Array {
  const index = indexRecords(dossier);
  const policy = `default-src 'none'; style-src '${STYLE.hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Dossier: ${dossier.caseName}</title>
${STYLE.element}
</head>
<body class="${dossier.synthetic ? "synthetic" : "real"}">
<a class="skip" href="#summary">To the summary</a>
${syntheticBanner(dossier)}
<div class="page">
${contents(SECTIONS)}
<main>
${cover(dossier)}
${summary(dossier)}
${QUESTIONS.map(({ question }) => questionSection(dossier, index, question, partsOf(dossier, index, question)))}
${evidenceSection(dossier)}
${flawsSection(dossier)}
${rulesSection(dossier)}
${verifySection(dossier)}
${recordsSection(dossier, index)}
</main>
</div>
</body>
</html>
`;
  return utf8(page.toString());
}

/** What stands under a question besides its statements. */
function partsOf(
  dossier: Dossier,
  index: RecordIndex,
  question: (typeof QUESTIONS)[number]["question"],
): readonly (SafeHtml | null)[] {
  switch (question) {
    case "answered":
      return defenceParts(dossier, index);
    case "cause":
      return [
        ladderPart(dossier, index),
        chainsPart(dossier, index),
        takingsPart(dossier, index),
        aftermathsPart(dossier, index),
        containmentPart(dossier),
        timelinePart(dossier, index),
        coveragePart(dossier, index),
      ];
    case "duties":
      return [clocksPart(dossier), dyingPart(dossier, index)];
    case "patched":
      return patchesPart(dossier, index);
    case "people":
      return [];
  }
}

/** What defences saw before anybody knew, again and again, and as findings; and whether an alarm reaches anybody. */
function defenceParts(dossier: Dossier, index: RecordIndex): readonly (SafeHtml | null)[] {
  const places = findingPlaces(dossier);
  return [
    missedPart(dossier, index, places),
    streaksPart(dossier, places),
    findingsPart(dossier, index),
    canariesPart(dossier, index),
    deliveriesPart(dossier, places),
  ];
}
