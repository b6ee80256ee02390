/** How a third party checks this dossier, with the program and without it. */
import type { Dossier } from "../../model/dossier.ts";
import { html, type SafeHtml } from "./markup.ts";
import { counted, isoTime } from "./words.ts";

const LINES_MAX = 20;

/** The checkpoint, the commands, and what each of them proves. */
export function verifySection(dossier: Dossier): SafeHtml {
  const { vault, program, asOf } = dossier;
  const lines = vault.checkpoint.split("\n").slice(0, LINES_MAX);
  const note = lines.map(
    (line) => html`${line}
`,
  );
  return html`<section id="verify" aria-labelledby="verify-head">
<h2 id="verify-head">How to verify this dossier</h2>
<ol class="steps">
<li><p><strong>The evidence.</strong> Hash the files that were handed in, and compare with the table of evidence. No software of ours is needed.</p><pre><code>sha256sum FILE</code></pre></li>
<li><p><strong>The dossier.</strong> Says whether any file of it was altered since it was written.</p><pre><code>breakwater verify DOSSIER</code></pre></li>
<li><p><strong>The vault.</strong> Says whether evidence and journal are what they were when this dossier was written: ${counted(vault.entries, "entry")}. Save the note below as a file and keep it apart from the vault: only a note from outside shows that a vault was rolled back.</p><pre><code>breakwater verify VAULT --checkpoint NOTE</code></pre>
<p>Signed checkpoint of vault <code>${vault.id}</code></p><pre class="checkpoint">${note}</pre></li>
<li><p><strong>The findings.</strong> The same evidence, rules and case file, read by the same program as of the same time, give the same findings, byte for byte.</p><pre><code>breakwater investigate EVIDENCE --vault NEW --as-of ${isoTime(asOf)}</code></pre><p>Program: ${program}</p></li>
</ol></section>`;
}
