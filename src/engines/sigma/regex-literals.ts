/**
 * The literals that stand in every text that a regular expression is found in: what its gate is made of.
 * A small reading of RE2's syntax that gives up rather than guess: whatever it does not know, it asks nothing of.
 */
import { afterPiece } from "./regex.ts";
import type { RegexTest } from "./rule.ts";

/** A literal in lower case; or all of the parts, or one of them. All of none is no demand. */
export type Required = string | Group;

interface Group {
  readonly kind: "all" | "one";
  readonly parts: readonly Required[];
}

const NOTHING: Group = { kind: "all", parts: [] };
const DEPTH_MAX = 50;

/** What each text that matches must hold, once its case is folded. The pattern must be one that compiles. */
export function requiredLiterals({ pattern, ignoreCase }: RegexTest): Required {
  // Quoted stretches have a syntax of their own, and no rule uses them.
  if (pattern.includes("\\Q")) return NOTHING;
  const folds = ignoreCase || /\(\?[a-zA-Z]*i/.test(pattern);
  return new LiteralReader(pattern, folds).whole() ?? NOTHING;
}

/** A quantifier: whether what stands before it must occur, and where it ends. */
interface Quantifier {
  readonly optional: boolean;
  readonly end: number;
}

/** Reads a pattern once; null anywhere means that it gave up. */
class LiteralReader {
  readonly #pattern: string;
  /** Whether somewhere in it upper and lower case are the same. */
  readonly #folds: boolean;
  #at = 0;

  constructor(pattern: string, folds: boolean) {
    this.#pattern = pattern;
    this.#folds = folds;
  }

  whole(): Required | null {
    const required = this.#alternatives(0);
    return this.#at === this.#pattern.length ? required : null;
  }

  /** Branches up to a closing parenthesis or the end. */
  #alternatives(depth: number): Group | null {
    if (depth > DEPTH_MAX) return null;
    const branches: Group[] = [];
    for (;;) {
      const branch = this.#branch(depth);
      if (branch === null) return null;
      branches.push(branch);
      if (this.#pattern[this.#at] !== "|") break;
      this.#at++;
    }
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: "one", parts: branches };
  }

  /** Characters that follow each other become one literal; whatever else stands there ends it. */
  #branch(depth: number): Group | null {
    const parts: Required[] = [];
    let run = "";
    const close = (): void => {
      if (run !== "") parts.push(run);
      run = "";
    };
    while (this.#at < this.#pattern.length && !")|".includes(this.#pattern.charAt(this.#at))) {
      const piece = this.#piece(depth);
      if (piece === null) return null;
      const quantifier = this.#quantifier();
      if (quantifier !== null) this.#at = quantifier.end;
      if (quantifier?.optional === true) {
        close();
      } else if (typeof piece === "string") {
        run += piece;
        if (quantifier !== null) close();
      } else {
        close();
        parts.push(piece);
      }
    }
    close();
    return { kind: "all", parts };
  }

  /** What one piece asks for: a text that continues the literal (also an empty one), or something of its own. */
  #piece(depth: number): Required | null {
    const char = this.#pattern.charAt(this.#at);
    if (char === "(") return this.#group(depth);
    const start = this.#at;
    this.#at = afterPiece(this.#pattern, start);
    const piece = this.#pattern.slice(start, this.#at);
    if (char === "[") return this.#class(piece);
    if (char === "\\") return this.#escape(piece.charAt(1));
    if (char === ".") return NOTHING;
    if (char === "^" || char === "$") return "";
    return this.#literal(char);
  }

  #group(depth: number): Group | null {
    const head = /^\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?(?!\?)/.exec(this.#pattern.slice(this.#at));
    const flags = /^\(\?[a-zA-Z-]+\)/.exec(this.#pattern.slice(this.#at));
    if (flags !== null) {
      this.#at += flags[0].length;
      return NOTHING;
    }
    if (head === null) return null;
    this.#at += head[0].length;
    const inside = this.#alternatives(depth + 1);
    if (inside === null || this.#pattern[this.#at] !== ")") return null;
    this.#at++;
    return inside;
  }

  /** `[Nn]` is a letter in any case, `[.]` a plain character; of other classes nothing is known. */
  #class(piece: string): Required {
    const members = /^\[([ -,./0-9:-@A-Z_`a-z{|}~]+)\]$/.exec(piece)?.[1];
    if (members === undefined) return NOTHING;
    const [first, ...others] = new Set(members.toLowerCase());
    return first === undefined || others.length > 0 ? NOTHING : this.#literal(first);
  }

  #escape(letter: string): Required | null {
    if (/^[!-/:-@[-`{-~]$/.test(letter)) return this.#literal(letter);
    if (/^[dDsSwW]$/.test(letter)) return NOTHING;
    if (/^[bBAz]$/.test(letter)) return "";

    return CONTROLS.get(letter) ?? null;
  }

  /** ASCII alone: its lower case is the same everywhere. Where case is folded, `s` also stands for U+017F, which is not `S`. */
  #literal(char: string): Required {
    const lower = char.toLowerCase();
    return char > "~" || (this.#folds && lower === "s") ? NOTHING : lower;
  }

  #quantifier(): Quantifier | null {
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#pattern.slice(this.#at));
    if (found === null) return null;
    const [text, least] = found;
    const optional = text.startsWith("*") || text.startsWith("?") || Number(least ?? "1") === 0;
    return { optional, end: this.#at + text.length };
  }
}

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["f", "\f"],
]);
