/** A made-up volume of a mail server: its $MFT, folders first, and the journal of what changed in it. */
import { known } from "../../src/base/assert.ts";
import { type Ticks, toTicks } from "../../src/base/time.ts";
import type { WrittenChange, WrittenFile } from "../../src/engines/formats/ntfs/write.ts";
import { seededRandom } from "./trials.ts";

const START = BigInt(Date.UTC(2021, 7, 13, 3)) * 10_000n;
/** Records 0 to 23 belong to NTFS itself; 5 is the root. */
const FIRST = 24;
const FOLDERS = [
  ["inetpub", 5],
  ["wwwroot", FIRST],
  ["aspnet_client", FIRST + 1],
  ["system_web", FIRST + 2],
] as const;

const at = (seconds: number): Ticks =>
  known(toTicks(START + BigInt(seconds) * 10_000_000n + 1_234_567n), "in 2021");
const same = (ticks: Ticks) => [ticks, ticks, ticks, ticks] as const;

/** $MFT of `count` records. */
export function madeFiles(count: number, seed = 1): readonly (WrittenFile | null)[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, entry): WrittenFile | null => {
    if (entry === 0)
      return {
        name: "$MFT",
        parent: 5,
        parentSequence: 5,
        ticks: same(at(0)),
        sizeBytes: count * 1_024,
        flags: 6,
      };
    if (entry === 5)
      return {
        name: ".",
        parent: 5,
        parentSequence: 5,
        sequence: 5,
        ticks: same(at(0)),
        isDirectory: true,
        flags: 6,
      };
    if (entry < FIRST) return null;
    const folder = FOLDERS[entry - FIRST];
    if (folder !== undefined)
      return {
        name: folder[0],
        parent: folder[1],
        parentSequence: folder[1] === 5 ? 5 : 1,
        ticks: same(at(entry)),
        isDirectory: true,
      };
    const [created, pick] = [at(entry * 60), Math.floor(random() * 5)];
    const parent = FIRST + Math.floor(random() * FOLDERS.length);
    const rest = { parent, sequence: 1 + Math.floor(random() * 9) };
    if (pick === 0)
      return {
        ...rest,
        name: `Übergabe für ${entry}.aspx`,
        shortName: `BERGAB~${entry % 10}.ASP`,
        ticks: [at(1), at(2), created, created],
        nameTicks: created,
        resident: new Uint8Array(40),
      };
    if (pick === 1)
      return { ...rest, name: `u_ex${entry}.log`, ticks: same(created), sizeBytes: 5_000_000_000 };
    if (pick === 2)
      return { ...rest, name: `gone${entry}.tmp`, ticks: same(created), isDeleted: true };
    if (pick === 3)
      return {
        ...rest,
        name: `mail${entry}.zip`,
        ticks: same(created),
        sizeBytes: 77,
        streams: ["Zone.Identifier"],
      };
    return {
      ...rest,
      name: `lost${entry}.dll`,
      parentSequence: 77,
      ticks: same(created),
      sizeBytes: 9,
    };
  });
}

/** `count` changes of files in those folders. */
export function madeChanges(count: number, seed = 1): readonly WrittenChange[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, number): WrittenChange => {
    const pick = Math.floor(random() * 6);
    return {
      version: pick === 0 ? 4 : pick === 1 ? 3 : 2,
      entry: FIRST + 4 + (number % 30),
      sequence: 1,
      parent: FIRST + 2,
      parentSequence: 1,
      ticks: at(number),
      reason: [0x100, 0x102, 0x8000_0102, 0x8000_0200, 0x1000, 0x2000][pick] ?? 0,
      name: pick === 5 ? `Übergabe${number}.aspx` : `${"x".repeat(pick * 9)}${number}.aspx`,
      extents: [
        [0n, 4_096n],
        [65_536n, 10n],
      ],
    };
  });
}
