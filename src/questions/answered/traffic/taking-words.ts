/**
 * The sentences about what can have left. Refuses to say how many mails it was: bytes and items are the most that the records allow, and
 * where no log states them, that is said, with what would tell.
 */
import { count, list, spell } from "../../../engines/wording/index.ts";
import type { Statement } from "../../../model/dossier.ts";
import type { Side } from "./row-words.ts";
import type { SidedTaking } from "./takings.ts";

const TOLD_MAX = 12;
const PARTS_TOLD_MAX = 4;
const MAILBOXES_TOLD_MAX = 5;

const SIDE_WORDS: Readonly<Record<Side, string>> = {
  "front end": "the front end's log",
  proxy: "HttpProxy's log",
  "back end": "the back end's log",
  service: "the log of EWS, joined by request ids",
};

/** One address that was left out, and why. */
export interface LeftOut {
  readonly host: string;
  readonly address: string;
  readonly because: string;
}

/** What is said of takings: each address in a sentence, the most bytes first; and what is not known. */
export function tellTakings(
  takings: readonly SidedTaking[],
  leftOut: readonly LeftOut[],
): { readonly statements: readonly Statement[]; readonly unknown: readonly string[] } {
  const statements = takings.slice(0, TOLD_MAX).map(tellTaking);
  const rest = takings.slice(TOLD_MAX);
  if (rest.length > 0)
    statements.push({
      text: `${count(rest.length, "further address", "further addresses")} of intruders got answers; the takings list them.`,
      basis: "derived",
      at: rest.flatMap(({ taking }) => taking.at.slice(0, 1)).slice(0, 5),
    });
  return {
    statements,
    unknown: [...uncounted(takings), ...unstated(takings), ...leftOutWords(leftOut)],
  };
}

function tellTaking({ taking, requestsFrom, bytesFrom }: SidedTaking): Statement {
  const { host, client, first, digits, last, requests, answered, sentBytes, withoutBytes, items } =
    taking;
  const parts = taking.parts
    .filter((part) => part.answered > 0)
    .slice(0, PARTS_TOLD_MAX)
    .map((part) => `${part.what} ${count(part.answered, "time")}`);
  const ways = parts.length === 0 ? "" : ` (${list(parts)})`;
  const bytes =
    sentBytes === null
      ? "the logs state no bytes: how much left is unknown"
      : `at most ${sizeWords(sentBytes)} left in these answers, by ${bytesFrom === null ? "the logs" : SIDE_WORDS[bytesFrom]}${withoutBytes > 0 ? `; of ${count(withoutBytes, "further answer")} no log states bytes` : ""}`;
  const mails = items === null ? "" : `; EWS was asked for ${count(items, "item")} at most`;
  return {
    text: `${spell(client)} asked ${host === "" ? "an unnamed host" : spell(host)} ${count(requests, "time")} from ${spell(first, digits)} to ${spell(last, digits)} (by ${SIDE_WORDS[requestsFrom]}), and was answered ${count(answered, "time")}${ways}: ${bytes}${mails}.${mailboxWords(taking.mailboxes)}${boundWords(sentBytes, items)}`,
    basis: sentBytes === null && items === null ? "unknown" : "derived",
    at: taking.at,
  };
}

function mailboxWords(mailboxes: readonly string[]): string {
  if (mailboxes.length === 0) return "";
  const named = mailboxes.slice(0, MAILBOXES_TOLD_MAX).map((name) => spell(name));
  const more = mailboxes.length - named.length;
  const all = more > 0 ? [...named, count(more, "further name")] : named;
  return ` Mailboxes or accounts that the requests name: ${list(all)}.`;
}

function boundWords(sentBytes: number | null, items: number | null): string {
  return sentBytes === null && items === null
    ? ""
    : " These are bounds, not a count of mails: an answer may hold many mails, one, or none.";
}

/** One request is counted on one side, so what a log of another side alone has is in no number. */
function uncounted(takings: readonly SidedTaking[]): string[] {
  const some = takings.filter(({ beyond }) => beyond.length > 0);
  if (some.length === 0) return [];
  const named = some.slice(0, MAILBOXES_TOLD_MAX).map(({ taking, beyond }) => {
    const logs = list(beyond.map((side) => SIDE_WORDS[side]));
    return `${spell(taking.client)} (${logs})`;
  });
  const more = some.length - named.length;
  return [
    `How often intruders asked in all: these have requests in a further log at times that the counted log does not reach, and they are in no number: ${list(more > 0 ? [...named, count(more, "further address", "further addresses")] : named)}.`,
  ];
}

function unstated(takings: readonly SidedTaking[]): string[] {
  const silent = takings.filter(
    ({ taking }) => taking.answered > 0 && (taking.sentBytes === null || taking.withoutBytes > 0),
  );
  if (silent.length === 0) return [];
  return [
    `How much left in answers to ${count(silent.length, "address", "addresses")} of intruders whose logs state no bytes, or not for all. IIS writes sc-bytes only where it is switched on; HttpProxy's ResponseBytes and the EWS log reach back about 30 days; backups of these logs, a firewall's flow records or the reverse proxy's access log would tell.`,
  ];
}

function leftOutWords(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return [];
  const named = leftOut
    .slice(0, MAILBOXES_TOLD_MAX)
    .map(({ address, because }) => `${spell(address)} (${because})`);
  const more = leftOut.length - named.length;
  return [
    `Who stood behind ${list(more > 0 ? [...named, count(more, "further address", "further addresses")] : named)}: requests of an intruder came through there, and what was sent to them cannot be told from what was sent to others. The logs of that device would tell.`,
  ];
}

/** `48,213 bytes`, `1.2 MB`, `3.4 GB`. */
export function sizeWords(sizeBytes: number): string {
  if (sizeBytes < 1_000_000) return count(sizeBytes, "byte");
  const [unit, per] = sizeBytes < 1_000_000_000 ? ["MB", 1e6] : ["GB", 1e9];
  return `${(sizeBytes / Number(per)).toFixed(1)} ${unit}`;
}
