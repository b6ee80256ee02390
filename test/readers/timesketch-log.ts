/** Made-up timelines for Timesketch: JSON lines and CSV of several tools, and of our own printer. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 7, 12, 9);

/** CSV with quotes, commas and line feeds in its cells. */
export function madeTimesketchCsv(count: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const lines = Array.from({ length: count }, (_, line) => {
    const millis = START + line * 1_500 + Math.floor(random() * 900);
    const time = new Date(millis).toISOString().replace("Z", "000+00:00");
    const message = line % 3 === 0 ? `"Logon, of ""user${line}""\nsecond line"` : `file ${line}`;
    return `${message},${millis}000,${time},Event Logged,MAIL1,${line % 2 === 0 ? "Security" : ""},4624\r\n`;
  });
  return utf8(
    `\ufeffmessage,timestamp,datetime,timestamp_desc,computer,Channel,EventID\r\n${lines.join("")}`,
  );
}

/** The same events as JSON lines. */
export function madeTimesketchLines(count: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const lines = Array.from({ length: count }, (_, line) => {
    const millis = START + line * 1_500 + Math.floor(random() * 900);
    return JSON.stringify({
      message: `Logon of "user${line}"`,
      timestamp: millis * 1_000,
      datetime: new Date(millis).toISOString().replace("Z", "+00:00"),
      timestamp_desc: "Event Logged",
      hostname: "MAIL1",
      attempts: line,
    });
  });
  return utf8(lines.map((line) => `${line}\n`).join(""));
}
