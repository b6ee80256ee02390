/** Evidence that does not wait, as lines and as JSON: what is not here, until when it can be had, what it would decide. */
import { formatTicks, TICKS_PER_SECOND, toTicks } from "../../base/time.ts";
import type { DyingEvidence } from "../../model/dying.ts";
import { plain } from "./terminal.ts";

/** The window, then one line for everything that is not wholly here, the most pressing first. */
export function dyingLines({ window, sources, asOf }: DyingEvidence): readonly string[] {
  if (window === null) return [];
  const open = sources.filter(({ state }) => state !== "held");
  return [
    `dying evidence of ${time(window.from)} to ${time(window.to)} (${window.why}), as of ${time(asOf)}:`,
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
    as_of: time(asOf),
    window:
      window === null ? null : { from: time(window.from), to: time(window.to), why: window.why },
    sources: sources.map((source) => ({
      evidence: source.evidence,
      host: source.host,
      what: source.what,
      state: source.state,
      rank: source.rank,
      decides: source.decides,
      oldest: time(source.oldest),
      missing: source.missing.map(({ from, to }) => ({ from: time(from), to: time(to) })),
      keeps_seconds: source.keeps === null ? null : Number(source.keeps / TICKS_PER_SECOND),
      basis: source.basis,
      begins: source.begins === null ? null : time(source.begins),
      gone: source.gone === null ? null : time(source.gone),
      why: source.why,
      source: source.source,
      confidence: source.confidence,
    })),
  };
}

function time(ticks: bigint): string | null {
  const real = toTicks(ticks);
  return real === null ? null : formatTicks(real, 0);
}
