/**
 * Draws one story from a seed: who, when, in which order, and what the evidence of it will lack.
 * Everything that the files and truth.json say is decided here; the writers only write it.
 */
import {
  COLLECTED_AT,
  DAY,
  FIRST_DAY,
  HOUR,
  LAST_DAY,
  MINUTE,
  dayOf,
  isWorkday,
  on,
} from "./calendar.ts";
import { drawActor, type Actor, type Scene, type Technique } from "./actor.ts";
import { helpOneself, stealPassword } from "./accounts.ts";
import { drawCast, type Cast, type Person } from "./cast.ts";
import { attempt, exploit, type Run } from "./chain.ts";
import { Chance } from "./chance.ts";
import { drawGaps, type Gaps } from "./gaps.ts";
import { auditGaps, drawKeeping, rolledOver, rotatedAway, type Keeping } from "./keeping.ts";
import { drawPeers, type Peer } from "./mail-flow.ts";
import { drawOddMails, type OddMail } from "./odd-mails.ts";
import {
  backUp,
  exportLegitimately,
  probeInMarch,
  scan,
  stormRetries,
  testPenetration,
  tryAntivirus,
  type PenetrationTest,
} from "./herrings.ts";
import { drawPatching } from "./patching.ts";
import { Plan, requestIdOf, type Step } from "./plan.ts";
import { scanWebServer } from "./web-scan.ts";
import { exportMailbox, readMail, readMailbox, useShell } from "./takings.ts";
import { drawVerdicts } from "./verdicts.ts";

/** What kind of half-year it was. */
export const SAMPLE_VARIANTS = ["exchange", "credentials", "insider", "benign"] as const;
/** One kind of half-year. */
export type SampleVariant = (typeof SAMPLE_VARIANTS)[number];

/** `small`: about 200,000 lines; `real`: about 40 million, one busy server. */
export const SAMPLE_SIZES = ["small", "real"] as const;
/** One size. */
export type SampleSize = (typeof SAMPLE_SIZES)[number];

/** An entry of story.yaml: a date that starts or stops a clock. */
export interface IncidentDate {
  readonly event: "suspected" | "aware" | "notified";
  readonly at: number;
  readonly by: string;
  readonly note: string;
}

/** Everything that was drawn. */
export interface Story {
  readonly seed: number;
  readonly size: SampleSize;
  readonly variant: SampleVariant;
  readonly cast: Cast;
  readonly plan: Plan;
  readonly actors: readonly Actor[];
  readonly test: PenetrationTest | null;
  readonly gaps: Gaps;
  /** What is left of Exchange's own logs. */
  readonly keeping: Keeping;
  /** Mail servers outside. */
  readonly peers: readonly Peer[];
  /** What people outside reported. */
  readonly oddMails: readonly OddMail[];
  /** Days on which the antivirus got no new signatures: first and last; null where it always did. */
  readonly staleDays: readonly [number, number] | null;
  readonly incident: readonly IncidentDate[];
}

/** The story of a seed; the same arguments give the same story. */
export function drawStory(seed: number, size: SampleSize, variant: SampleVariant): Story {
  const chance = new Chance(seed, `story/${variant}`);
  const cast = drawCast(chance, variant === "exchange", (build) =>
    drawPatching(seed, variant, { build, prompt: variant === "benign" }),
  );
  const scene: Scene = { cast, chance, plan: new Plan(cast.mailServer.address) };
  const told = tell(scene, variant);
  const [intruder] = told.actors;
  if (variant === "exchange" && intruder !== undefined) comeBack(scene, seed, intruder);
  addEveryday(scene, variant);
  const first = firstExploitation(scene.plan.steps, told.actors);
  const gaps = drawGaps(scene, first?.start ?? null, told.marchDays);
  const staleDays = variant === "benign" ? null : drawStaleDays(chance);
  const incident = drawIncident(scene, variant);
  const apart = (what: string) => new Chance(seed, `${what}/${variant}`);
  const keeping = drawKeeping(apart("keeping"), scene.plan, first?.start ?? null);
  const peers = drawPeers(cast);
  const mails = { cast, chance: apart("odd-mails"), peers };
  return {
    seed,
    size,
    variant,
    cast,
    plan: scene.plan,
    actors: told.actors,
    test: told.test,
    gaps: {
      ...gaps,
      list: [
        ...gaps.list,
        ...rolledOver(cast.mailServer.name, keeping, gaps.managementFrom),
        ...auditGaps(cast.mailServer.name, gaps.managementFrom),
        rotatedAway(cast.frontMachine.name),
      ],
    },
    keeping,
    peers,
    oddMails: drawOddMails(mails, variant, victimsOf(scene)),
    staleDays,
    incident,
  };
}

