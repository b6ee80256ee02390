/**
 * The frame of every drawing: inline SVG with a title and a description, scaled on paper, scrolled on a phone.
 * Colours come from classes, so that light, dark and print share one drawing; shape and place carry the meaning.
 */
import { shorten, visible } from "../../base/text.ts";
import type { Rung } from "../../model/cause.ts";
import { RUNGS } from "../../model/cause.ts";
import type { Level } from "../../model/detection.ts";
import type { Axis } from "./axis.ts";
import { html, type SafeHtml } from "./markup.ts";
import { wideRegion } from "./table.ts";

/** Width of every drawing, and where its lanes begin and end, in drawing units. */
export const DRAWING_WIDTH = 960;
/** Left edge of the lanes; labels stand before it. */
export const LANE_LEFT = 190;
/** Right edge of the lanes. */
export const LANE_RIGHT = 940;

/** What a drawing needs around its inner shapes. */
export interface Drawing {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly height: number;
  readonly inner: SafeHtml;
  readonly key: SafeHtml | null;
}

/** A figure with its drawing, and the description as a caption that everybody reads. */
export function drawing({ id, title, description, height, inner, key }: Drawing): SafeHtml {
  const svg = html`<svg viewBox="0 0 ${DRAWING_WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${inner}</svg>`;
  return html`<figure>${wideRegion(title, svg)}${key}<figcaption>${description}</figcaption></figure>`;
}

/** Vertical lines at round times, with their labels below. */
export function axisMarks(axis: Axis, bottom: number): SafeHtml {
  const marks = axis.marks.map(
    ({ x, label }) =>
      html`<line class="grid" x1="${x}" x2="${x}" y1="0" y2="${bottom}"/><text class="axis" x="${x}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
  );
  return html`<g>${marks}</g>`;
}

/** The name of a lane, cut to what fits; the table has it whole. */
export function laneLabel(name: string, y: number, below: string | null = null): SafeHtml {
  const second =
    below === null
      ? null
      : html`<text class="label soft" x="0" y="${y + 14}">${shorten(visible(below), 30)}</text>`;
  return html`<text class="label" x="0" y="${y}">${name === "" ? "not named" : shorten(visible(name), 26)}</text>${second}`;
}

/** One mark: its shape says how far the attack got, its colour how grave it is. */
export function rungMark(
  rung: Rung | null,
  level: Level,
  x: number,
  y: number,
  tip: string,
): SafeHtml {
  return html`<g class="mark ${level}">${shape(rung, x, y)}<title>${tip}</title></g>`;
}

function shape(rung: Rung | null, x: number, y: number): SafeHtml {
  switch (rung) {
    case null:
      return html`<circle cx="${x}" cy="${y}" r="2.6"/>`;
    case "probed":
      return html`<circle class="hollow" cx="${x}" cy="${y}" r="3.2"/>`;
    case "reached":
      return html`<circle cx="${x}" cy="${y}" r="3.6"/>`;
    case "executed":
      return html`<path d="M${x} ${y - 4.4}l4.6 8.4h-9.2z"/>`;
    case "used":
      return html`<path d="M${x - 3.8} ${y - 3.8}h7.6v7.6h-7.6z"/>`;
  }
}

/** What the shapes mean. */
export const MARK_KEY: SafeHtml = html`<ul class="key">${RUNGS.map(
  (rung) =>
    html`<li><svg viewBox="0 0 12 12" aria-hidden="true"><g class="mark plain">${shape(rung, 6, 6)}</g></svg> ${rung}</li>`,
)}<li><svg viewBox="0 0 12 12" aria-hidden="true"><g class="mark plain">${shape(null, 6, 6)}</g></svg> other</li></ul>`;
