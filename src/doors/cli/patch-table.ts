/** What became of every fix as lines for a terminal: a host after the other, the worst first. Refuses to hide what is unknown. */
import { formatDay } from "../../base/day.ts";
import { formatTicks, toTicks } from "../../base/time.ts";
import type { Exposure, HostPatches, NextStep, PatchItem, PatchReport } from "../../model/patch.ts";
import { plain } from "./terminal.ts";

/** Vulnerabilities named on one line. */
const NAMED_MAX = 8;

/** The lines of a report; fixed updates are counted unless all are asked for. */
export function patchLines(report: PatchReport, isAll: boolean): readonly string[] {
  const ofHost = Map.groupBy(report.items, ({ host }) => host);
  const lines = [...Map.groupBy(report.hosts, ({ host }) => host)].flatMap(([name, products]) => {
    const items = ofHost.get(name) ?? [];
    const named = new Set(products.map(({ product }) => product));
    const rest = items.filter(({ product }) => !named.has(product));
    return products.flatMap((host, at) => {
      const own = items.filter(({ product }) => product === host.product);
      const shown = at === products.length - 1 ? [...own, ...rest] : own;
      return [...hostLines(host), ...itemLines(shown, isAll), ...stepLines(host.next)];
    });
  });
  return [
    `as of ${formatDay(report.asOf)}`,
    ...lines,
    ...report.measured.map(
      ({ claim, reads, verdict, why }) =>
        `statement: ${plain(claim.by ?? "somebody")}: “${plain(claim.claim)}” (${plain(reads)}): ${verdict}. ${plain(why)}`,
    ),
    ...report.contradictions.map(({ text }) => `contradiction: ${plain(text)}`),
    ...report.unknown.map((text) => `unknown: ${plain(text)}`),
  ];
}

function hostLines(host: HostPatches): string[] {
  const { product, build, strength, unfixed, critical, unknown, remarks } = host;
  const seen = toTicks(host.observedAt ?? 0n);
  const at =
    host.observedAt === null || seen === null ? "undated" : formatTicks(seen, 0).slice(0, 10);
  const shown = build === "" ? "no build shown" : `${plain(build)} (${strength}, ${at})`;
  const name = plain(host.host) || "(no host named)";
  return [
    `${name}  ${plain(product) || "-"}  ${shown}: ${unfixed} unfixed, ${critical} critical, ${unknown} unknown`,
    ...remarks.map(({ kind, text }) => `    ${kind}: ${plain(text)}`),
  ];
}

function itemLines(items: readonly PatchItem[], isAll: boolean): string[] {
  const shown = items.filter(({ verdict }) => isAll || verdict !== "fixed");
  const left = items.length - shown.length;
  return [
    ...shown.flatMap(itemLine),
    ...(left === 0 ? [] : [`    fixed: ${left} further ${left === 1 ? "update" : "updates"}`]),
  ];
}

function itemLine(item: PatchItem): string[] {
  const { verdict, kb, update, severity, rank, vulnerabilities, claims, deadline } = item;
  const name = plain([kb, update].filter((part) => part !== "").join(" "));
  const lent = vulnerabilities.find(({ lentBy }) => lentBy !== "")?.lentBy;
  const lending = `${rank} by ${lent ?? "its chain"}, rated ${severity}`;
  const rated = rank === "none" ? "not rated" : rank === severity ? rank : lending;
  const late =
    deadline === null || deadline.daysLate === 0 ? "" : `; ${deadline.daysLate} days late`;
  return [
    `    ${verdict.padEnd(12)}  ${name}  ${rated}${exposed(item.exposure)}${late}`,
    ...(vulnerabilities.length === 0 ? [] : [`        ${named(item)}`]),
    ...claims.map(
      (claim) =>
        `        claim: ${plain(claim.by ?? "somebody")}: ${plain(claim.claim)}${claim.atText === "" ? "" : ` (${plain(claim.atText)})`}${claim.reference === "" ? "" : `, ${plain(claim.reference)}`}`,
    ),
    ...(item.why === "" ? [] : [`        why: ${plain(item.why)}`]),
    ...[...new Set(vulnerabilities.map(({ disputed }) => disputed))]
      .filter((text) => text !== "")
      .map((text) => `        disputed: ${plain(text)}`),
    ...item.excuses.map((excuse) => `        it happens: ${plain(excuse)}`),
  ];
}

function named({ vulnerabilities }: PatchItem): string {
  const ids = vulnerabilities
    .slice(0, NAMED_MAX)
    .map(({ id, alias }) => plain(alias === "" ? id : `${id} (${alias})`));
  const more = vulnerabilities.length - ids.length;
  return `${ids.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function exposed(exposure: Exposure | null): string {
  if (exposure === null) return "";
  const { from, to, daysMin, daysMax, exploitedDaysMin, exploitedDaysMax } = exposure;
  const days = daysMin === daysMax ? `${daysMin}` : `${daysMin} to ${daysMax}`;
  const end =
    to === null
      ? "open"
      : `until ${to[0] === to[1] ? "" : `${formatDay(to[0])} to `}${formatDay(to[1])}`;
  const used =
    exploitedDaysMax === 0
      ? ""
      : `, ${exploitedDaysMin === exploitedDaysMax ? exploitedDaysMin : `${exploitedDaysMin} to ${exploitedDaysMax}`} of them under exploitation`;
  return `; exposed since ${formatDay(from)}, ${end}: ${days} days${used}`;
}

function stepLines(next: NextStep | null): string[] {
  if (next === null) return [];
  const install = [
    next.cu,
    [next.update, next.kbs[0] ?? ""].filter((part) => part !== "").join(" "),
  ].filter((part) => part !== "");
  const builds = next.build === "" ? "" : ` (${plain(next.build)})`;
  return [
    ...(install.length === 0
      ? []
      : [
          `    next: ${plain(install.join(", then "))}${builds}: closes ${next.closes.length}. ${plain(next.why)}`,
        ]),
    ...next.configuration.map(
      ({ text, closes }) =>
        `    next: also needs ${plain(text)}: closes ${closes.map(plain).join(", ")}`,
    ),
  ];
}
