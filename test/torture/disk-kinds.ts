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
/** What a disk has beyond the vault at most, where it is small from the beginning: some acts pass without a fault. */
const ROOM_BYTES_MAX = 5 << 20;
const PAGE_BYTES = 4096;

interface Filled {
  begin(home: Home, world: World): void;
  words(home: Home): readonly string[];
  heard?(home: Home, ended: Ended): void;
  again(home: Home): Promise<void>;
  twin(world: World): Twin;
}

const must = async (home: Home, words: readonly string[]) => void (await home.must(...words));
const FILLED: readonly Filled[] = [
  {
    begin: () => undefined,
    words: (home) => home.investigation(home.deliveries.first),
    again: investigateAnew,
    twin: ({ twins }) => twins.first,
  },
  {
    begin: (home, world) => home.copyFrom(world.first),
    words: (home) => home.investigation(home.deliveries.second),
    again: (home) => must(home, home.investigation(home.deliveries.second)),
    twin: ({ twins }) => twins.both,
  },
  {
    begin: (home, world) => home.copyFrom(world.locked),
    words: ({ vault }) => ["unlock", "--vault", vault],
    again: (home) => must(home, ["unlock", "--vault", home.vault]),
    twin: ({ twins }) => twins.first,
  },
  {
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
  const millis = await world.courses.millis("a first delivery", async (other) =>
    other.investigation(other.deliveries.first),
  );
  const disk = canMount ? new SmallDisk(join(home.folder, "disk"), ROOMY_BYTES) : null;
  try {
    if (disk !== null) home.vault = join(disk.folder, "vault");
    filled.begin(home, world);
    home.see();
    const limit = Math.floor(room * ROOM_BYTES_MAX);
    if (!isMidway) disk?.resize(sizeOf(home) + limit);
    const program = home.begin(filled.words(home), disk === null ? withFileLimit(limit / 8) : []);
    if (isMidway) await Promise.race([pause(share * millis), program.ended]);
    if (isMidway) disk?.fill();
    const ended = await program.ended;
    home.heard(ended);
    judgeFault(home, ended);
    filled.heard?.(home, ended);
    disk?.free();
    disk?.resize(ROOMY_BYTES);
    await judgeDead(home);
    await filled.again(home);
    await judge(home, filled.twin(world));
  } finally {
    disk?.remove();
  }
}

/** Bytes that the vault takes on its disk, in whole pages. */
function sizeOf(home: Home): number {
  const pages = home
    .files()
    .map((path) => Math.ceil(statSync(join(home.vault, path)).size / PAGE_BYTES) + 1);
  return PAGE_BYTES * (pages.reduce((sum, count) => sum + count, 0) + 64);
}

/** Done, or a Fault with a hint: nothing else is an answer to a disk that refuses. */
function judgeFault(home: Home, { code, stderr }: Ended): void {
  if (code === 0) return;
  if (code === 2 && /^breakwater: error: /m.test(stderr) && /^hint: /m.test(stderr)) return;
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
      judgeFault(home, ended);
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
