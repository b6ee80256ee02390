/**
 * The `condition` of a rule to one expression over its selections (Sigma rules specification, "Condition").
 * Refuses selections that do not exist, counts other than 1, any and all, and the retired aggregations (`|`).
 */
import { Refused } from "./refused.ts";
import { compileGlob } from "./glob.ts";
import type { Expression, Part } from "./rule.ts";
import { VALUES_MAX } from "./values.ts";

const TOKENS_MAX = 2_000;
const DEPTH_MAX = 32;
const TOKEN = /\s*([()|]|[^\s()|]+)/y;

/** Reads a condition; `line` is where it stands, for refusals. */
export function readCondition(
  text: string,
  selections: ReadonlyMap<string, Expression>,
  line: number,
): Expression {
  return new ConditionReader(tokensOf(text, line), selections, line).whole();
}

function tokensOf(text: string, line: number): string[] {
  const tokens: string[] = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const token = TOKEN.exec(trimmed)?.[1];
    if (token === undefined) break;
    if (token === "|") throw new Refused(line, "aggregation in the condition (`|`)");
    tokens.push(token);
    if (tokens.length > TOKENS_MAX) throw new Refused(line, "a condition that is too long");
  }
  return tokens;
}

/** Recursive descent, weakest first: or, and, not, x of, parentheses. */
class ConditionReader {
  readonly #tokens: readonly string[];
  readonly #selections: ReadonlyMap<string, Expression>;
  readonly #line: number;
  #at = 0;
  #depth = 0;
  #valuesLeft = VALUES_MAX;

  constructor(
    tokens: readonly string[],
    selections: ReadonlyMap<string, Expression>,
    line: number,
  ) {
    this.#tokens = tokens;
    this.#selections = selections;
    this.#line = line;
  }

  whole(): Expression {
    const expression = this.#junction("or");
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw this.#refused(`'${rest}' where the condition should end`);
    return expression;
  }

  #junction(kind: "or" | "and"): Expression {
    const part = (): Expression => (kind === "or" ? this.#junction("and") : this.#negation());
    const parts = [part()];
    while (this.#takes(kind)) parts.push(part());
    return join(kind, parts);
  }

  #negation(): Expression {
    if (!this.#takes("not")) return this.#operand();
    this.#deeper();
    const part = this.#negation();
    this.#depth--;
    return { kind: "not", part };
  }

  #operand(): Expression {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#refused("an end where a selection should stand");
    if (token === "(") {
      this.#deeper();
      const inside = this.#junction("or");
      if (!this.#takes(")")) throw this.#refused("a parenthesis that is not closed");
      this.#depth--;
      return inside;
    }
    if (this.#tokens[this.#at]?.toLowerCase() === "of") return this.#count(token);
    const selection = this.#selections.get(token);
    if (selection === undefined) throw this.#refused(`a selection that does not exist: '${token}'`);
    return this.#counted(selection);
  }

  /** `1 of x*`, `any of them`, `all of x*`. */
  #count(quantity: string): Expression {
    this.#at++;
    const pattern = this.#tokens[this.#at++];
    const kind = QUANTITIES.get(quantity.toLowerCase());
    if (kind === undefined) throw this.#refused(`'${quantity} of' (only 1, any and all)`);
    if (pattern === undefined) throw this.#refused(`'${quantity} of' without a pattern`);
    const parts = [...this.#selections]
      .filter(([name]) => isCounted(name, pattern))
      .map(([, selection]) => this.#counted(selection));
    if (parts.length === 0) throw this.#refused(`'${pattern}', which is no selection`);
    return join(kind, parts);
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== token) return false;
    this.#at++;
    return true;
  }

  #deeper(): void {
    if (++this.#depth > DEPTH_MAX) throw this.#refused(`more than ${DEPTH_MAX} levels`);
  }

  /** A selection that is named again and again is tested, and kept for every log, as often. */
  #counted(selection: Expression): Expression {
    this.#valuesLeft -= sizeOf(selection);
    if (this.#valuesLeft < 0)
      throw this.#refused(`more than ${VALUES_MAX} values, each selection as often as it is named`);
    return selection;
  }

  #refused(what: string): Refused {
    return new Refused(this.#line, `the condition has ${what}`);
  }
}

const QUANTITIES: ReadonlyMap<string, "and" | "or"> = new Map([
  ["1", "or"],
  ["any", "or"],
  ["all", "and"],
]);

/** Names that start with `_` take part only where the pattern starts with `_` as well. */
function isCounted(name: string, pattern: string): boolean {
  if (name.startsWith("_") && !pattern.startsWith("_")) return false;
  if (pattern.toLowerCase() === "them") return true;
  const parts = pattern
    .split(/(\*)/)
    .filter((piece) => piece !== "")
    .map((text): Part => (text === "*" ? { kind: "many" } : { kind: "literal", text }));
  return compileGlob(parts, true)(name);
}

/** How many values an expression compares with. */
function sizeOf(expression: Expression): number {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case "not":
      return sizeOf(expression.part);
    case "field":
      return expression.tests.length;
  }
}

/** The parts as one expression; one part stands for itself. */
export function join(kind: "and" | "or", parts: readonly Expression[]): Expression {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}
