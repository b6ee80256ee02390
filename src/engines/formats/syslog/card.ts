/**
 * Recognises syslog by its first lines: a priority or a date in the form of a syslog server, and a tag. It stands last
 * among the cards. Refuses text that merely begins with a date: most of the first lines must be messages.
 */
import { memorySource } from "../../../base/source.ts";
import { decodeText } from "../text/encoding.ts";
import type { Card } from "../format.ts";
import { wholeRange } from "../text/line-reading.ts";
import { framesOf, isCounted } from "./frames.ts";
import { readMessage } from "./message.ts";

const LINES_ASKED = 16;

/** The card of syslog files. */
export const syslogCard: Card = {
  id: "syslog",
  reads: "syslog as servers keep it (RFC 5424, RFC 3164), also with Windows events as JSON",
  spec: "https://www.rfc-editor.org/rfc/rfc5424",
  recognises(head) {
    const lines = messagesOf(head)
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .slice(0, LINES_ASKED);
    const [first = ""] = lines;
    return isTelling(first) && lines.filter(isTelling).length * 2 > lines.length;
  },
};

function messagesOf(head: Uint8Array): readonly string[] {
  if (!isCounted(head)) return decodeText(head).split("\n", LINES_ASKED + 1);
  const source = memorySource(head);
  const messages: string[] = [];
  for (const { bytes } of framesOf(source, wholeRange(source))) {
    if (bytes !== null) messages.push(decodeText(bytes));
    if (messages.length >= LINES_ASKED) break;
  }
  return messages;
}

/** Whether a line could be nothing else: a priority and a time or a nil one, or a time and a tag. */
function isTelling(line: string): boolean {
  const message = readMessage(line);
  if (message === null) return false;
  if (message.priority < 0) return message.appName !== "";
  return (
    message.time !== null ||
    message.msgId !== "" ||
    message.appName !== "" ||
    /^<\d+>\d+ - /.test(line)
  );
}
