/** Chains: each a way in, step by step through the logs, with what joins each step to an earlier one. */
import type { Chain, ChainLink } from "../../model/cause.ts";
import type { Dossier } from "../../model/dossier.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief } from "./patch-words.ts";
import { badge } from "./table.ts";
import { counted, timeElement } from "./words.ts";

/** Each chain as steps in order of time; null where nothing joins. */
export function chainsPart({ cause }: Dossier, index: RecordIndex): SafeHtml | null {
  const { chains } = cause;
  if (chains.length === 0) return null;
  const { shown, note } = firstOf(chains, LIMITS.chains, "chain");
  return html`<h3 id="chains">The way in, step by step</h3>
<p>Steps in different logs that hang together. Each is joined to another one by what both records name; what only happened at about the same time says so. A join is an inference, and no record's own word.</p>
${shown.map((chain, at) => chainOf(chain, at, index))}${note}`;
}

function chainOf({ host, links }: Chain, at: number, index: RecordIndex): SafeHtml {
  const head = `chain-${at + 1}-head`;
  const { shown, note } = firstOf(links, LIMITS.links, "step");
  return html`<article class="chain-of" id="chain-${at + 1}" aria-labelledby="${head}"><h4 id="${head}">Way in ${at + 1}: ${host === "" ? "host not named" : brief(host, 120)}</h4><ol class="chain">${shown.map((link) => linkOf(link, index))}</ol>${note}</article>`;
}

function linkOf(link: ChainLink, index: RecordIndex): SafeHtml {
  const { rung, where, what, ticks, digits, last, count, joinedBy, at } = link;
  const joined =
    joinedBy === ""
      ? html`<span class="soft">begins here</span>`
      : html`<span class="joined">joined by</span> ${brief(joinedBy, 200)}`;
  const until =
    last > ticks ? html` <span class="soft">until ${timeElement(last, digits)}</span>` : null;
  return html`<li class="link rung-${rung}"><p class="link-head">${badge(`rung ${rung}`, rung)} <span class="link-where">${brief(where, 60)}</span> ${timeElement(ticks, digits)}${until}</p><p class="link-what">${brief(what, 300)}</p><p class="link-why">${joined}; ${counted(count, "record")} ${chips(index, at)}</p></li>`;
}
