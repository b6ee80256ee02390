/** Writes scheduled-task definitions as the Task Scheduler does: UTF-16 with a byte order mark, or UTF-8. */
import { Buffer } from "node:buffer";
import { utf8 } from "../../../base/bytes.ts";
import { TASK_NAMESPACE } from "./layout.ts";

/** A task with one program to start. */
export interface WrittenTask {
  /** `\Microsoft\Windows\Name`. */
  readonly uri: string;
  /** Local time without a zone, as Windows writes it; absent in tasks that Windows brings along. */
  readonly date?: string;
  readonly author?: string;
  readonly userId: string;
  readonly runLevel?: "HighestAvailable" | "LeastPrivilege";
  readonly isHidden?: boolean;
  readonly isEnabled?: boolean;
  /** The trigger's element, as XML. */
  readonly trigger: string;
  readonly command: string;
  readonly commandArguments?: string;
}

/** One definition, as in Windows\System32\Tasks; of several, one behind the other, as `schtasks /query /xml` does. */
export function writeTasks(...tasks: readonly WrittenTask[]): Uint8Array {
  const documents = tasks.map((task) => `${DECLARATION}${elementOf(task)}\r\n`).join("");
  return new Uint8Array(Buffer.from(`\ufeff${documents}`, "utf16le"));
}

/** The list that `schtasks /query /xml ONE` prints, saved as UTF-8. */
export function writeTaskList(tasks: readonly WrittenTask[]): Uint8Array {
  const parts = tasks.map((task) => `<!-- ${task.uri} -->\r\n${elementOf(task)}\r\n`);
  return utf8(`${DECLARATION}<Tasks>\r\n${parts.join("")}</Tasks>\r\n`);
}

const DECLARATION = `<?xml version="1.0" encoding="UTF-16"?>\r\n`;

function elementOf(task: WrittenTask): string {
  const tag = (name: string, value: string | undefined) =>
    value === undefined ? "" : `<${name}>${escaped(value)}</${name}>`;
  const info = tag("Date", task.date) + tag("Author", task.author) + tag("URI", task.uri);
  const principal =
    tag("UserId", task.userId) + tag("LogonType", "Password") + tag("RunLevel", task.runLevel);
  const settings =
    tag("Enabled", String(task.isEnabled ?? true)) + tag("Hidden", String(task.isHidden ?? false));
  const exec = tag("Command", task.command) + tag("Arguments", task.commandArguments);
  return [
    `<Task version="1.4" xmlns="${TASK_NAMESPACE}">`,
    `  <RegistrationInfo>${info}</RegistrationInfo>`,
    `  <Triggers>${task.trigger}</Triggers>`,
    `  <Principals><Principal id="Author">${principal}</Principal></Principals>`,
    `  <Settings>${settings}</Settings>`,
    `  <Actions Context="Author"><Exec>${exec}</Exec></Actions>`,
    "</Task>",
  ].join("\r\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
