/** Rounds in which one command is killed, done again, and judged: investigate, lock, unlock, and acts by people. */
import type { Home } from "./home.ts";
import { type Twin, judge, judgeDead } from "./judge.ts";
import { type Kind, killOf } from "./kind.ts";
import type { Ended } from "./program.ts";
import { type World, answering, holding, telling } from "./world.ts";

/** Kills after which verify looks at the vault before anybody opens it again. */
const LOOKED_AT_DEAD = 0.4;
/** Rounds at whose end everything is rebuilt from the vault alone. */
const REBUILT = 0.3;

interface Killed {
  readonly name: string;
  /** Makes what the command begins with. */
  begin(home: Home, world: World): Promise<void>;
  words(home: Home): readonly string[];
  /** Told how the command ended: what it said is acknowledged. */
  heard?(home: Home, ended: Ended): void;
  /** Does it again; it must succeed now. */
  again(home: Home, world: World): Promise<void>;
  twin(world: World): Twin;
}

function kindOf(killed: Killed): Kind {
  const { name } = killed;
  return {
    name,
    async run(home, world) {
      const { chance } = home;
      await killed.begin(home, world);
      const prepare = async (other: Home) => {
        await killed.begin(other, world);
        return killed.words(other);
      };
      const moment = await world.courses.draw(name, prepare, chance);
      const before = home.see();
      const ended = await home.runUntil(moment, killed.words(home));
      const kill = killOf(home, before, ended, moment.by);
      if (chance.happens(LOOKED_AT_DEAD)) await judgeDead(home);
      else home.see();
      killed.heard?.(home, ended);
      await killed.again(home, world);
      if (chance.happens(REBUILT)) await home.must("lock", "--vault", home.vault);
      await judge(home, killed.twin(world));
      return [kill];
    },
  };
}

/** Investigates for the first time; a folder that never became a vault is left to a person, who removes it. */
export async function investigateAnew(home: Home): Promise<void> {
  const words = home.investigation(home.deliveries.first);
  if (!home.isVault) {
    home.abandoned++;
    const { code, stderr } = await home.run(words);
    if (code === 0) return;
    if (code !== 2 || !/is no vault|holds no vault\.json/.test(stderr))
      home.lose(`a folder that is no vault yet is told with ${code}: ${stderr.trim()}`);
    home.clear();
  }
  await home.must(...words);
}

const first = async (home: Home, world: World) => home.copyFrom(world.first);
const locked = async (home: Home, world: World) => home.copyFrom(world.locked);
const heldReason = "held while tortured";

/** All of them. */
export const COMMAND_KINDS = {
  investigate: kindOf({
    name: "investigate, a new vault",
    begin: async () => undefined,
    words: (home) => home.investigation(home.deliveries.first),
    again: investigateAnew,
    twin: ({ twins }) => twins.first,
  }),
  more: kindOf({
    name: "investigate, one delivery more",
    begin: first,
    words: (home) => home.investigation(home.deliveries.second),
    again: async (home) => void (await home.must(...home.investigation(home.deliveries.second))),
    twin: ({ twins }) => twins.both,
  }),
  lock: kindOf({
    name: "lock",
    begin: first,
    words: ({ vault }) => ["lock", "--vault", vault],
    async again(home) {
      // Locked or not, what asks for the answers gets them; half a removal may never be taken for the whole.
      if (home.chance.happens(0.5)) await home.must("lock", "--vault", home.vault);
      await home.must("unlock", "--vault", home.vault);
    },
    twin: ({ twins }) => twins.first,
  }),
  unlock: kindOf({
    name: "unlock",
    begin: locked,
    words: ({ vault }) => ["unlock", "--vault", vault],
    again: async (home) => void (await home.must("unlock", "--vault", home.vault)),
    twin: ({ twins }) => twins.first,
  }),
  event: kindOf({
    name: "duties event",
    begin: first,
    words: telling,
    heard: tellHeard,
    async again(home) {
      await home.must(...telling(home));
      home.acknowledged.events++;
    },
    twin: ({ twins }) => twins.first,
  }),
  answer: kindOf({
    name: "findings answer",
    begin: first,
    words: answering,
    heard: answerHeard,
    async again(home) {
      await home.must(...answering(home));
      home.acknowledged.answers++;
    },
    twin: ({ twins }) => twins.first,
  }),
  hold: kindOf({
    name: "evidence hold",
    begin: first,
    words: (home) => holding(home, heldReason),
    heard: (home, ended) => holdHeard(home, heldReason, ended),
    async again(home) {
      await home.must(...holding(home, "held again"));
      home.acknowledged.holds.push("held again");
    },
    twin: ({ twins }) => twins.first,
  }),
} as const;

/** Takes note whether an incident event was acknowledged: by its exit, or by what it said before it was killed. */
export function tellHeard(home: Home, { code, stderr }: Ended): void {
  if (code === 0 || stderr.includes("recorded: ")) home.acknowledged.events++;
  else home.unsaid.events++;
}

/** Takes note whether an answer was acknowledged. */
export function answerHeard(home: Home, { code, stdout }: Ended): void {
  if (code === 0 || stdout.includes(" answered by ")) home.acknowledged.answers++;
  else home.unsaid.answers++;
}

/** Takes note whether a hold was acknowledged. */
export function holdHeard(home: Home, reason: string, { code, stderr }: Ended): void {
  if (code === 0 || stderr.includes("held: ")) home.acknowledged.holds.push(reason);
  else home.unsaid.holds.push(reason);
}
