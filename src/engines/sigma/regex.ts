/**
 * Regular expressions of rules, on an engine that is linear in the text whatever the pattern (re2js, a port of RE2; its
 * syntax is github.com/google/re2/wiki/Syntax). Refuses by name what such an engine cannot do, and patterns that grow too large.
 */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";
import type { TextMatch } from "./glob.ts";
import type { RegexTest } from "./rule.ts";

const PATTERN_CHARS_MAX = 1_000;
/** Steps of the compiled pattern. On the worst text each character costs as many: 64 KB then took 0.2 s. */
const PROGRAM_STEPS_MAX = 2_000;
/** What one pattern may keep of its automaton, however many states a text drives it through. */
const AUTOMATON_BYTES_MAX = 1 << 20;

/** What other engines know and a linear one cannot do, or reads in another way; `refuse` is what stands in the pattern. */
const FOREIGN: readonly { readonly refuse: RegExp; readonly what: string }[] = [
  { refuse: /^\(\?[=!]/, what: "look-ahead" },
  { refuse: /^\(\?<[=!]/, what: "look-behind" },
  { refuse: /^(?:\\[1-9]|\\[kg]|\(\?P[=>])/, what: "a back-reference" },
  { refuse: /^\(\?>/, what: "an atomic group" },
  { refuse: /^(?:[*+?]|\{\d+(?:,\d*)?\})\+/, what: "a possessive quantifier" },
  { refuse: /^\(\?\(/, what: "a conditional group" },
  // An error elsewhere; re2js repeats what stands before the flags.
  { refuse: /^\(\?[a-zA-Z-]+\)(?:[*+?]|\{\d)/, what: "flags that are repeated" },
  // At most so many in Python and newer PCRE, these very characters in RE2.
  { refuse: /^\{,\d+\}/, what: "`{,n}`, which is `{0,n}`" },
  // Any vertical space elsewhere, one control character in RE2.
  { refuse: /^\\v/, what: "`\\v`" },
];

/** Why a pattern cannot run; null where it can. */
export function findRegexTrouble(test: RegexTest): string | null {
  const { pattern } = test;
  if (pattern.length > PATTERN_CHARS_MAX)
    return `has a pattern of more than ${PATTERN_CHARS_MAX} characters`;
  const foreign = findForeign(pattern);
  if (foreign !== null) return `has ${foreign}`;
  try {
    const steps = toRe2(test).matcher("").programSize();
    return steps > PROGRAM_STEPS_MAX
      ? `has a pattern of ${steps} steps, more than ${PROGRAM_STEPS_MAX}`
      : null;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException)
      return `has ${error.getDescription()}: ${error.getPattern() ?? pattern}`;
    if (error instanceof RE2JSException) return `has a pattern that does not compile`;
    throw error;
  }
}

/** The first thing in the pattern that belongs to another engine; null where there is none. */
function findForeign(pattern: string): string | null {
  for (let at = 0; at < pattern.length; at = afterPiece(pattern, at)) {
    const rest = pattern.slice(at);
    const found = FOREIGN.find(({ refuse }) => refuse.test(rest));
    if (found !== undefined) return found.what;
  }
  return null;
}

/** Behind the escape, the class or the character that starts here. */
export function afterPiece(pattern: string, at: number): number {
  const char = pattern[at];
  if (char === "\\") return at + 2;
  if (char !== "[") return at + 1;
  // A bracket that stands first belongs to the class.
  let next = pattern[at + 1] === "^" ? at + 2 : at + 1;
  if (pattern[next] === "]") next++;
  while (next < pattern.length && pattern[next] !== "]") {
    const named = pattern.startsWith("[:", next) ? pattern.indexOf(":]", next + 2) : -1;
    next = named >= 0 ? named + 2 : next + (pattern[next] === "\\" ? 2 : 1);
  }
  return next + 1;
}

const compiled = new WeakMap<RegexTest, TextMatch>();

/** Whether the pattern is found in a text that has its case. One automaton for each test, however often it is compiled. */
export function compileRegex(test: RegexTest): TextMatch {
  const known = compiled.get(test);
  if (known !== undefined) return known;
  const made = longLine(test) ?? automaton(test);
  compiled.set(test, made);
  return made;
}

/**
 * `.{1000,}`: a long line, told by counting. An automaton has as many states for it as characters, each as wide as it is far:
 * one long command line then took 44 ms, as much as all rules on 2,000 events.
 */
function longLine({ pattern, dotAll }: RegexTest): TextMatch | null {
  const [, least] = /^\.\{(\d+),?\}$/.exec(pattern) ?? [];
  if (least === undefined) return null;
  const wanted = Number(least);
  return (text) => {
    let run = 0;
    if (text.length < wanted) return false;
    for (const char of text) {
      if (run >= wanted) break;
      run = char === "\n" && !dotAll ? 0 : run + 1;
    }
    return run >= wanted;
  };
}

function automaton(test: RegexTest): TextMatch {
  const regex = toRe2(test);
  const { dfa } = regex.re2();
  dfa.stateBudget = AUTOMATON_BYTES_MAX;
  dfa.memBudget = AUTOMATON_BYTES_MAX;
  return (text) => regex.test(text);
}

function toRe2({ pattern, ignoreCase, multiLine, dotAll }: RegexTest): RE2JS {
  const flags =
    (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (multiLine ? RE2JS.MULTILINE : 0) |
    (dotAll ? RE2JS.DOTALL : 0);
  return RE2JS.compile(pattern, flags);
}