/** In every second story the first intruder reads mail again in November, in days that Exchange's own logs still hold. */
function comeBack(scene: Scene, seed: number, intruder: Actor): void {
  const chance = new Chance(seed, "return");
  if (chance.happens(0.5)) return;
  let from = on(11, 17) + chance.below(5 * DAY);
  for (let mailboxes = chance.between(1, 3); mailboxes > 0; mailboxes--) {
    readMailbox({ ...scene, chance }, intruder, from);
    from += chance.between(1, 5) * DAY;
  }
}

/** People whose mailboxes were read or used to send. */
function victimsOf({ cast, plan }: Scene): Person[] {
  const taken = new Set(
    plan.steps.flatMap(({ kind, requestId }) => (kind === "mail-read" ? [requestId] : [])),
  );
  const accounts = new Set(
    plan.requests.flatMap(({ query, user }) =>
      taken.has(requestIdOf(query)) ? [user.split(/[\\]/).at(-1) ?? ""] : [],
    ),
  );
  return cast.people.filter(({ account, mail }) => accounts.has(account) || accounts.has(mail));
}

interface Told {
  readonly actors: readonly Actor[];
  readonly test: PenetrationTest | null;
  readonly marchDays: readonly number[];
}

function tell(scene: Scene, variant: SampleVariant): Told {
  switch (variant) {
    case "exchange":
      return tellExchange(scene);
    case "credentials":
      return tellCredentials(scene);
    case "insider":
      return tellInsider(scene);
    case "benign":
      return { actors: [], test: null, marchDays: [] };
  }
}

function tellExchange(scene: Scene): Told {
  const { chance, cast } = scene;
  const start = on(8, 12) + chance.between(0, 24 * 24 * 60) * MINUTE;
  const technique = (): Technique => (chance.happens(0.7) ? "export" : "certificate");
  const actors: [Actor, ...Actor[]] = [drawActor(scene, "A", technique())];
  if (chance.happens(0.65)) actors.push(drawActor(scene, "B", technique()));
  if (chance.happens(0.4)) actors.push(drawActor(scene, "C", technique()));
  const runOf = (actor: Actor, at: number, caught: boolean): Run => ({
    actor,
    address: chance.pick(actor.addresses),
    victim: chance.pick(cast.people),
    at: at + chance.below(50 * MINUTE),
    caught,
  });
  scanWebServer(scene, actors[0], start);
  for (const [index, actor] of actors.entries()) {
    const arrival = start + index * chance.between(6, 22) * DAY;
    for (let tries = chance.between(1, 3); tries > 0; tries--) {
      attempt(scene, runOf(actor, arrival - chance.between(2, 5 * 24) * HOUR, false));
    }
    let at = arrival;
    for (let caught = chance.between(index === 0 ? 1 : 0, 2); caught > 0; caught--) {
      exploit(scene, runOf(actor, at, true));
      at += chance.between(2, 60) * HOUR;
    }
    useShell(scene, actor, exploit(scene, runOf(actor, at, false)));
    if (index === 0) takeMail(scene, runOf(actor, at, false));
  }
  drawVerdicts(scene);
  tryAntivirus(scene);
  scan(scene, [200, 200, 200, 302, 401, 404]);
  const marchDays = chance.happens(0.4) ? drawMarch(scene) : [];
  return { actors, marchDays, test: chance.happens(0.7) ? drawTest(scene, start) : null };
}

function takeMail(scene: Scene, run: Run): void {
  const { chance } = scene;
  readMail(scene, run.actor, run.at + chance.between(3, 14) * DAY);
  exportMailbox(scene, { ...run, at: run.at + chance.between(18, 80) * DAY });
}

/** Before the attack or after it: in some seeds the first exploitation on the server is a contracted one. */
function drawTest(scene: Scene, start: number): PenetrationTest {
  const { chance } = scene;
  const before = chance.happens(0.4);
  let day = before ? dayOf(start) - chance.between(3, 5) : on(9, 6) / DAY + chance.between(0, 70);
  while (!isWorkday(day)) day++;
  return testPenetration(scene, true, day * DAY);
}

function drawMarch(scene: Scene): number[] {
  const first = on(3, 3) / DAY;
  const days = Array.from({ length: scene.chance.between(5, 8) }, (_, at) => first + at);
  probeInMarch(scene, days);
  return days;
}

