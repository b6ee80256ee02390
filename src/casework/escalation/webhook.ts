/**
 * Messages to a web address: one POST of JSON (docs/formats/case-file.md). Refuses to follow a redirect, and to read what is answered
 * beyond its status.
 */
import type { Message } from "../../questions/answered/index.ts";
import { SEND_SECONDS_MAX, wordsOf } from "./trouble.ts";

/** Posts one message; gives "" or why it was not taken. */
export async function sendWebhook(
  url: string,
  { level, subject, text, findings, more }: Message,
  signal: AbortSignal,
): Promise<string> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "breakwater" },
      body: JSON.stringify({ level, subject, text, findings, more }),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(SEND_SECONDS_MAX * 1000)]),
    });
    await response.body?.cancel();
    if (response.ok) return "";
    const isElsewhere = response.status >= 300 && response.status < 400;
    return `it answered with status ${response.status}${isElsewhere ? ": redirects are not followed" : ""}`;
  } catch (error) {
    // The path of the address is a secret, and no error of this runtime's repeats more than the address.
    return wordsOf(error, [url, new URL(url).pathname.slice(1)]);
  }
}
