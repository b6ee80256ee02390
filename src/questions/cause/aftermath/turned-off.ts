/**
 * Logs whose auditing somebody turned off: from then on the absence of a record proves nothing. Refuses to believe that it was turned on
 * again: of an audit policy, nothing says that the whole of it came back.
 */
import { UNDATED } from "../../../base/time.ts";
import type { SignsState } from "../../../engines/lookout/index.ts";
import type { SourceCoverage } from "../../../model/coverage.ts";

/** Signs of knowledge/protection.json, the log that falls silent (in lower case), and whether only that of the same host does. */
const TURNED_OFF = [
  { sign: "audit-policy", channel: "security", ofHost: true },
  { sign: "admin-audit-off", channel: "adminauditlogevent", ofHost: false },
] as const;

/** Since when a log may lack what it should hold; null where nothing says so. A sign without a time may be of any day: then of all. */
export function turnedOffIn(
  { signs }: Pick<SignsState, "signs">,
  nameOf: (host: string) => string,
): (source: Pick<SourceCoverage, "host" | "channel">) => bigint | null {
  const since = new Map<string, bigint>();
  for (const { sign, host, first } of signs) {
    const off = TURNED_OFF.find((each) => each.sign === sign);
    if (off === undefined) continue;
    const key = JSON.stringify([off.channel, off.ofHost ? nameOf(host) : ""]);
    const known = since.get(key);
    // UNDATED is less than every time.
    if (known === undefined || first < known) since.set(key, first);
  }
  return ({ host, channel }) => {
    const off = TURNED_OFF.find((each) => each.channel === channel.toLowerCase());
    const key = JSON.stringify([off?.channel, off?.ofHost === true ? nameOf(host) : ""]);
    const time = since.get(key);
    return time === undefined ? null : time === UNDATED ? 0n : time;
  };
}
