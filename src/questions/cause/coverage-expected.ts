/**
 * The evidence that a responder would expect of a host and that is not here. What to expect is data
 * (knowledge/expected-evidence.json); whether it is here is judged by coverage alone.
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../base/knowledge.ts";
import { byCodeUnits } from "../../base/text.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { Expected, SourceCoverage } from "../../model/coverage.ts";
import { FORMAT_IDS } from "../../model/evidence.ts";
import { isComputer, type Role, rolesOf } from "./coverage-roles.ts";

const ENTRY = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  what: z.string().min(1),
  /** Roles of hosts that have it; `any` stands for every host. */
  roles: z.array(z.string().min(1)).min(1),
  /** Logs that are this evidence; none where this version has no reader for it. */
  seenIn: z.array(
    z.strictObject({
      formats: z.array(z.enum(FORMAT_IDS)).min(1),
      channels: z.array(z.string().min(1)).min(1),
    }),
  ),
  /** false: no such record exists at all; it is named so that nobody waits for it. */
  obtainable: z.boolean(),
  why: z.string().min(1),
  where: z.string().min(1),
  reach: z.string().min(1),
  source: z.string().min(1),
  /** documented: a public source says so; practice: responders say so. */
  confidence: z.enum(["documented", "practice"]),
  asOf: z.iso.date(),
});

const KNOWLEDGE = z.strictObject({ about: z.string(), entries: z.array(ENTRY).min(1) });

/** One kind of evidence: which hosts have it, what it would decide, where it lies, how far it reaches back. */
export type ExpectedEntry = Readonly<z.infer<typeof ENTRY>>;

/** All that is expected, as knowledge/expected-evidence.json holds it. */
export interface ExpectedKnowledge {
  readonly entries: readonly ExpectedEntry[];
}

/** More hosts than this have no list of their own: a forged export can name millions. */
export const EXPECTING_HOSTS_MAX = 200;

const FILE = "expected-evidence.json";

/** Checks the knowledge file. Fault: knowledge-invalid, naming the field. */
export function parseExpectedEvidence(json: unknown): ExpectedKnowledge {
  const { entries } = checkKnowledge(FILE, KNOWLEDGE, json);
  const ids = entries.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw knowledgeFault(FILE, `the id ${twice} stands twice`);
  return { entries };
}

/**
 * What is expected and absent, by host. `hosts` are those of the case file, `answersAsExchange` tells of a host
 * (by its one name) whether its web log does; sources carry the hosts' one names.
 */
export function expectedOf(
  knowledge: ExpectedKnowledge,
  hosts: readonly CaseHost[],
  sources: readonly SourceCoverage[],
  answersAsExchange: (host: string) => boolean,
): readonly Expected[] {
  const names = new Set([...hosts.map(({ name }) => name), ...sources.map(({ host }) => host)]);
  return [...names]
    .sort(byCodeUnits)
    .slice(0, EXPECTING_HOSTS_MAX)
    .flatMap((host) => {
      const stated = hosts.find(({ name }) => name === host);
      const own = sources.filter((source) => source.host === host);
      const roles = rolesOf(stated, own, answersAsExchange(host));
      return knowledge.entries.flatMap((entry) => {
        const role = roles.find((candidate) => entry.roles.includes(candidate.role));
        const expects =
          role !== undefined || (entry.roles.includes("any") && isComputer(stated, own));
        if (!expects || own.some((source) => isSeenIn(entry, source))) return [];
        return [{ id: entry.id, host, what: entry.what, why: whyAbsent(entry, role, own) }];
      });
    });
}

/** Whether a source is this kind of evidence. */
export function isSeenIn(entry: ExpectedEntry, source: SourceCoverage): boolean {
  const channel = source.channel.toLowerCase();
  return entry.seenIn.some(
    ({ formats, channels }) =>
      formats.includes(source.format) && channels.some((name) => name.toLowerCase() === channel),
  );
}

function whyAbsent(
  entry: ExpectedEntry,
  role: Role | undefined,
  sources: readonly SourceCoverage[],
): string {
  const sentences = [entry.why, entry.where, entry.reach];
  const unnamed = sources.some(
    ({ format, channel }) =>
      channel === "" && entry.seenIn.some(({ formats }) => formats.includes(format)),
  );
  if (unnamed)
    sentences.push("It may be among the records of this host whose file names no site or log.");
  if (entry.seenIn.length === 0 && entry.obtainable)
    sentences.push("This version has no reader for it: handed in, it is kept sealed and unread.");
  if (role !== undefined && role.inferredFrom !== null)
    sentences.push(
      `That this host has the role ${role.role} is inferred from ${role.inferredFrom}.`,
    );
  return sentences.join(" ");
}
