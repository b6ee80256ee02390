/**
 * A plan over batches of events: rows find their bucket by (format, channel, event id), gates say which of its
 * rules are worth evaluating, closures decide. Buckets are built when their first row comes; there are never
 * more of them than the rules have channels and event ids, whatever the evidence holds.
 */
import type { Batch } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { type Check, Row, Slots, compile } from "./compile.ts";
import { findGates } from "./gate.ts";
import type { BoundRule, Plan } from "./plan.ts";
import { OTHER_EVENT_ID, forEventId, gatherEventIds } from "./rewrite.ts";
import type { Expression, Rule } from "./rule.ts";
import { type GramTable, Opened, buildTables, scanReading } from "./scan.ts";

/** Holds events against a plan, batch by batch. */
export interface Matcher {
  /** Calls `found` for each row and rule that match: rows in order, rules in the order of the plan. */
  match(batch: Batch, found: (row: number, rule: Rule) => void): void;
  /** What was done so far: how well the gates work is evaluations by rows. */
  readonly work: Readonly<Work>;
}

interface Work {
  rows: number;
  evaluations: number;
}

/** A matcher for a plan; it keeps buckets between batches and nothing of the events. */
export function createMatcher(plan: Plan): Matcher {
  const formats = new Map<FormatId, Channels>();
  const work: Work = { rows: 0, evaluations: 0 };
  return {
    work,
    match(batch, found) {
      let channels = formats.get(batch.format);
      if (channels === undefined) {
        channels = new Channels(
          plan.bound.filter(({ target }) => target.formats.includes(batch.format)),
        );
        formats.set(batch.format, channels);
      }
      work.rows += batch.length;
      for (let row = 0; row < batch.length; row++) {
        const bucket = channels.find(batch.channel(row)).find(batch.eventId(row));
        if (bucket !== null) work.evaluations += bucket.match(batch, row, found);
      }
    },
  };
}

/** The rules of one format, by the channels that their targets name. */
class Channels {
  readonly #rules: readonly BoundRule[];
  readonly #named = new Map<string, EventIds>();
  readonly #other: EventIds;
  #last = "";
  #lastFound: EventIds;

  constructor(rules: readonly BoundRule[]) {
    this.#rules = rules;
    for (const { target } of rules) {
      for (const channel of target.channels ?? []) {
        if (!this.#named.has(channel)) this.#named.set(channel, this.#of(channel));
      }
    }
    this.#other = this.#of(null);
    this.#lastFound = this.#other;
  }

  find(channel: string): EventIds {
    // Rows of one channel mostly follow each other.
    if (channel !== this.#last) {
      this.#last = channel;
      this.#lastFound = this.#named.get(channel.toLowerCase()) ?? this.#other;
    }
    return this.#lastFound;
  }

  /** The rules of a channel by its lower-case name; null: of every channel that no rule names. */
  #of(channel: string | null): EventIds {
    const rules = this.#rules.filter(
      ({ target }) =>
        target.channels === null || (channel !== null && target.channels.includes(channel)),
    );
    return new EventIds(rules);
  }
}

/** The rules of one channel, by event id. Ids that no rule names share one bucket. */
class EventIds {
  readonly #rules: readonly BoundRule[];
  readonly #named = new Set<number>();
  readonly #buckets = new Map<number, Bucket | null>();

  constructor(rules: readonly BoundRule[]) {
    this.#rules = rules;
    for (const { rule, target } of rules) {
      for (const id of target.eventIds ?? []) this.#named.add(id);
      gatherEventIds(rule.condition, this.#named);
    }
  }

  find(eventId: number): Bucket | null {
    const id = this.#named.has(eventId) ? eventId : OTHER_EVENT_ID;
    const known = this.#buckets.get(id);
    if (known !== undefined) return known;
    const bucket = this.#build(id);
    this.#buckets.set(id, bucket);
    return bucket;
  }

  #build(id: number): Bucket | null {
    const members = new Map<string, Member>();
    for (const { rule, target } of this.#rules) {
      if (target.eventIds !== null && !target.eventIds.includes(id)) continue;
      if (members.has(rule.id)) continue;
      const condition = forEventId(rule.condition, id);
      if (condition === false) continue;
      members.set(rule.id, { rule, condition: condition === true ? ALWAYS : condition });
    }
    return members.size === 0 ? null : new Bucket([...members.values()]);
  }
}

const ALWAYS: Expression = { kind: "and", parts: [] };

interface Member {
  readonly rule: Rule;
  readonly condition: Expression;
}

/** The rules that one kind of event can match. */
class Bucket {
  readonly #members: readonly Member[];
  readonly #slots = new Slots();
  /** Compiled when a gate opens for the first time: most rules of a bucket never are. */
  readonly #checks: (Check | undefined)[] = [];
  readonly #tables: readonly GramTable[];
  /** Rules without a gate: evaluated for every row. */
  readonly #ungated: Int32Array;
  readonly #opened: Opened;
  readonly #row: Row;

  constructor(members: readonly Member[]) {
    const gates = findGates(
      members.map(({ condition }) => condition),
      this.#slots,
    );
    this.#members = members;
    this.#tables = buildTables(gates);
    this.#ungated = Int32Array.from(gates.flatMap((gate, at) => (gate === null ? [at] : [])));
    this.#opened = new Opened(members.length);
    this.#row = new Row(this.#slots);
  }

  /** Matches one row; returns how many rules it evaluated. */
  match(batch: Batch, at: number, found: (row: number, rule: Rule) => void): number {
    const row = this.#row;
    const opened = this.#opened;
    row.moveTo(batch, at);
    opened.clear();
    for (const table of this.#tables) scanReading(table, row.reading(table.slot), opened);
    for (const rule of this.#ungated) opened.add(rule);
    opened.sort();
    for (let next = 0; next < opened.count; next++) {
      const rule = opened.rules[next] ?? 0;
      const member = this.#members[rule];
      if (member === undefined) continue;
      const check = (this.#checks[rule] ??= compile(member.condition, this.#slots));
      if (check(row)) found(at, member.rule);
    }
    return opened.count;
  }
}