function tellCredentials(scene: Scene): Told {
  const { chance } = scene;
  const actor = drawActor(scene, "A", "export");
  stealPassword(scene, actor, on(8, 10) + chance.between(0, 50 * 24) * HOUR);
  tryAntivirus(scene);
  scan(scene, [400, 401, 404]);
  const test = chance.happens(0.5)
    ? testPenetration(scene, false, on(9, 6) + 7 * chance.between(0, 9) * DAY)
    : null;
  return { actors: [actor], test, marchDays: [] };
}

function tellInsider(scene: Scene): Told {
  const { chance, cast } = scene;
  const employee = chance.pick(cast.people.slice(1, 12));
  helpOneself(scene, employee, on(10, 4) + chance.between(0, 30) * DAY);
  tryAntivirus(scene);
  scan(scene, [400, 401, 404]);
  const actor: Actor = {
    ...drawActor(scene, employee.account, "export"),
    addresses: [employee.away],
  };
  return { actors: [actor], test: null, marchDays: [] };
}

/** What every story has, the benign one too. */
function addEveryday(scene: Scene, variant: SampleVariant): void {
  const { chance } = scene;
  stormRetries(scene);
  addClearings(scene, variant);
  for (let exports = chance.between(1, 3); exports > 0; exports--) {
    let day = FIRST_DAY + chance.between(4, LAST_DAY - FIRST_DAY - 8);
    while (!isWorkday(day)) day++;
    exportLegitimately(scene, day * DAY + 9 * HOUR + chance.below(6 * HOUR));
  }
  backUp(
    scene,
    Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, at) => FIRST_DAY + at),
  );
  scene.plan.requests.sort((left, right) => left.end - right.end);
  scene.plan.steps.sort((left, right) => left.start - right.start);
}

/** In some seeds an intruder empties the Security log; in others an administrator empties System for want of space. */
function addClearings(scene: Scene, variant: SampleVariant): void {
  const { cast, chance, plan } = scene;
  if (variant === "benign" || !chance.happens(0.4)) return;
  const { account, sid } = cast.administrator;
  const byIntruder = variant === "exchange" && chance.happens(0.6);
  const minute = byIntruder
    ? on(12, 9, chance.between(0, 23), chance.between(0, 59)) + chance.between(0, 5) * DAY
    : on(10, chance.between(4, 25), chance.between(8, 15), chance.between(0, 59));
  const at = minute + chance.below(MINUTE);
  const log = byIntruder ? "Security" : "System";
  plan.clearings.push({ log, at, account, sid, by: byIntruder ? "attacker" : "administrator" });
  if (!byIntruder) {
    plan.herrings.push({
      kind: "log-cleared",
      from: at,
      to: at,
      note: "the administrator empties System to free space",
    });
  }
}

/** The moment for which the case is told: all evidence collected, all dates past. */
export function toldAt({ incident }: Pick<Story, "incident">): number {
  return Math.max(COLLECTED_AT, ...incident.map(({ at }) => at));
}

/** The first call of /powershell by an intruder that the back end answered 200; null where there is none. */
export function firstExploitation(steps: readonly Step[], actors: readonly Actor[]): Step | null {
  const intruders = new Set(actors.map(({ name }) => name));
  const executed = steps.filter(({ actor, kind }) => kind === "powershell" && intruders.has(actor));
  return executed[0] ?? null;
}

function drawStaleDays(chance: Chance): readonly [number, number] {
  const first = on(9, 1) / DAY + chance.between(0, 60);
  return [first, first + chance.between(8, 19)];
}

function drawIncident(scene: Scene, variant: SampleVariant): IncidentDate[] {
  const { chance, cast } = scene;
  const officer = chance.pick(cast.people.slice(1));
  const by = `${officer.given} ${officer.family}`;
  const suspected = on(12, chance.between(6, 10), chance.between(8, 15), chance.between(0, 59));
  const dates: IncidentDate[] = [
    {
      event: "suspected",
      at: suspected,
      by,
      note: "Several people outside the clinic report odd mails in its name.",
    },
  ];
  if (variant === "benign") return dates;
  const aware = suspected + chance.between(20, 80) * HOUR;
  dates.push({
    event: "aware",
    at: aware,
    by,
    note: "The mail server is taken to be compromised.",
  });
  const notified = aware + chance.between(20, 130) * HOUR;
  dates.push({
    event: "notified",
    at: notified,
    by,
    note: "Report to the data protection authority.",
  });
  return dates;
}
