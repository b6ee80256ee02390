/**
 * Correlations held against the rules that run: what each refers to, in which order they are computed, what their base detections
 * must carry, and who shows detections. Refuses references to nothing, to two, to what is refused, and to itself.
 */
import {
  type Correlation,
  type Presence,
  type WindowTest,
  holdsPresence,
  isWithinBounds,
  onlyGrows,
} from "./correlation.ts";
import type { Refusal, Rule } from "../rule.ts";

/** A correlation may refer to correlations, so many deep. */
const DEPTH_MAX = 8;
/** So far down references are followed at all. */
const CHAIN_MAX = 200;

/** The correlations that run. */
export interface CorrelationPlan {
  /** What one refers to stands before it. */
  readonly correlations: readonly PlannedCorrelation[];
  /** Ids of the rules that correlations read, and the fields that they ask for, by the rules' own names. */
  readonly fed: ReadonlyMap<string, readonly string[]>;
  /** Ids of the rules and correlations that are only there for other correlations: they show no detections of their own. */
  readonly hidden: ReadonlySet<string>;
}

/** Where no correlation runs. */
export const NO_CORRELATIONS: CorrelationPlan = {
  correlations: [],
  fed: new Map(),
  hidden: new Set(),
};

/** A correlation and what its rules are. */
export interface PlannedCorrelation {
  readonly correlation: Correlation;
  /** By position; null: a rule that has nothing here to run on. */
  readonly sources: readonly (CorrelationSource | null)[];
  /** By position: what its names of fields mean there, where an alias says so. */
  readonly aliases: readonly ReadonlyMap<string, string>[];
}

/** What one of the rules of a correlation is. */
export type CorrelationSource =
  | { readonly kind: "rule"; readonly id: string }
  /** The place of the correlation in the plan. */
  | { readonly kind: "correlation"; readonly at: number };

/** How a document stands, as far as others refer to it. */
export type Standing =
  | { readonly state: "run" }
  | { readonly state: "refused" | "not-applicable"; readonly reason: string };

/** The plan, and how each correlation stands, by its id. */
export interface PlannedCorrelations {
  readonly plan: CorrelationPlan;
  readonly standings: ReadonlyMap<string, Standing>;
}

/** A name of a correlation's field in the events of the rule at a position. */
export function fieldAt({ aliases }: PlannedCorrelation, position: number, name: string): string {
  return aliases[position]?.get(name) ?? name;
}

/** Plans all correlations of a rule set. `standings`: of the rules, by their ids. */
export function planCorrelations(
  correlations: readonly Correlation[],
  rules: readonly Rule[],
  refusals: readonly Refusal[],
  standings: ReadonlyMap<string, { readonly state: string }>,
): PlannedCorrelations {
  const planner = new Planner([...rules, ...correlations], refusals, standings);
  for (const correlation of correlations) planner.place(correlation, []);
  return planner.finish();
}

type Referred = Rule | Correlation;

/** Why a correlation does not run, on its way to its account. */
class NotRun extends Error {
  readonly standing: Standing & { readonly reason: string };

  constructor(state: "refused" | "not-applicable", reason: string) {
    super(reason);
    this.name = "NotRun";
    this.standing = { state, reason };
  }
}

/** Tags by which questions find detections: to be silent about those would be to answer without them. */
const READ_ELSEWHERE = /^breakwater\./i;

function tooDeep(): NotRun {
  return new NotRun("refused", `correlations of correlations more than ${DEPTH_MAX} deep`);
}

class Planner {
  readonly #byId: ReadonlyMap<string, Referred>;
  readonly #byName: ReadonlyMap<string, readonly Referred[]>;
  readonly #refusals: readonly Refusal[];
  readonly #ruleStandings: ReadonlyMap<string, { readonly state: string }>;
  readonly #standings = new Map<string, Standing>();
  readonly #planned: PlannedCorrelation[] = [];
  readonly #places = new Map<string, number>();
  readonly #depths = new Map<string, number>();

