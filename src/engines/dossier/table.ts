/** Tables and lists as the whole dossier writes them: a caption, headings with scope, scrolling on narrow screens. */
import { html, type SafeHtml, type Slot } from "./markup.ts";

/** A column: its heading, and `num` where figures stand right. */
export interface Column {
  readonly head: string;
  readonly kind?: "num" | "mono" | "wide";
}

/** A body row; `id` makes it a target of links. */
export interface Row {
  readonly id?: string;
  readonly cells: readonly Slot[];
}

/** A table in a region that can be scrolled by keyboard. The first cell of a row is its heading. */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): SafeHtml {
  return wideRegion(
    caption,
    html`<table><caption>${caption}</caption>${tableHead(columns)}<tbody>${rows.map((row) => rowOf(columns, row))}</tbody></table>`,
  );
}

/** Column headings. */
export function tableHead(columns: readonly Column[]): SafeHtml {
  const heads = columns.map(
    ({ head, kind }) => html`<th scope="col" class="${kind ?? "text"}">${head}</th>`,
  );
  return html`<thead><tr>${heads}</tr></thead>`;
}

/** One row under the columns' kinds. */
export function rowOf(columns: readonly Column[], row: Row): SafeHtml {
  const cells = row.cells.map((cell, at) => {
    const kind = columns[at]?.kind ?? "text";
    return at === 0
      ? html`<th scope="row" class="${kind}">${cell}</th>`
      : html`<td class="${kind}">${cell}</td>`;
  });
  return row.id === undefined ? html`<tr>${cells}</tr>` : html`<tr id="${row.id}">${cells}</tr>`;
}

/** Something that may be wider than a phone: scrolls sideways within itself, by keyboard too. */
export function wideRegion(label: string, inner: SafeHtml): SafeHtml {
  return html`<div class="wide-region" role="region" tabindex="0" aria-label="${label}">${inner}</div>`;
}

/** Terms and what they stand for; a null value leaves its term out. */
export function termList(pairs: readonly (readonly [string, Slot])[]): SafeHtml {
  const rows = pairs
    .filter(([, value]) => value !== null)
    .map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`);
  return html`<dl class="terms">${rows}</dl>`;
}

/** A small label; its kind gives colour, its word gives the meaning. */
export function badge(kind: string, word: string): SafeHtml {
  return html`<span class="badge ${kind}">${word}</span>`;
}
