/**
 * One line of Exchange's setup log: `[MM/dd/yyyy HH:mm:ss.0fff] [level] text`. The month always comes first, whatever the
 * server's language; what parts the numbers is its own. The four digits behind the second are milliseconds.
 * Refuses lines of any other form: they go on with the message before. Sources: docs/formats/exchange.md.
 */
import { EXCHANGE, observed } from "../observed.ts";

/** A line that begins a message. */
export interface SetupHead {
  /** ISO 8601 without a zone: the log writes UTC and does not say so. */
  readonly time: string;
  /** How deep in the tasks of setup. */
  readonly level: number;
  readonly text: string;
}

const HEAD =
  /^\[(\d\d)[/.-](\d\d)[/.-](\d{4}) (\d\d)[:.](\d\d)[:.](\d\d)\.(\d{4})\] \[(\d{1,3})\](?: |$)/;

/** Whether a message begins here. */
export function isSetupLine(line: string): boolean {
  return HEAD.test(line.trimEnd());
}

/** The head of a message, or null where the line is none. */
export function setupHeadOf(line: string): SetupHead | null {
  const match = HEAD.exec(line);
  if (match === null) return null;
  const [head, month, day, year, hour, minute, second, fraction = "", level] = match;
  // In all that is known the first of four digits is 0: three digits, padded. Others are taken as they stand.
  const digits = fraction.startsWith("0") ? fraction.slice(1) : fraction;
  return {
    time: `${year}-${month}-${day}T${hour}:${minute}:${second}.${digits}`,
    level: Number(level),
    text: line.slice(head.length),
  };
}

const VERSION = String.raw`(\d{1,3}\.\d{1,3}\.\d{1,5}\.\d{1,5})`;
const INSTALLED = new RegExp(String.raw`^The locally installed version is '?${VERSION}`);
const SETUP = new RegExp(`^Setup version: ${VERSION}`);
const PREVIOUS = new RegExp(String.raw`previously installed version is '?${VERSION}`);
const STATUS = /^CurrentResult [\w.]{1,100}:\d{1,9}: (-?\d{1,10})$/;
const ERROR_CODE = /\bError code is (-?\d{1,10})\b/;
const SEVERITY = /^\[(ERROR|WARNING)\]/;
const NAME = /(?:^Server Name=|\blocal machine with name ')([\w.-]{1,255})/;

/** The name of the server, where a message states it. */
export function serverOf(message: string): string | null {
  return NAME.exec(message)?.[1] ?? null;
}

/**
 * What a message says in one way whatever the version. Only the installed version is an observation of the product: the
 * version of the setup itself (SetupBuild) is on the server when setup has ended with Status 0, and not before.
 */
export function statedIn(message: string): readonly (readonly [string, string | number])[] {
  const stated: (readonly [string, string | number])[] = [];
  const [severity, installed, setup, previous] = [SEVERITY, INSTALLED, SETUP, PREVIOUS].map(
    (pattern) => pattern.exec(message)?.[1],
  );
  if (severity !== undefined) stated.push(["Severity", severity]);
  if (installed !== undefined) stated.push(...observed(EXCHANGE, installed, "setup-log"));
  if (setup !== undefined) stated.push(["SetupBuild", setup]);
  if (previous !== undefined) stated.push(["PreviousBuild", previous]);
  const status = STATUS.exec(message)?.[1];
  if (status !== undefined) stated.push(["Status", Number(status)]);
  const code = ERROR_CODE.exec(message)?.[1];
  if (code !== undefined) stated.push(["ErrorCode", Number(code)]);
  return stated;
}
