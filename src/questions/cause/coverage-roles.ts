/**
 * What a host is, where the case file does not say: told from its evidence, and always said as inferred.
 * Refuses to infer from what was only asked of a server: a scan for /owa on a web server proves nothing.
 */
import { list, spell } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { SourceCoverage } from "../../model/coverage.ts";
import type { Batch } from "../../model/event.ts";
import { NOT_OF_A_HOST } from "../../model/evidence.ts";

/** A role and, where the case file does not state it, what it was inferred from. */
export interface Role {
  readonly role: string;
  readonly inferredFrom: string | null;
}

/** Exchange's virtual directories, as Exchange 2013 to 2019 lay them out. */
const EXCHANGE_PATH =
  /^\/(owa|ecp|ews|autodiscover|mapi|rpc|oab|powershell|microsoft-server-activesync)(\/|$)/i;
/** So many of them must have answered. */
const PATHS_MIN = 2;
/** Rows looked at in each run of rows: its first ones, then one in every so many. */
const SAMPLED_FIRST = 32;
const SAMPLED_STEP = 4096;

const EXCHANGE_CHANNEL = /^(MSExchange|Microsoft-Exchange)/i;
const CONTROLLER_CHANNEL = /^(Directory Service|DFS Replication|Active Directory Web Services)$/i;

/** Whether the host is a computer with logs of its own, as far as the case file or its evidence tells. */
export function isComputer(
  stated: CaseHost | undefined,
  sources: readonly SourceCoverage[],
): boolean {
  if (stated !== undefined) return !stated.roles.includes("m365");
  return sources.some(({ format }) => !NOT_OF_A_HOST.has(format));
}

/** The Exchange directories that answered 200 or 401 in web logs, by host as the log names it. */
export class ExchangeAnswers {
  readonly #byHost = new Map<string, Set<string>>();

  /** Looks at a sample of rows [from, to) of a web log. */
  look(batch: Batch, host: string, from: number, to: number): void {
    const seen = this.#byHost.get(host) ?? new Set<string>();
    if (seen.size >= PATHS_MIN) return;
    for (let row = from; row < to; row += row < from + SAMPLED_FIRST ? 1 : SAMPLED_STEP) {
      const stem = batch.field(row, "cs-uri-stem");
      const directory = typeof stem === "string" ? EXCHANGE_PATH.exec(stem)?.[1] : undefined;
      if (directory === undefined) continue;
      const status = batch.field(row, "sc-status");
      if (status === 200 || status === 401) seen.add(directory.toLowerCase());
    }
    if (seen.size > 0) this.#byHost.set(host, seen);
  }

  /** What was seen, to be given to absorb(), here or in another thread. */
  state(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#byHost;
  }

  /** Takes over what was seen elsewhere. */
  absorb(state: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [host, seen] of state)
      this.#byHost.set(host, new Set([...(this.#byHost.get(host) ?? []), ...seen]));
  }

  /** Hosts whose web logs answer as Exchange does. */
  hosts(): string[] {
    return [...this.#byHost].filter(([, seen]) => seen.size >= PATHS_MIN).map(([host]) => host);
  }
}

function isExchangeFormat(format: string): boolean {
  return format === "exchange" || format === "exchange-setup";
}

function isTenantFormat(format: string): boolean {
  return format === "m365";
}

/** The roles of one host: those stated, or those that its evidence shows. */
export function rolesOf(
  stated: CaseHost | undefined,
  sources: readonly SourceCoverage[],
  answersAsExchange: boolean,
): Role[] {
  if (stated !== undefined && stated.roles.length > 0)
    return stated.roles.map((role) => ({ role, inferredFrom: null }));
  const roles: Role[] = [];
  const channels = (pattern: RegExp) =>
    sources.filter(({ channel }) => pattern.test(channel)).map(({ channel }) => spell(channel));
  const exchange = [
    ...channels(EXCHANGE_CHANNEL),
    ...sources
      .filter(({ format }) => isExchangeFormat(format))
      .map(({ channel }) => spell(channel)),
  ];
  if (exchange.length > 0) roles.push({ role: "exchange", inferredFrom: logsNamed(exchange) });
  else if (answersAsExchange)
    roles.push({
      role: "exchange",
      inferredFrom: "its web log, where several of Exchange's directories answer",
    });
  const controller = channels(CONTROLLER_CHANNEL);
  if (controller.length > 0)
    roles.push({ role: "domain-controller", inferredFrom: logsNamed(controller) });
  const tenant = sources.filter(({ format }) => isTenantFormat(format));
  if (tenant.length > 0)
    roles.push({
      role: "m365",
      inferredFrom: logsNamed(tenant.map(({ channel }) => spell(channel))),
    });
  return roles;
}

function logsNamed(channels: readonly string[]): string {
  return `its ${channels.length === 1 ? "log" : "logs"} ${list(channels.slice(0, 3))}`;
}
