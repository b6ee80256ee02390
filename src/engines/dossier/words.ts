/** How the dossier writes times, numbers and lengths. Refuses to guess: what has no time says so. */
import { formatTicks, readableSpan, readableTime, toTicks } from "../../base/time.ts";
import { html, type SafeHtml } from "./markup.ts";

/** UTC in ISO 8601 with the precision of the source, or `no time`. */
export function isoTime(ticks: bigint, digits = 0): string {
  const time = toTicks(ticks);
  return time === null ? "no time" : formatTicks(time, digits);
}

/** The same as an element that never breaks across lines. */
export function timeElement(ticks: bigint, digits = 0): SafeHtml {
  return html`<span class="time">${isoTime(ticks, digits)}</span>`;
}

/** `13 August 2021, 04:12 UTC`, or local time with UTC beside it. */
export function longTime(ticks: bigint, zone = "UTC"): string {
  const time = toTicks(ticks);
  return time === null ? "no time" : readableTime(time, zone);
}

/** A length of time without its sign, in its two largest units. */
export function span(from: bigint, to: bigint): string {
  return readableSpan(to - from);
}

/** `20,000`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 record`, `20,000 records`. */
export function counted(count: number, noun: string): string {
  const plural = /[^aeiou]y$/.test(noun)
    ? `${noun.slice(0, -1)}ies`
    : `${noun}${/(?:x|ss|ch)$/.test(noun) ? "es" : "s"}`;
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** `1.5 MB`; decimal units, as file managers show them. */
export function size(sizeBytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let scaled = sizeBytes;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? grouped(scaled) : scaled.toFixed(1)} ${units[unit] ?? ""}`;
}

/** A name of the program as words: `not-yet` as `not yet`. */
export function spaced(name: string): string {
  return name.replaceAll("-", " ");
}

const ISO_TIME = /(\d{4}-\d\d-\d\dT[\d:.]+Z)/;

/** A sentence in which no line ends inside a time. */
export function prose(text: string): readonly SafeHtml[] {
  return text
    .split(ISO_TIME)
    .map((part, at) => (at % 2 === 1 ? html`<span class="time">${part}</span>` : html`${part}`));
}
