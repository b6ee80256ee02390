/** Made tables for the trials: a few kinds of rows, with everything that their writing allows. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 7, 2, 6);

/** The inventory table of our own, comma or semicolon between cells, dates with the day first. */
export function madeInventory(count: number, delimiter: "," | ";" = ","): string {
  const random = seededRandom(4);
  const lines = Array.from({ length: count }, (_, line) => {
    const at = new Date(START + line * 7_300_000).toISOString();
    const day = `${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)} ${at.slice(11, 19)}`;
    const build = `15.1.2${Math.floor(random() * 300)}.${line}`;
    const product =
      line % 4 === 0 ? `"Exchange${delimiter} ""Server""\r\n2016"` : "Exchange Server";
    return `${["MX1", product, "file-version", build, day].join(delimiter)}\r\n`;
  });
  return `${["host", "product", "observation", "build", "observed_at"].join(delimiter)}\r\n${lines.join("")}`;
}

/** As Export-Csv -Encoding Unicode writes it: UTF-16LE with its mark, and the type of the objects before the header. */
export function madeWide(text: string): Uint8Array {
  const units = `\ufeff#TYPE System.Management.Automation.PSCustomObject\r\n${text}`;
  const bytes = new Uint8Array(units.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < units.length; at++) view.setUint16(at * 2, units.charCodeAt(at), true);
  return bytes;
}

function madeObjects(count: number): readonly object[] {
  return Array.from({ length: count }, (_, at) => ({
    host: "MX1",
    product: `Exchange "${at}" ] }`,
    observation: "file-version",
    build: `15.1.2106.${at}`,
    observed_at: new Date(START + at * 61_000).toISOString(),
    more: { list: [1, "]", { a: null }], empty: {} },
  }));
}

/** JSON lines. */
export function madeLines(count: number): Uint8Array {
  return utf8(
    madeObjects(count)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  );
}

/** A list in an object, with more names behind it. */
export function madeWrapped(count: number): Uint8Array {
  const nextLink = "https://example.test/?$skip=1";
  return utf8(
    JSON.stringify({ "@context": ["x"], value: madeObjects(count), nextLink, rest: [[{}]] }),
  );
}