  constructor(
    documents: readonly Referred[],
    refusals: readonly Refusal[],
    ruleStandings: ReadonlyMap<string, { readonly state: string }>,
  ) {
    this.#byId = new Map(documents.map((document) => [document.id, document]));
    this.#byName = Map.groupBy(
      documents.filter(({ name }) => name !== null),
      ({ name }) => name ?? "",
    );
    this.#refusals = refusals;
    this.#ruleStandings = ruleStandings;
  }

  /** Plans a correlation after all that it refers to; `above`: those that refer to it. */
  place(correlation: Correlation, above: readonly Correlation[]): Standing {
    const known = this.#standings.get(correlation.id);
    if (known !== undefined) return known;
    let standing: Standing = { state: "run" };
    try {
      this.#plan(correlation, above);
    } catch (error) {
      if (!(error instanceof NotRun)) throw error;
      standing = error.standing;
    }
    // In a circle the first word stays: whoever is asked first finds it.
    const settled = this.#standings.get(correlation.id) ?? standing;
    this.#standings.set(correlation.id, settled);
    return settled;
  }

  #plan(correlation: Correlation, above: readonly Correlation[]): void {
    const chain = [...above, correlation];
    if (above.includes(correlation)) {
      const titles = chain.slice(above.indexOf(correlation)).map(({ title }) => `'${title}'`);
      throw new NotRun("refused", `a correlation that refers to itself: ${titles.join(" to ")}`);
    }
    if (chain.length > CHAIN_MAX) throw tooDeep();
    const referred = correlation.rules.map((name) => this.#find(correlation, name));
    const twice = referred.find((one, position) => referred.indexOf(one) !== position);
    if (twice !== undefined)
      throw new NotRun("refused", `it refers to '${twice.title}' by two names`);
    const sources = referred.map((one, position) =>
      this.#sourceOf(one, correlation.rules[position] ?? "", chain),
    );
    const depth = 1 + Math.max(0, ...referred.map(({ id }) => this.#depths.get(id) ?? 0));
    if (depth > DEPTH_MAX) throw tooDeep();
    const missing = correlation.rules.find((_, position) => sources[position] === null);
    if (missing !== undefined && !canHold(correlation.test, sources))
      throw new NotRun("not-applicable", `its rule '${missing}' is not applicable here`);
    this.#depths.set(correlation.id, depth);
    this.#places.set(correlation.id, this.#planned.length);
    this.#planned.push({ correlation, sources, aliases: this.#aliasesOf(correlation, referred) });
  }

  #sourceOf(one: Referred, name: string, chain: readonly Correlation[]): CorrelationSource | null {
    const standing = one.kind === "rule" ? this.#ruleStandings.get(one.id) : this.place(one, chain);
    if (standing?.state === "not-applicable") return null;
    if (standing?.state !== "run")
      throw new NotRun("refused", `it refers to '${name}', which is refused`);
    return one.kind === "rule"
      ? { kind: "rule", id: one.id }
      : { kind: "correlation", at: this.#places.get(one.id) ?? -1 };
  }

  /** By id; by a name of the same file; by a name that only one document has. */
  #find({ file }: Correlation, name: string): Referred {
    const byId = this.#byId.get(name);
    if (byId !== undefined) return byId;
    const named = this.#byName.get(name) ?? [];
    const near = named.filter((one) => one.file === file);
    const [only, second] = near.length > 0 ? near : named;
    if (only === undefined) {
      const refused = this.#refusals.some(({ id }) => id === name);
      const what = refused ? "which is refused" : "and no rule here has this id or name";
      throw new NotRun("refused", `it refers to '${name}', ${what}`);
    }
    if (second !== undefined)
      throw new NotRun("refused", `it refers to '${name}', which several rules are called`);
    return only;
  }

  #aliasesOf(
    correlation: Correlation,
    referred: readonly Referred[],
  ): readonly ReadonlyMap<string, string>[] {
    const aliases = referred.map(() => new Map<string, string>());
    for (const [alias, fields] of correlation.aliases) {
      for (const [name, field] of fields) {
        const position = referred.indexOf(this.#find(correlation, name));
        if (position < 0)
          throw new NotRun(
            "refused",
            `the alias '${alias}' names '${name}', which is none of its rules`,
          );
        aliases[position]?.set(alias, field);
      }
    }
    return aliases;
  }

  finish(): PlannedCorrelations {
    const correlations = this.#planned;
    const fed = new Map<string, Set<string>>();
    const hidden = new Set<string>();
    const shown = new Set<string>();
    for (const planned of correlations) {
      const { correlation, sources } = planned;
      for (const source of sources) {
        if (source === null) continue;
        const id = source.kind === "rule" ? source.id : idAt(correlations, source.at);
        (correlation.generate ? shown : hidden).add(id);
        if (source.kind === "rule" && !fed.has(id)) fed.set(id, new Set());
      }
      for (const name of [...correlation.groupBy, ...fieldsOfTest(correlation.test)])
        askFor(planned, name, correlations, fed);
    }
    for (const id of shown) hidden.delete(id);
    for (const { id, tags } of this.#byId.values())
      if (tags.some((tag) => READ_ELSEWHERE.test(tag))) hidden.delete(id);
    return {
      plan: {
        correlations,
        fed: new Map([...fed].map(([id, fields]) => [id, [...fields]])),
        hidden,
      },
      standings: this.#standings,
    };
  }
}

function idAt(correlations: readonly PlannedCorrelation[], at: number): string {
  return correlations[at]?.correlation.id ?? "";
}

/** Notes a field with every rule that it is read from, through correlations that have no such group. */
function askFor(
  planned: PlannedCorrelation,
  name: string,
  correlations: readonly PlannedCorrelation[],
  fed: ReadonlyMap<string, Set<string>>,
): void {
  planned.sources.forEach((source, position) => {
    const field = fieldAt(planned, position, name);
    if (source?.kind === "rule") fed.get(source.id)?.add(field);
    const below = source?.kind === "correlation" ? correlations[source.at] : undefined;
    if (below !== undefined && !below.correlation.groupBy.includes(field))
      askFor(below, field, correlations, fed);
  });
}

/** The fields that a test reads. */
export function fieldsOfTest(test: WindowTest): readonly string[] {
  switch (test.kind) {
    case "value-count":
      return test.fields;
    case "amount":
      return [test.field];
    case "event-count":
    case "rule-count":
    case "presence":
      return [];
  }
}

/** Whether a correlation says what it means although some of its rules have nothing here to run on: none of them is then missed. */
function canHold(test: WindowTest, sources: readonly (CorrelationSource | null)[]): boolean {
  const there = sources.filter((source) => source !== null).length;
  if (there === 0 || !onlyGrows(test)) return false;
  switch (test.kind) {
    case "event-count":
    case "value-count":
    case "amount":
      return true;
    case "rule-count":
      return isWithinBounds(test.bounds, there);
    case "presence":
      return holds(test.condition, sources);
  }
}

function holds(condition: Presence, sources: readonly (CorrelationSource | null)[]): boolean {
  const mask = sources.reduce((bits, source, at) => (source === null ? bits : bits | (1 << at)), 0);
  return holdsPresence(condition, mask, mask);
}
