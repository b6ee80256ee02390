/** Rounds on a disk that is full, and on one that cannot be written: a Fault that says so, and nothing acknowledged is lost. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HOW, SmallDisk, canMount, makeReadOnly, withFileLimit } from "./disk.ts";
import type { Home } from "./home.ts";
import { type Twin, judge, judgeDead } from "./judge.ts";
import type { Kind } from "./kind.ts";
import type { Ended } from "./program.ts";
import { investigateAnew, tellHeard } from "./command-kinds.ts";
import { type World, holding, telling } from "./world.ts";

/** A disk with less than 256 MiB to spare opens no archive. */
const ROOMY_BYTES = 1 << 30;
/** What a disk has beyond the vault, where it is small from the beginning: 4 KiB to 4 MiB, every power alike. */
const ROOM_BYTES_MIN = 4096;
const ROOM_DOUBLINGS = 10;

interface Filled {
  readonly name: string;
  begin(home: Home, world: World): void;
  words(home: Home): readonly string[];
  heard?(home: Home, ended: Ended): void;
  again(home: Home): Promise<void>;
  twin(world: World): Twin;
}

const must = async (home: Home, words: readonly string[]) => void (await home.must(...words));
const FILLED: readonly Filled[] = [
  {
    name: "investigate",
    begin: () => undefined,
    words: (home) => home.investigation(home.deliveries.first),
    again: investigateAnew,
    twin: ({ twins }) => twins.first,
  },
  {
    name: "more",
    begin: (home, world) => home.copyFrom(world.first),
    words: (home) => home.investigation(home.deliveries.second),
    again: (home) => must(home, home.investigation(home.deliveries.second)),
    twin: ({ twins }) => twins.both,
  },
  {
    name: "unlock",
    begin: (home, world) => home.copyFrom(world.locked),
    words: ({ vault }) => ["unlock", "--vault", vault],
    again: (home) => must(home, ["unlock", "--vault", home.vault]),
    twin: ({ twins }) => twins.first,
  },
  {
    name: "duties event",
    begin: (home, world) => home.copyFrom(world.first),
    words: telling,
    heard: tellHeard,
    again: (home) => must(home, ["lock", "--vault", home.vault]),
    twin: ({ twins }) => twins.first,
  },
];

async function fillDisk(home: Home, world: World): Promise<void> {
  const { chance } = home;
  const filled = FILLED[chance.below(FILLED.length)];
  if (filled === undefined) return;
  const [isMidway, share, room] = [chance.happens(0.6), chance.real(), chance.real()];
  const millis = await world.courses.millis(`filled: ${filled.name}`, async (other) => {
    filled.begin(other, world);
    return filled.words(other);
  });
  const disk = canMount ? new SmallDisk(join(home.folder, "disk"), ROOMY_BYTES) : null;
  try {
    if (disk !== null) home.vault = join(disk.folder, "vault");
    filled.begin(home, world);
    home.see();
    const limit = Math.floor(ROOM_BYTES_MIN * 2 ** (room * ROOM_DOUBLINGS));
    if (!isMidway) disk?.leave(limit);
    const program = home.begin(filled.words(home), disk === null ? withFileLimit(limit) : []);
    if (isMidway) await Promise.race([pause(share * millis), program.ended]);
    if (isMidway) disk?.leave(0);
    const ended = await program.ended;
    home.heard(ended);
    judgeFault(home, `full disk, ${filled.name}`, ended);
    filled.heard?.(home, ended);
    disk?.free(ROOMY_BYTES);
    await judgeDead(home);
    await filled.again(home);
    await judge(home, filled.twin(world));
  } finally {
    disk?.remove();
  }
}

/** Done, or a Fault with a hint: nothing else is an answer to a disk that refuses. */
function judgeFault(home: Home, what: string, { code, stderr }: Ended): void {
  if (code === 0) return;
  const fault = /^breakwater: error: (.*)\nhint: ./m.exec(stderr)?.[1];
  if (code === 2 && fault !== undefined) {
    home.said.push(`a refusal, ${what}: ${fault.replaceAll(/\/\S+/g, "PATH")}`);
    return;
  }
  home.lose(`a disk that refuses is told as ${code}: ${stderr.trim().slice(0, 600)}`);
}

async function refuseWriting(home: Home, world: World): Promise<void> {
  home.copyFrom(home.chance.happens(0.5) ? world.first : world.locked);
  const { vault } = home;
  const before = snapshot(home);
  const makeWritable = makeReadOnly(vault);
  try {
    for (const words of [
      home.investigation(home.deliveries.second),
      telling(home),
      holding(home, "held on a read-only disk"),
      ["lock", "--vault", vault],
      ["unlock", "--vault", vault],
    ]) {
      const ended = await home.run(words);
      judgeFault(home, "read-only disk", ended);
      if (ended.code === 0) home.lose(`${words[0]} says that it wrote to a read-only disk`);
    }
    // verify writes nothing, so it works.
    await home.must("verify", vault, "--format", "json");
  } finally {
    makeWritable();
  }
  if (snapshot(home) !== before) home.lose("a read-only disk has changed");
  await judge(home, world.twins.first);
}

/** Every file with its size and time, as one text. */
function snapshot(home: Home): string {
  return home
    .files()
    .map((path) => {
      const { size, mtimeMs } = statSync(join(home.vault, path));
      return `${path} ${size} ${mtimeMs}`;
    })
    .join("\n");
}

/** Root writes whatever the permissions say: without a mount there is no read-only disk for it. */
const isRoot = process.getuid?.() === 0;

/** Both disks. */
export const DISK_KINDS = {
  full: {
    name: "full disk",
    async run(home: Home, world: World) {
      await fillDisk(home, world);
      return [];
    },
  },
  readOnly: {
    name: "read-only disk",
    whyNot: () => (canMount || !isRoot ? null : `${HOW.readOnly}, and root writes all the same`),
    async run(home: Home, world: World) {
      await refuseWriting(home, world);
      return [];
    },
  },
} as const satisfies Record<string, Kind>;
