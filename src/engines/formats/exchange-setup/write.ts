/** Writes Exchange's setup log, for the sample case and the tests. Refuses nothing; line ends in a text stay. See line.ts. */

/** One message of setup. */
export interface SetupLine {
  /** UTC milliseconds since 1970. */
  readonly millis: number;
  readonly level: number;
  readonly text: string;
}

const BLOCK_BYTES = 262_144;

/** A whole log, in blocks of about 256 KiB. */
export function* writeExchangeSetup(lines: Iterable<SetupLine>): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for (const line of lines) {
    text += setupLine(line);
    if (text.length >= BLOCK_BYTES) {
      yield encoder.encode(text);
      text = "";
    }
  }
  if (text !== "") yield encoder.encode(text);
}

function setupLine({ millis, level, text }: SetupLine): string {
  const iso = new Date(millis).toISOString();
  const [year, month, day] = iso.slice(0, 10).split("-");
  const clock = `${iso.slice(11, 19)}.0${iso.slice(20, 23)}`;
  return `[${month}/${day}/${year} ${clock}] [${level}] ${text.replaceAll("\n", "\r\n")}\r\n`;
}
