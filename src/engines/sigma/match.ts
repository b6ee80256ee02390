/**
 * A plan over batches of events: rows find their bucket by (format, channel, event id), gates say which of its
 * rules are worth evaluating, closures decide. Buckets are built when their first row comes; there are never
 * more of them than the rules have channels and event ids, whatever the evidence holds.
 */
import type { Batch } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { type Check, Row, Slots, compile } from "./compile.ts";
import { FoldedText } from "./folded-text.ts";
import { GateFinder } from "./gate.ts";
import type { BoundRule, Plan } from "./plan.ts";
import { Prefilter } from "./prefilter.ts";
import { OTHER_EVENT_ID, forEventId, gatherEventIds } from "./rewrite.ts";
import type { Expression, Rule } from "./rule.ts";

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
  const tools = new Tools();
  const work: Work = { rows: 0, evaluations: 0 };
  return {
    work,
    match(batch, found) {
      let channels = formats.get(batch.format);
      if (channels === undefined) {
        channels = new Channels(
          plan.bound.filter(({ target }) => target.formats.includes(batch.format)),
          tools,
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

/** What all buckets of a matcher share: what is true of a field or a test is found once, and one row is under test at a time. */
class Tools {
  readonly slots = new Slots();
  readonly gates = new GateFinder(this.slots);
  readonly row = new Row(this.slots);
  readonly text = new FoldedText();
}

/** The rules of one format, by the channels that their targets name. */
class Channels {
  readonly #rules: readonly BoundRule[];
  readonly #tools: Tools;
  readonly #named = new Map<string, EventIds>();
  readonly #other: EventIds;
  #last = "";
  #lastFound: EventIds;

  constructor(rules: readonly BoundRule[], tools: Tools) {
    this.#rules = rules;
    this.#tools = tools;
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
    return new EventIds(rules, this.#tools);
  }
}

/** The rules of one channel, by event id. Ids that no rule names share one bucket. */
class EventIds {
  readonly #rules: readonly BoundRule[];
  readonly #tools: Tools;
  readonly #named = new Set<number>();
  readonly #buckets = new Map<number, Bucket | null>();

  constructor(rules: readonly BoundRule[], tools: Tools) {
    this.#rules = rules;
    this.#tools = tools;
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
    return members.size === 0 ? null : new Bucket([...members.values()], this.#tools);
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
  readonly #tools: Tools;
  /** Compiled when a gate opens for the first time: most rules of a bucket never are. */
  readonly #checks: (Check | undefined)[] = [];
  readonly #prefilter: Prefilter;

  constructor(members: readonly Member[], tools: Tools) {
    const gates = tools.gates.find(members.map(({ condition }) => condition));
    this.#members = members;
    this.#tools = tools;
    this.#prefilter = new Prefilter(gates, tools.slots, tools.text);
  }

  /** Matches one row; returns how many rules it evaluated. */
  match(batch: Batch, at: number, found: (row: number, rule: Rule) => void): number {
    const { row, slots } = this.#tools;
    row.moveTo(batch, at);
    const { rules, count } = this.#prefilter.open(row);
    for (let next = 0; next < count; next++) {
      const rule = rules[next] ?? 0;
      const member = this.#members[rule];
      if (member === undefined) continue;
      const check = (this.#checks[rule] ??= compile(member.condition, slots));
      if (check(row)) found(at, member.rule);
    }
    return count;
  }
}
