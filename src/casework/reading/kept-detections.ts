/**
 * Detections as they are kept between reading and asking: texts that many have in common once, long values left to the record that
 * holds them whole, and of one rule no more than a limit. Refuses to lose any in silence: what is not kept is counted.
 */
import { type Detection, JOINING_FIELDS } from "../../model/detection.ts";
import type { FieldValue } from "../../model/event.ts";
import type { Flaw } from "../../model/flaw.ts";
import { isCanary, isVerdict } from "../../questions/answered/index.ts";

/** Addresses, ids of requests, states: what questions join by is shorter. A query or a command line is not. */
const KEPT_CHARS_MAX = 64;
/** A path by which records are joined is longer; Windows itself ends most of them at 260. */
const JOINED_CHARS_MAX = 1_024;
/** Of one rule in one task: a scan that hits on every line would fill the memory of a worker. */
export const OF_RULE_IN_TASK_MAX = 10_000;
/** Of one rule in a run. A finding with so many is answered as a whole or not at all. */
export const OF_RULE_IN_RUN_MAX = 50_000;

/** What is known of the matches that one rule had beyond the limit. */
interface Beyond {
  readonly first: Detection;
  count: number;
}

/** Gathers detections up to a limit for each rule. */
export class KeptDetections {
  readonly kept: Detection[] = [];
  /** All matches, kept or not. */
  total = 0;
  readonly #ofRuleMax: number;
  readonly #ofRule = new Map<string, number>();
  readonly #beyond = new Map<string, Beyond>();
  /** Records with a name of their own, by rule: another export of the same log tells them again. */
  readonly #told = new Set<string>();
  #repeated: Beyond | null = null;
  readonly #texts = new Map<string, string>();
  readonly #tags = new Map<string, readonly string[]>();

  constructor(ofRuleMax: number) {
    this.#ofRuleMax = ofRuleMax;
  }

  /** Whether a further match of this rule is only counted: asked before a detection is made of it. */
  isFull(rule: string): boolean {
    return (this.#ofRule.get(rule) ?? 0) >= this.#ofRuleMax && this.#beyond.has(rule);
  }

  /** Counts a match of a rule that is full. */
  count(rule: string): void {
    this.total++;
    const beyond = this.#beyond.get(rule);
    if (beyond !== undefined) beyond.count++;
  }

  add(detection: Detection): void {
    const { rule } = detection;
    if (this.#isRepeated(detection)) return;
    this.total++;
    const count = (this.#ofRule.get(rule) ?? 0) + 1;
    this.#ofRule.set(rule, count);
    if (count <= this.#ofRuleMax) {
      this.kept.push(this.#shared(detection));
      return;
    }
    const beyond = this.#beyond.get(rule);
    if (beyond === undefined) this.#beyond.set(rule, { first: detection, count: 1 });
    else beyond.count++;
  }

  /** One flaw for each rule that had more, and one for what was told twice: where the first stands, and how many there were. */
  flaws(): readonly Flaw[] {
    const beyond = [...this.#beyond.values()].map(({ first, count }) =>
      flawAt(
        first,
        "matches of one rule",
        `at most ${this.#ofRuleMax} to be kept`,
        `${count} more of ${first.title}`,
      ),
    );
    if (this.#repeated === null) return beyond;
    const { first, count } = this.#repeated;
    const have = `${count} in records that another export here holds too; they count once`;
    return [...beyond, flawAt(first, "matches told twice", "each record once", have)];
  }

  /** Whether another export of the same log told this match before; it is counted apart. */
  #isRepeated(detection: Detection): boolean {
    const { rule, channel, recordId } = detection;
    if (recordId === undefined) return false;
    const name = `${rule}\n${channel}\n${recordId}`;
    if (!this.#told.has(name)) {
      this.#told.add(name);
      return false;
    }
    this.#repeated ??= { first: detection, count: 0 };
    this.#repeated.count++;
    return true;
  }

  /** The detection, made of shared texts, with its short fields. */
  #shared(detection: Detection): Detection {
    const { rule, title, host, channel, tags, at, fields } = detection;
    return {
      ...detection,
      rule: this.#text(rule),
      title: this.#text(title),
      host: this.#text(host),
      channel: this.#text(channel),
      tags: this.#tagsOf(rule, tags),
      at: { ...at, file: this.#text(at.file) },
      // A verdict and a canary have only what is asked of them, within limits of their own.
      fields:
        isVerdict(detection) || isCanary(detection)
          ? fields
          : Object.fromEntries(Object.entries(fields).filter(isShort)),
    };
  }

  #text(text: string): string {
    const shared = this.#texts.get(text);
    if (shared !== undefined) return shared;
    this.#texts.set(text, text);
    return text;
  }

  #tagsOf(rule: string, tags: readonly string[]): readonly string[] {
    const shared = this.#tags.get(rule);
    if (shared !== undefined) return shared;
    this.#tags.set(rule, tags);
    return tags;
  }
}

function flawAt({ at }: Detection, what: string, need: string, have: string): Flaw {
  const place = { evidence: at.evidence, member: "", file: at.file };
  return { kind: "flaw", place, offset: at.offset, what, need, have };
}

const JOINING: ReadonlySet<string> = new Set(JOINING_FIELDS);

function isShort([name, value]: readonly [string, FieldValue]): boolean {
  const charsMax = JOINING.has(name) ? JOINED_CHARS_MAX : KEPT_CHARS_MAX;
  return typeof value === "object" ? value === null : String(value).length <= charsMax;
}
