/** Evidence that does not wait, as lines and as JSON: what is not here, until when it can be had, what it would decide. */
import { TICKS_PER_SECOND } from "../../base/time.ts";
import type { DyingEvidence } from "../../model/dying.ts";
import { plain } from "./terminal.ts";
import { timeOrNull } from "./times.ts";

/** The window, then one line for everything that is not wholly here, the most pressing first. */
export function dyingLines({ window, sources, asOf }: DyingEvidence): readonly string[] {
  if (window === null) return [];
  const open = sources.filter(({ state }) => state !== "held");
  return [
    `dying evidence of ${timeOrNull(window.from)} to ${timeOrNull(window.to)} (${window.why}), as of ${timeOrNull(asOf)}:`,
    ...(open.length === 0 ? ["  nothing that is usually there is missing in it"] : []),
    ...open.map(
      ({ state, host, what, why, decides }) =>
        `  ${state.padEnd(7)}  ${plain(host) || "(no host named)"}: ${what}: ${plain(why)} It would decide: ${decides}`,
    ),
  ];
}

/** The same for machines, with what is wholly here. */
export function dyingJson({ window, sources, asOf }: DyingEvidence) {
  return {
    as_of: timeOrNull(asOf),
    window:
      window === null
        ? null
        : { from: timeOrNull(window.from), to: timeOrNull(window.to), why: window.why },
    sources: sources.map((source) => ({
      evidence: source.evidence,
      host: source.host,
      what: source.what,
      state: source.state,
      rank: source.rank,
      decides: source.decides,
      oldest: timeOrNull(source.oldest),
      missing: source.missing.map(({ from, to }) => ({
        from: timeOrNull(from),
        to: timeOrNull(to),
      })),
      keeps_seconds: source.keeps === null ? null : Number(source.keeps / TICKS_PER_SECOND),
      basis: source.basis,
      begins: source.begins === null ? null : timeOrNull(source.begins),
      gone: source.gone === null ? null : timeOrNull(source.gone),
      why: source.why,
      source: source.source,
      confidence: source.confidence,
    })),
  };
}
