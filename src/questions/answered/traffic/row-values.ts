/**
 * What the values of a row come to: a client, a path and what it asks for, a mailbox, the keys of an agent. Each is made once for all rows that
 * say the same. Refuses to keep a line alive for a word of it, and words longer than any client, path or name is.
 */
import { Remembered } from "../../../engines/lookout/index.ts";
import type { Batch, FieldValue } from "../../../model/event.ts";
import { unshared } from "./lowest-keys.ts";
import { PARTS, isDetour, isPage, partBehind, partOf, plainPath } from "./parts.ts";
import type { RowWords } from "./row-words.ts";

/** An address with its port and zone; longer is none. */
export const CLIENT_CHARS_MAX = 64;
const NAME_CHARS_MAX = 200;
/** Exchange's own probes sign in as these. */
const HEALTH = "healthmailbox";

/** What is known of a path that was seen before. */
export interface Path {
  readonly plain: string;
  readonly part: number;
  readonly isPage: boolean;
  readonly isDetour: boolean;
}

/** What a log's values come to, each made once. */
export interface Values {
  readonly client: Remembered<string>;
  readonly path: Remembered<Path | null>;
  readonly mailboxes: readonly Remembered<string>[];
  readonly agent: Remembered<readonly string[]>;
  /** Whether something was sent: autodiscover and the services answer nothing of worth to a mere GET. */
  readonly isSent: Remembered<boolean>;
}

/** Nothing made yet. */
export function valuesOf({ client, path, mailboxes, agent, method }: RowWords): Values {
  return {
    client: new Remembered(client, clientName),
    path: new Remembered(path, (raw) => (typeof raw === "string" ? pathOf(raw) : null)),
    mailboxes: mailboxes.map((name) => new Remembered(name, mailboxOf)),
    agent: new Remembered(agent, agentKeys),
    isSent: new Remembered(method, (raw) => method === "" || raw === "POST"),
  };
}

/** What a row asks for; null where its log says no paths. Behind a detour the query decides, and is new with every request. */
export function pathAt(batch: Batch, row: number, words: RowWords, values: Values): Path | null {
  if (words.path === "") return null;
  const path = values.path.of(batch, row);
  if (path?.isDetour !== true) return path;
  const query = batch.field(row, words.query);
  const name = partBehind(path.plain, typeof query === "string" ? query : "");
  return { ...path, part: PARTS.indexOf(name), isPage: isPage(name, path.plain) };
}

/** The mailbox of a row: the first name of anybody but Exchange's own probes. */
export function mailboxAt(batch: Batch, row: number, { mailboxes }: Values): string {
  for (const mailbox of mailboxes) {
    const name = mailbox.of(batch, row);
    if (name !== "") return name;
  }
  return "";
}

function pathOf(raw: string): Path {
  const plain = unshared(plainPath(raw));
  const name = partOf(plain);
  return {
    plain,
    part: PARTS.indexOf(name),
    isPage: isPage(name, plain),
    isDetour: isDetour(plain),
  };
}

/** An agent without its numbers: a new version is no new agent. */
function agentName(raw: string): string {
  return raw.slice(0, NAME_CHARS_MAX).replaceAll(/\d+(?:[._]\d+)*/g, "#");
}

/** The keys of an agent: one for each of PARTS. */
function agentKeys(raw: FieldValue | undefined): readonly string[] {
  const name = typeof raw === "string" ? agentName(raw) : "";
  return PARTS.map((part) => unshared(`${part}\n${name}`));
}

function mailboxOf(raw: FieldValue | undefined): string {
  return typeof raw === "string" ? mailboxName(raw) : "";
}

/** A mailbox or user in lower case, without the routing that the proxy writes before it; "" for Exchange's own probes. */
export function mailboxName(raw: string): string {
  const cut = raw.slice(0, NAME_CHARS_MAX);
  const name = cut
    .slice(cut.lastIndexOf("~") + 1)
    .trim()
    .toLowerCase();
  return name.includes(HEALTH) ? "" : unshared(name);
}

/** "" where it is none. Loopback is the server itself: its own probes ask thousands of times a day. */
function clientName(raw: FieldValue | undefined): string {
  if (typeof raw !== "string" || raw.length > CLIENT_CHARS_MAX) return "";
  return raw === "::1" || raw.startsWith("127.") ? "" : unshared(raw);
}
