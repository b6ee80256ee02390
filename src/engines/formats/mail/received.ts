/**
 * The way that a mail took: `Received` fields, each written by the server that took the mail over, the last one on top.
 * Refuses to trust: what stands below the first server of one's own may be made up. Spec: RFC 5321, section 4.4.
 */
import { formatTicks, toTicks } from "../../../base/time.ts";
import { parseMailDate } from "./date.ts";

/** One hop; texts are "" where the field does not say. */
export interface Hop {
  /** As the sending side called itself. */
  readonly from: string;
  /** Of the sending side, as the receiving server saw it. */
  readonly address: string;
  readonly by: string;
  readonly with: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
}

const CLAUSES = new Set(["from", "by", "via", "with", "id", "for"]);
const HOP_CHARS_MAX = 4_096;

/** Takes one Received field apart. */
export function parseReceived(value: string): Hop {
  const text = value.slice(0, HOP_CHARS_MAX);
  const semicolon = text.lastIndexOf(";");
  const clauses = clausesOf(semicolon < 0 ? text : text.slice(0, semicolon));
  const date = parseMailDate(text.slice(semicolon + 1).trim());
  const ticks = date === null ? null : toTicks(date.ticks);
  const from = clauses.get("from") ?? "";
  return {
    from: firstWord(from),
    address: addressIn(from),
    by: firstWord(clauses.get("by") ?? ""),
    with: (clauses.get("with") ?? "").split("(", 1)[0]?.trim() ?? "",
    time: ticks === null ? "" : formatTicks(ticks, 0),
  };
}

/** One line for people: `2021-08-13T04:12:33Z from mail.example [203.0.113.9] by MX1 with ESMTP`. */
export function spellHop({ from, address, by, with: protocol, time }: Hop): string {
  const words = [
    time,
    from === "" ? "" : `from ${from}`,
    address === "" ? "" : `[${address}]`,
    by === "" ? "" : `by ${by}`,
    protocol === "" ? "" : `with ${protocol}`,
  ];
  return words.filter((word) => word !== "").join(" ");
}

/** The words behind each keyword that stands outside of comments; of a keyword that comes twice the first counts. */
function clausesOf(text: string): ReadonlyMap<string, string> {
  const clauses = new Map<string, string>();
  let keyword = "";
  let depth = 0;
  for (const word of text.split(/\s+/)) {
    const lower = word.toLowerCase();
    if (depth === 0 && CLAUSES.has(lower) && !clauses.has(lower)) {
      keyword = lower;
      clauses.set(keyword, "");
    } else if (keyword !== "") {
      clauses.set(keyword, `${clauses.get(keyword) ?? ""} ${word}`);
    }
    depth = Math.max(0, depth + countOf(word, "(") - countOf(word, ")"));
  }
  return clauses;
}

function countOf(text: string, char: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++;
  return count;
}

function firstWord(clause: string): string {
  const [word = ""] = clause.trim().split(/[\s(]/, 1);
  return word;
}

const ADDRESS_WORD = /[0-9A-Fa-f:.]+/g;

/** The address in a `from` clause: in brackets or parentheses, IPv4 or IPv6; "" where there is none. */
function addressIn(clause: string): string {
  const words = clause.replaceAll(/ipv6:/gi, "").match(ADDRESS_WORD) ?? [];
  // What stands in brackets was seen by the server; a name before it is what the client said.
  return words.map((word) => word.replace(/[.:]$/, "")).findLast(isAddress) ?? "";
}

/** Whether it is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  const parts = text.split(".");
  if (parts.length === 4 && !text.includes(":"))
    return parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  const groups = text.split(":");
  return (
    groups.length >= 3 &&
    groups.length <= 8 &&
    (groups.length === 8 || text.includes("::")) &&
    groups.every((group) => /^[0-9A-Fa-f]{0,4}$/.test(group))
  );
}

/** Ranges that are nobody's on the internet: RFC 1918, 6598, 3927, 4193, 4291, loopback. */
const INSIDE =
  /^(0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

/** Whether an address is one of the internet, and none of a network inside. */
export function isExternal(address: string): boolean {
  return isAddress(address) && !INSIDE.test(address);
}
