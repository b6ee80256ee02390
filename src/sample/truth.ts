/** truth.json: what happened, for whoever scores an answer. Nothing in the program may read it. */
import { utf8 } from "../base/bytes.ts";
import type { MadeFile } from "../model/sample.ts";
import { SECOND, ZONE, dateOf, dayOf, isoOf } from "./calendar.ts";
import {
  claimedAndMissing,
  daysWithoutUpdate,
  outsideClaims,
  providerClaims,
  unclaimedAndMissing,
} from "./claims.ts";
import { journalDay, persistenceOf } from "./disk.ts";
import { firstRecordAt } from "./event-logs.ts";
import type { SecurityUpdate } from "./exchange-build.ts";
import { isMissing, type SampleGap } from "./gaps.ts";
import { buildTruth } from "./inventory.ts";
import { madeFile } from "./made-file.ts";
import type { Shell, Step } from "./plan.ts";
import { sha1Of } from "./protection-log.ts";
import { firstExploitation, toldAt, type Story } from "./story.ts";
import { tenantTruth } from "./tenant.ts";

/** The truth about a story, as one JSON file. */
export function makeTruth(story: Story): MadeFile {
  return madeFile("truth.json", () => [utf8(`${JSON.stringify(truthOf(story), null, 1)}\n`)]);
}

function truthOf(story: Story) {
  const { plan, cast, gaps } = story;
  const intruders = new Set(story.actors.map(({ name }) => name));
  const attack = plan.steps.filter(({ actor }) => intruders.has(actor));
  const first = firstExploitation(plan.steps, story.actors);
  const visible = firstExploitation(
    plan.steps.filter((step) => isKept(story, step)),
    story.actors,
  );
  const used = attack.filter(({ rung }) => rung === "used");
  return {
    synthetic: true,
    seed: story.seed,
    size: story.size,
    variant: story.variant,
    clinic: cast.clinic,
    exchange_build: cast.build,
    finding_expected: story.variant !== "benign",
    /** The logged second minus time-taken: a reader can know it no better than to the second. */
    first_exploitation: isoOrNull(first),
    first_exploitation_visible: isoOrNull(visible),
    first_exploitation_hidden_by: first !== null && first !== visible ? story.gaps.hiding : null,
    first_sign: isoOrNull(attack[0] ?? null),
    first_use: isoOrNull(used[0] ?? null),
    actors: story.actors.map((actor) => ({
      name: actor.name,
      addresses: actor.addresses,
      agent: actor.agent,
      ...(story.variant === "exchange"
        ? { mark: actor.spelling.mark, technique: actor.technique }
        : {}),
    })),
    steps: attack.map((step) => stepTruth(story, step)),
    others: plan.steps
      .filter(({ actor }) => !intruders.has(actor))
      .map((step) => stepTruth(story, step)),
    shells: plan.shells.filter(({ actor }) => intruders.has(actor)).map(shellTruth),
    test_shells: plan.shells.filter(({ actor }) => !intruders.has(actor)).map(shellTruth),
    defender: defenderTruth(story),
    red_herrings: plan.herrings.map((herring) => ({
      ...herring,
      from: isoOf(herring.from),
      to: isoOf(herring.to),
    })),
    test:
      story.test === null
        ? null
        : { ...story.test, from: isoOf(story.test.from), to: isoOf(story.test.to) },
    gaps: gaps.list.map((gap) => gapTruth(story, gap)),
    clearings: plan.clearings.map((clearing) => ({ ...clearing, at: isoOf(clearing.at) })),
    restarts: gaps.downtimes.map(({ from, to }) => ({ from: isoOf(from), to: isoOf(to) })),
    clock: { host: cast.webServer.name, ahead_ms: gaps.skewMillis, stated: gaps.skewStated },
    local_time: { folder: "MX1/local-time", zone: ZONE, days: gaps.localDays.map(dateOf) },
    march_days: gaps.marchDays.map(dateOf),
    exchange_logs: exchangeLogsTruth(story),
    patches: patchesTruth(story),
    mails: story.oddMails.map(({ file, origin, at, messageId, mailbox, letter }) => ({
      file,
      origin,
      at: isoOf(at),
      message_id: messageId,
      mailbox,
      tracked: letter !== null,
    })),
    persistence: persistenceTruth(story),
    journal_from: dateOf(journalDay()),
    tenant: tenantTruth(story),
    incident: story.incident.map((entry) => ({ ...entry, at: isoOf(entry.at) })),
  };
}

