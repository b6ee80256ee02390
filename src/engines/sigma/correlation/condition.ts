/**
 * The extended condition of temporal correlations, `rule_a and (rule_b or not rule_c)`, to a tree over the positions of its
 * rules (proposal 198 of the Sigma specification; strength as in pySigma: not, and, or). Refuses a condition that nothing meets.
 */
import { type Presence, holdsPresence } from "./correlation.ts";
import { referenceOf } from "../document.ts";
import { Refused } from "../refused.ts";

const TOKENS_MAX = 500;
const DEPTH_MAX = 32;
const TOKEN = /[()]|[^\s()]+/g;

/** Reads a condition; `rules` are the positions by name, added to where `open` (a document without a list of rules). */
export function readPresence(text: string, rules: string[], open: boolean, line: number): Presence {
  const tokens = (text.match(TOKEN) ?? []).map(referenceOf);
  if (tokens.length > TOKENS_MAX) throw new Refused(line, "a condition that is too long");
  const named = new Set<number>();
  const presence = new PresenceReader(tokens, rules, open, named, line).whole();
  const unnamed = rules.find((_, position) => !named.has(position));
  if (unnamed !== undefined)
    throw new Refused(line, `the condition leaves out the rule '${unnamed}'`);
  if (holdsPresence(presence, 0, 0))
    throw new Refused(line, "a condition that holds where nothing happens");
  return presence;
}

/** Recursive descent, weakest first: or, and, not, parentheses. */
class PresenceReader {
  readonly #tokens: readonly string[];
  readonly #rules: string[];
  readonly #open: boolean;
  readonly #named: Set<number>;
  readonly #line: number;
  #at = 0;
  #depth = 0;

  constructor(
    tokens: readonly string[],
    rules: string[],
    open: boolean,
    named: Set<number>,
    line: number,
  ) {
    this.#tokens = tokens;
    this.#rules = rules;
    this.#open = open;
    this.#named = named;
    this.#line = line;
  }

  whole(): Presence {
    const presence = this.#junction("or");
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw this.#refused(`'${rest}' where it should end`);
    return presence;
  }

  #junction(kind: "or" | "and"): Presence {
    const part = (): Presence => (kind === "or" ? this.#junction("and") : this.#negation());
    const first = part();
    const parts = [first];
    while (this.#takes(kind)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  #negation(): Presence {
    if (!this.#takes("not")) return this.#operand();
    this.#deeper();
    const part = this.#negation();
    this.#depth--;
    return { kind: "not", part };
  }

  #operand(): Presence {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#refused("an end that comes too early");
    if (token !== "(") return { kind: "rule", position: this.#positionOf(token) };
    this.#deeper();
    const inside = this.#junction("or");
    if (!this.#takes(")")) throw this.#refused("a parenthesis that is not closed");
    this.#depth--;
    return inside;
  }

  #positionOf(name: string): number {
    if (/^(?:and|or|not|\))$/i.test(name))
      throw this.#refused(`'${name}' where a rule should stand`);
    let position = this.#rules.indexOf(name);
    if (position < 0) {
      if (!this.#open) throw this.#refused(`a rule that \`rules\` does not name: '${name}'`);
      position = this.#rules.push(name) - 1;
    }
    this.#named.add(position);
    return position;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== token) return false;
    this.#at++;
    return true;
  }

  #deeper(): void {
    if (++this.#depth > DEPTH_MAX) throw this.#refused("parentheses that are nested too deeply");
  }

  #refused(what: string): Refused {
    return new Refused(this.#line, `the condition has ${what}`);
  }
}
