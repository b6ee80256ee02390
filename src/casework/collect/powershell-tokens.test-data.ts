/**
 * A small reader of PowerShell's lexical rules (about_Quoting_Rules, about_Comments), as far as the script uses them: single- and double-quoted
 * texts with their curly forms, comments, brackets. Throws where something is left open: then the script would not even parse.
 */

export interface Token {
  readonly kind: "literal" | "text" | "comment" | "word" | "bracket";
  readonly text: string;
}

const SINGLE = /['\u2018\u2019\u201a\u201b]/;
const DOUBLE = /["\u201c\u201d\u201e]/;
const CLOSES: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

export function tokensOf(script: string): Token[] {
  const tokens: Token[] = [];
  const open: string[] = [];
  let at = script.startsWith("\ufeff") ? 1 : 0;
  const until = (end: (char: string) => boolean) => {
    const start = at;
    while (at < script.length && !end(script[at] ?? "")) at++;
    return script.slice(start, at);
  };
  while (at < script.length) {
    const char = script[at] ?? "";
    if (/\s/.test(char)) at++;
    else if (char === "#")
      tokens.push({ kind: "comment", text: until((next) => next === "\r" || next === "\n") });
    else if (SINGLE.test(char)) tokens.push({ kind: "literal", text: quotedBy(SINGLE) });
    else if (DOUBLE.test(char)) tokens.push({ kind: "text", text: quotedBy(DOUBLE) });
    else if (/[()[\]{}]/.test(char)) {
      const opener = CLOSES[char];
      if (opener === undefined) open.push(char);
      else if (open.pop() !== opener) throw new Error(`${char} closes nothing at ${at}`);
      tokens.push({ kind: "bracket", text: char });
      at++;
    } else
      tokens.push({
        kind: "word",
        text: until((next) => /[\s()[\]{}'"#;,|\u2018-\u201e]/.test(next)) || (script[at++] ?? ""),
      });
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(" ")}`);
  return tokens;

  function quotedBy(quote: RegExp): string {
    const start = at++;
    for (;;) {
      if (at >= script.length) throw new Error(`a quote is left open at ${start}`);
      const char = script[at] ?? "";
      if (/[\r\n]/.test(char)) throw new Error(`a line ends within quotes at ${start}`);
      if (quote === DOUBLE && char === "`") at += 2;
      else if (!quote.test(char)) at++;
      else if (quote.test(script[at + 1] ?? "")) at += 2;
      else return script.slice(start, ++at);
    }
  }
}