/** Exchange's own logs: which days are there, and whose clock is off. */
function exchangeLogsTruth({ keeping }: Story) {
  const { days, savedDays, collectorSkewMillis } = keeping;
  return {
    days: days.map(dateOf),
    saved: { folder: "MX1/saved", days: savedDays.map(dateOf) },
    http_proxy_clock: {
      folder: collectorSkewMillis === 0 ? null : "MX1/collector",
      ahead_ms: collectorSkewMillis,
      stated: false,
    },
  };
}

/** What was installed when, what is missing on the day for which the case is told, claimed or not, and what was claimed. */
function patchesTruth(story: Story) {
  const asOf = dayOf(toldAt(story));
  const lacked = ({ kb, rating, releasedAt }: SecurityUpdate) => ({
    kb,
    rating,
    released: dateOf(dayOf(releasedAt)),
    days_exposed: asOf - dayOf(releasedAt),
  });
  return {
    ...buildTruth(story),
    as_of: dateOf(asOf),
    missing: claimedAndMissing(story).map(lacked),
    missing_unclaimed: unclaimedAndMissing(story).map(lacked),
    days_without_update: daysWithoutUpdate(story),
    claimed_by_provider: providerClaims(story),
    claimed_from_outside: outsideClaims(story),
  };
}

function persistenceTruth(story: Story) {
  const persistence = persistenceOf(story);
  if (persistence === null) return null;
  const { registeredAt, ...task } = persistence;
  return { ...task, registered: isoOf(registeredAt) };
}

function isoOrNull(step: Step | null): string | null {
  return step === null ? null : isoOf(step.start);
}

/** Whether the log line of a step is in the evidence. */
function isKept(story: Story, step: Step): boolean {
  if (step.site === "management") return step.logged >= story.gaps.managementFrom;
  return !isMissing(story.gaps, step.site, dayOf(step.logged));
}

function stepTruth(story: Story, step: Step) {
  const { start, logged, requestId, ...rest } = step;
  return {
    time: isoOf(start),
    logged: isoOf(logged),
    ...rest,
    request_id: requestId,
    kept: isKept(story, step),
  };
}

/** A log that rolled over or was cleared begins with its first record, not with the instant that was drawn. */
function gapTruth(story: Story, gap: SampleGap) {
  const to = firstRecordAt(story, gap.source) ?? gap.to;
  return { ...gap, from: isoOf(gap.from), to: isoOf(to) };
}

function shellTruth(shell: Shell) {
  return {
    actor: shell.actor,
    url: shell.url,
    file: shell.file,
    written: isoOf(shell.writtenAt),
    dropped_by: shell.droppedBy,
    first_answer: shell.firstAnswer === null ? null : isoOf(shell.firstAnswer),
  };
}

function defenderTruth(story: Story) {
  const files = new Map<
    string,
    {
      path: string;
      threat: string;
      kind: string;
      actor: string;
      first: string;
      process: string;
      sha1: string;
    }
  >();
  const verdicts = [...story.plan.verdicts].sort((left, right) => left.at - right.at);
  for (const { paths, kinds, threat, actor, at, process } of verdicts) {
    for (const [index, path] of paths.entries()) {
      const key = `${path}\n${threat}`;
      const kind = kinds[index] ?? "tool";
      const sha1 = sha1Of(path, threat);
      const first = isoOf(at);
      if (!files.has(key)) files.set(key, { path, threat, kind, actor, first, process, sha1 });
    }
  }
  const all = [...files.values()];
  const { staleDays: stale } = story;
  const failed = verdicts.filter((verdict) => verdict.failed);
  return {
    files: all.filter(({ kind }) => kind !== "test-file"),
    test_files: all.filter(({ kind }) => kind === "test-file"),
    failed_actions: failed.map(({ paths, threat, at }) => ({
      paths,
      threat,
      at: isoOf(Math.floor(at / SECOND) * SECOND),
    })),
    stale_signatures:
      stale === null ? null : { first_day: dateOf(stale[0]), last_day: dateOf(stale[1]) },
  };
}
