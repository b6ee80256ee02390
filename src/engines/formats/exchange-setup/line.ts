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
/** The launcher's own result is that of the whole run; parts have theirs. */
const DONE = /^CurrentResult launcherbase\.maincore:\d{1,9}: 0$/;
const MODE = /^Command Line Parameter Name='mode', Value='([A-Za-z]{1,40})'/;
/** Others prepare the directory and install nothing. */
const INSTALLING = /^(?:install|upgrade|recoverserver)$/i;
const NAME = /(?:^Server Name=|\blocal machine with name ')([\w.-]{1,255})/;

/** What messages before say of the run of setup that goes on; "" where they say nothing. */
export interface SetupRun {
  readonly server: string;
  /** The build that is being installed. */
  readonly build: string;
  readonly mode: string;
  /** Whether it has told of an error: with windows a run may end with 0 all the same. */
  readonly hasErrors: boolean;
}

/** The run after a message: a version begins another one. */
export function runAfter(run: SetupRun, message: string): SetupRun {
  const server = NAME.exec(message)?.[1] ?? run.server;
  const begun = SETUP.exec(message)?.[1];
  if (begun !== undefined) return { server, build: begun, mode: "", hasErrors: false };
  const mode = MODE.exec(message)?.[1] ?? run.mode;
  return { ...run, server, mode, hasErrors: run.hasErrors || message.startsWith("[ERROR]") };
}

/** A run as one text, for the header of a range. */
export function writeRun({ server, build, mode, hasErrors }: SetupRun): string {
  return [server, build, mode, hasErrors ? "errors" : ""].join("\n");
}

/** The run that writeRun wrote. */
export function readRun(header: string): SetupRun {
  const [server = "", build = "", mode = "", errors = ""] = header.split("\n");
  return { server, build, mode, hasErrors: errors !== "" };
}

/**
 * What a message says in one way whatever the version. The build of a run is on the server when the run has ended with Status 0
 * and without an error, and not before; what setup calls locally installed is what packages have registered, which a failed run leaves behind too.
 */
export function statedIn(
  message: string,
  { build, mode, hasErrors }: SetupRun,
): readonly (readonly [string, string | number])[] {
  const stated: (readonly [string, string | number])[] = [];
  const [severity, installed, setup, previous] = [SEVERITY, INSTALLED, SETUP, PREVIOUS].map(
    (pattern) => pattern.exec(message)?.[1],
  );
  if (severity !== undefined) stated.push(["Severity", severity]);
  if (installed !== undefined) stated.push(...observed(EXCHANGE, installed, "registry-key"));
  if (setup !== undefined) stated.push(["SetupBuild", setup]);
  if (previous !== undefined) stated.push(["PreviousBuild", previous]);
  const status = STATUS.exec(message)?.[1];
  if (status !== undefined) stated.push(["Status", Number(status)]);
  if (DONE.test(message) && build !== "" && !hasErrors && INSTALLING.test(mode))
    stated.push(...observed(EXCHANGE, build, "setup-log"));
  const code = ERROR_CODE.exec(message)?.[1];
  if (code !== undefined) stated.push(["ErrorCode", Number(code)]);
  return stated;
}
