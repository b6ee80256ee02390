/**
 * What all rounds share: the deliveries, vaults to begin with, and the twins that nobody disturbs.
 * Everything lies in one temporary folder, which is removed at the end.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Chance } from "../../src/sample/chance.ts";
import { Courses } from "./course.ts";
import { type Deliveries, makeDeliveries } from "./evidence.ts";
import { Home } from "./home.ts";
import { type Twin, twinOf } from "./judge.ts";

/** Shared by all rounds, and read only. */
export interface World {
  readonly folder: string;
  readonly seed: number;
  readonly deliveries: Deliveries;
  /** A vault with the first delivery, a hold and an incident event; the same again, locked. */
  readonly first: Home;
  readonly locked: Home;
  /** When their last act was acknowledged, in milliseconds of this machine's clock. */
  readonly madeAtMillis: number;
  readonly twins: { readonly first: Twin; readonly both: Twin };
  readonly courses: Courses;
  /** A home below the world's folder. */
  newHome(name: string, chance?: Chance): Home;
}

/** A hash that names an evidence of the first delivery, and the reason of the hold on it. */
export const HELD = { file: "u_ex210901.log", reason: "held before the torture" };

/** Makes the world; removeWorld() afterwards. */
export async function makeWorld(seed: number): Promise<World> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "breakwater-torture-")));
  try {
    return await makeWorldIn(folder, seed);
  } catch (error) {
    removeWorld({ folder });
    throw error;
  }
}

async function makeWorldIn(folder: string, seed: number): Promise<World> {
  const cache = join(folder, "cache");
  const shared = { PATH: process.env["PATH"] ?? "", HOME: folder, XDG_CACHE_HOME: cache };
  const deliveries = await makeDeliveries(folder, { cwd: folder, env: shared });
  mkdirSync(join(folder, "rounds"));
  const newHome = (name: string, chance = new Chance(seed, name)) =>
    new Home({ folder: join(folder, "rounds", name), cache, deliveries, chance });

  const first = newHome("first");
  await first.must(...first.investigation(deliveries.first));
  first.finding = await firstFinding(first);
  await act(first);
  const locked = newHome("locked");
  locked.copyFrom(first);
  await locked.must("lock", "--vault", locked.vault);
  const madeAtMillis = Date.now();
  const both = newHome("both");
  both.copyFrom(first);
  await both.must(...both.investigation(deliveries.second));
  const twins = { first: await twinOf(first), both: await twinOf(both) };
  const troubled = [first, locked, both].flatMap(({ losses }) => losses);
  if (troubled.length > 0) throw new Error(`undisturbed runs fail: ${troubled.join("; ")}`);
  const courses = new Courses(newHome);
  return { folder, seed, deliveries, first, locked, madeAtMillis, twins, courses, newHome };
}

const FINDINGS = z.array(z.object({ id: z.string() }));

async function firstFinding(home: Home): Promise<string> {
  const text = await home.must("findings", "list", "--vault", home.vault, "--format", "json");
  const [finding] = FINDINGS.parse(JSON.parse(text));
  if (finding === undefined) throw new Error("the first delivery gives no finding to answer");
  return finding.id;
}

/** Removes all that the world lies in. */
export function removeWorld({ folder }: Pick<World, "folder">): void {
  rmSync(folder, { recursive: true, force: true });
}

async function act(home: Home): Promise<void> {
  await home.must(...holding(home, HELD.reason));
  await home.must(...telling(home));
  home.acknowledged.holds.push(HELD.reason);
  home.acknowledged.events++;
}

/** Words that hold an evidence of the first delivery. */
export function holding(home: Home, reason: string): readonly string[] {
  const name = join(home.deliveries.first, HELD.file);
  return ["evidence", "hold", name, "--vault", home.vault, "--by", "Bo Mahy", "--reason", reason];
}

/** Words that answer a finding of the first delivery. */
export function answering({ vault, finding }: Home): readonly string[] {
  const what = ["findings", "answer", finding, "--determination", "malicious"];
  return [...what, "--reason", "answered while tortured", "--vault", vault, "--by", "Bo Mahy"];
}

/** Words that record an incident event. */
export function telling({ vault }: Home): readonly string[] {
  const what = ["duties", "event", "suspected", "--at", "2021-12-01T08:00:00Z"];
  return [...what, "--vault", vault, "--by", "Bo Mahy", "--note", "told while tortured"];
}
