/**
 * The first question in sentences, as far as this version goes: what records show of installed software, and what people say of it,
 * side by side. Refuses a verdict: what was missing on which day is said by nobody here (docs/design/observations.md).
 */
import { UNDATED, formatTicks, toTicks } from "../../base/time.ts";
import { count } from "../../engines/wording/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { Answer, Statement } from "../../model/dossier.ts";
import type { Assumption } from "../../model/evidence.ts";
import type { Observation, Observations, Sighting, Strength } from "../../model/observation.ts";

/** What a page can show; the others are in dossier.json. */
const STATEMENTS_MAX = 200;

/** Answers the first question from observations and claims; `assumed` is what was taken for granted to read the claims. */
export function answerPatched(
  { observations, limits }: Observations,
  claims: readonly Claim[],
  assumed: readonly Assumption[] = [],
): Answer {
  const proving = observations.filter(({ strength }) => strength !== "none");
  const statements = byHost(proving, claims);
  const left = statements.length - STATEMENTS_MAX;
  return {
    question: "patched",
    asked: "Were we patched?",
    state: statements.length === 0 ? "not-yet" : "partly",
    headline: headlineOf(proving, claims),
    statements: statements.slice(0, STATEMENTS_MAX),
    unknown: [
      ...readingsOf(assumed, (what) => what === "day-order"),
      "Which fixes were missing on which day: this version shows observations and claims, and does not hold them against the list of updates yet.",
      ...(proving.length === 0
        ? [
            "What was installed. File versions on the disk of each server, or a build line in its own logs, would tell.",
          ]
        : []),
      ...(left > 0 ? [`${count(left, "further observation")}: dossier.json holds them.`] : []),
      ...readingsOf(assumed, (what) => what !== "day-order"),
      ...limits,
    ],
  };
}

/** What was taken for granted to read the claims: dates with two readings come first, since they may turn an order around. */
function readingsOf(
  assumed: readonly Assumption[],
  isAsked: (what: Assumption["what"]) => boolean,
): string[] {
  return assumed
    .filter(({ what }) => isAsked(what))
    .map(
      ({ file, what, value, why }) =>
        `Whether ${file} is read as it was meant: ${what.replace("-", " ")} ${value} (${why}).`,
    );
}

/** Host by host, those that somebody claims something of first: what proves most, what is said, what proves less. */
function byHost(proving: readonly Observation[], claims: readonly Claim[]): readonly Statement[] {
  const nameOf = ({ host }: { readonly host: string }) => host.toLowerCase();
  const hosts = new Set([...claims, ...proving].map(nameOf));
  return [...hosts].flatMap((host) => {
    const own = proving.filter((observation) => nameOf(observation) === host);
    const seen = (wanted: Strength) =>
      own.filter(({ strength }) => strength === wanted).map(observed);
    const said = claims.filter((claim) => nameOf(claim) === host).map(claimed);
    return [...seen("strong"), ...said, ...seen("weak")];
  });
}

function headlineOf(proving: readonly Observation[], claims: readonly Claim[]): string {
  if (proving.length === 0 && claims.length === 0)
    return "Not yet answered. No record here shows what was installed, and no claim was handed in.";
  const hosts = new Set(proving.map(({ host }) => host)).size;
  const seen =
    proving.length === 0
      ? "No record here shows what was installed."
      : `Records show builds or updates of ${count(hosts, "host")}, with the strength that each kind can have.`;
  const said =
    claims.length === 0
      ? "No claim was handed in."
      : `${count(claims.length, "claim")} ${claims.length === 1 ? "was" : "were"} handed in; a claim alone is unverified, never passed.`;
  return `${seen} ${said}`;
}

function claimed(given: Claim): Statement {
  const { host, product, kb, claim, by, reference, lacks, file, record } = given;
  const what = [product, kb].filter((text) => text !== "").join(" ");
  const on = host === "" ? "a host that is not named" : host;
  const proof = reference === "" ? "" : `, reference ${reference}`;
  const missing = lacks.length === 0 ? "" : ` It does not say ${lacks.join(", nor ")}.`;
  const said = claim === "" ? "nothing more" : claim;
  return {
    text: `${by ?? "Somebody"} stated ${saidWhen(given)}: ${what === "" ? "an update" : what} on ${on}: ${said} (${file}, ${record}${proof}).${missing} Unverified by this statement alone.`,
    basis: "claimed",
    at: [],
  };
}

/** A bare date is a day, not its first moment; what was written in another way is shown as it was written. */
function saidWhen({ at, atText, digits }: Claim): string {
  if (at === null)
    return atText === ""
      ? "at a time that is not stated"
      : `at a time that cannot be read (${atText})`;
  const moment = formatTicks(at, digits);
  const told = atText.includes(":") ? moment : moment.slice(0, 10);
  return `on ${told}${atText.startsWith(told.slice(0, 10)) ? "" : ` (written ${atText})`}`;
}

function observed(observation: Observation): Statement {
  const { host, product, build, kb, source, records, first, last, basis } = observation;
  const what = [product, build?.text ?? "", kb].filter((text) => text !== "").join(" ");
  const of = host === "" ? "A host that is not named" : host;
  const isOne = first.at.key === last.at.key;
  return {
    text: `${of}: ${what}, by ${source} (${strengthOf(observation)}), ${whenOf(observation)}${records > 1 ? `, in ${count(records, "record")}` : ""}. ${basis}`,
    basis: "observed",
    at: isOne ? [first.at] : [first.at, last.at],
  };
}

function strengthOf({ strength, revisionStrength, build, product }: Observation): string {
  if (build === null) return WORDS[strength];
  return strength === revisionStrength
    ? WORDS[strength]
    : product.startsWith("Exchange")
      ? `${WORDS[strength]} for the cumulative update, ${WORDS[revisionStrength]} for the security update`
      : `${WORDS[strength]} for the release, ${WORDS[revisionStrength]} for its updates`;
}

const WORDS: Readonly<Record<Strength, string>> = {
  strong: "strong",
  weak: "weak",
  none: "worth nothing",
};

function whenOf({ first, last, notAfter }: Observation): string {
  if (first.ticks === UNDATED) {
    const until = notAfter === null ? null : toTicks(notAfter);
    return until === null ? "undated" : `undated, at the latest ${formatTicks(until, 0)}`;
  }
  const [from, to] = [dayOf(first), dayOf(last)];
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}

function dayOf({ ticks }: Sighting): string {
  const time = toTicks(ticks);
  return time === null ? "a day out of range" : formatTicks(time, 0).slice(0, 10);
}
