/**
 * The custody form of an export: one printable page in the dossier's look, no script, nothing remote. What was handed
 * over, the history of each evidence, and lines to sign. Refuses to put a word on the page unescaped (markup.ts).
 */
import { utf8 } from "../../base/bytes.ts";
import type { CustodyForm, CustodyItem } from "../../model/custody.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml, stylesheet } from "./markup.ts";
import { STYLE } from "./style.ts";
import { table, termList, type Column } from "./table.ts";
import { counted, isoTime, longTime, size } from "./words.ts";

/** What a form needs besides the dossier's look: one column, and room to sign. */
const FORM_STYLE = stylesheet`
.page { grid-template-columns: minmax(0, 1fr); }
.signatures td, .signatures tbody th { height: 3.4rem; vertical-align: bottom; }
.item { break-inside: avoid-page; }
`;

const HISTORY: readonly Column[] = [
  { head: "When" },
  { head: "What" },
  { head: "By (stated)" },
  { head: "Reason", kind: "wide" },
  { head: "Act", kind: "num" },
];
const SIGNATURES: readonly Column[] = [
  { head: "Handed over" },
  { head: "Name", kind: "wide" },
  { head: "Date and time" },
  { head: "Signature", kind: "wide" },
];
const ROLES = ["Given by", "Received by", "Given by", "Received by"];
const REST = "manifest.json beside this page lists every file";

/** The form as UTF-8 HTML; the same form gives the same bytes. */
export function renderCustodyHtml(form: CustodyForm): Uint8Array {
  const policy = `default-src 'none'; style-src '${STYLE.hash}' '${FORM_STYLE.hash}'; base-uri 'none'; form-action 'none'`;
  const { shown, note } = firstOf(form.items, LIMITS.evidence, "file", undefined, REST);
  const page = html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Custody of evidence, vault ${form.vault}</title>
${STYLE.element}
${FORM_STYLE.element}
</head>
<body class="custody">
<div class="page">
<main>
${head(form)}
<section aria-labelledby="evidence-head">
<h2 id="evidence-head">Evidence</h2>
<p>Each file is byte for byte as it was handed in: its SHA-256 was computed again while it was written. <code>sha256sum -c SHA256SUMS</code> in this folder says so without this program.</p>
${shown.map(itemPart)}${note}
</section>
<section aria-labelledby="signatures-head">
<h2 id="signatures-head">Signatures</h2>
<div class="signatures">${table("Who gave and who received", SIGNATURES, ROLES.map(signatureRow))}</div>
</section>
<section aria-labelledby="check-head">
<h2 id="check-head">How to check this page</h2>
<p>The vault’s journal, signed with its key, names <code>manifest.json</code>, and the manifest names this page and every file; <code>proof.json</code> shows it. <code>breakwater verify FOLDER</code> checks all of it.</p>
<p class="note">Names are as stated by who acted. What a vault cannot know: who had the files before they were handed in, and after they left it.</p>
</section>
</main>
</div>
</body>
</html>
`;
  return utf8(page.toString());
}

function head({ vault, program, at, by, reason, items }: CustodyForm): SafeHtml {
  const handed = items.filter(({ name }) => name !== null);
  const sizeBytes = handed.reduce((sum, item) => sum + item.sizeBytes, 0);
  return html`<header class="cover">
<p class="kind">Breakwater custody form</p>
<h1>Custody of evidence</h1>
${termList([
  ["Exported", html`${longTime(at)} <span class="soft">${isoTime(at)}</span>`],
  ["By (stated)", by],
  ["Reason", reason === "" ? "none was given" : reason],
  ["Files", `${counted(handed.length, "file")}, ${size(sizeBytes)}`],
  ["Vault", html`<code>${vault}</code>`],
  ["Written by", program],
])}
</header>`;
}

function itemPart({ name, absent, file, hash, sha256, sizeBytes, steps }: CustodyItem): SafeHtml {
  const rows = steps.map(({ at, what, by, reason, entry }) => ({
    cells: [
      html`<span class="time">${isoTime(at)}</span>`,
      what,
      by,
      reason,
      entry === null ? "this export" : String(entry),
    ],
  }));
  return html`<article class="item"><h3 class="file">${file}</h3>
${termList([
  ["Written as", name === null ? html`not in this folder: ${absent}` : html`<code>${name}</code>`],
  ["SHA-256", html`<code class="hash">${sha256}</code>`],
  ["Known by", hash === sha256 ? null : html`<code class="hash">${hash}</code>`],
  ["Size", `${counted(sizeBytes, "byte")}`],
])}
${table(`History of ${file}`, HISTORY, rows)}</article>`;
}

function signatureRow(role: string) {
  return { cells: [role, "", "", ""] };
}
