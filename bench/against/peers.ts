/**
 * The tools that we are held against, as data: how each is asked to run rules over a folder of event logs, and how its
 * answer is read. Command lines and shapes of answers are those of the tools' own documentation (Zircolite 3, Hayabusa 3, Chainsaw 2).
 */
import { join } from "node:path";
import { known } from "../../src/base/assert.ts";

/** How often each rule matched. Tools that tell no ids name the rule by its title. */
export type Hits = ReadonlyMap<string, number>;

/** What a tool is given. */
export interface Job {
  /** A folder of .evtx files. */
  readonly logs: string;
  /** A folder of Sigma rules. */
  readonly rules: string;
  /** A file for its answer. */
  readonly answer: string;
}

/** A tool, where it is installed. */
export interface Peer {
  readonly name: string;
  /** The variable that names the program; without it the program of that name is looked for on the PATH. */
  readonly variable: string;
  readonly program: string;
  /** The arguments for one thread, so far as the tool can be told; `program` is where it was found. */
  readonly command: (job: Job, program: string) => readonly string[];
  readonly read: (answer: string) => Hits;
}

type Row = Readonly<Record<string, unknown>>;

/** All three, in the order of the alphabet. */
export const PEERS: readonly Peer[] = [
  {
    name: "Chainsaw",
    variable: "CHAINSAW",
    program: "chainsaw",
    // Its mappings lie beside the program, as its releases do.
    command: ({ logs, rules, answer }, program) => [
      "--no-banner",
      "--num-threads",
      "1",
      "hunt",
      logs,
      "--sigma",
      rules,
      "--mapping",
      join(program, "..", "mappings", "sigma-event-logs-all.yml"),
      "--skip-errors",
      "--jsonl",
      "--output",
      answer,
      "-q",
    ],
    read: (answer) => counted(linesOf(answer), (row) => row["id"] ?? row["name"]),
  },
  {
    name: "Hayabusa",
    variable: "HAYABUSA",
    program: "hayabusa",
    command: ({ logs, rules, answer }) => [
      "json-timeline",
      "--directory",
      logs,
      "--rules",
      rules,
      "--JSONL-output",
      "--output",
      answer,
      "--profile",
      "super-verbose",
      "--threads",
      "1",
      "--no-wizard",
      "--no-summary",
      "--quiet",
      "--clobber",
    ],
    read: (answer) => counted(linesOf(answer), (row) => row["RuleID"] ?? row["RuleTitle"]),
  },
  {
    name: "Zircolite",
    variable: "ZIRCOLITE",
    program: "zircolite.py",
    command: ({ logs, rules, answer }) => [
      "--events",
      logs,
      "--ruleset",
      rules,
      "--pipeline",
      "sysmon",
      "--pipeline",
      "windows-logsources",
      "--outfile",
      answer,
      "--no-parallel",
      "--nolog",
      "--quiet",
    ],
    read: (answer) => zircoliteHits(answer),
  },
];

/** Our own answer: the lines of `breakwater detect`. */
export function ownHits(answer: string): Hits {
  return counted(linesOf(answer), (row) => row["rule"]);
}

/** One object for each rule, with the number of its matches. */
function zircoliteHits(answer: string): Hits {
  const rows: unknown = JSON.parse(answer);
  const hits = new Map<string, number>();
  for (const row of Array.isArray(rows) ? rows.filter(isRow) : [])
    add(hits, row["id"] ?? row["title"], Number(row["count"]));
  return hits;
}

function counted(rows: readonly Row[], ruleOf: (row: Row) => unknown): Hits {
  const hits = new Map<string, number>();
  for (const row of rows) add(hits, ruleOf(row), 1);
  return hits;
}

function add(hits: Map<string, number>, rule: unknown, count: number): void {
  if (typeof rule !== "string")
    throw new Error(`an answer without the name of a rule: ${String(rule)}`);
  hits.set(rule, (hits.get(rule) ?? 0) + count);
}

function linesOf(text: string): readonly Row[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): unknown => JSON.parse(line))
    .filter(isRow);
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Hits by rule id: titles are exchanged for the ids of the rules that have them. */
export function byId(hits: Hits, idOfTitle: ReadonlyMap<string, string>): Hits {
  const found = new Map<string, number>();
  for (const rule of hits.keys()) {
    const id = idOfTitle.get(rule) ?? rule;
    found.set(id, (found.get(id) ?? 0) + known(hits.get(rule), "a key has a value"));
  }
  return found;
}

/** Two tools side by side. */
export interface Comparison {
  /** Rules that both found, as often. */
  readonly same: number;
  /** Of the others how often each of the two found them. */
  readonly different: readonly {
    readonly rule: string;
    readonly ours: number;
    readonly theirs: number;
  }[];
}

/** What each found that the other did not, the largest difference first. */
export function compare(ours: Hits, theirs: Hits): Comparison {
  const rules = [...new Set([...ours.keys(), ...theirs.keys()])];
  const rows = rules.map((rule) => ({
    rule,
    ours: ours.get(rule) ?? 0,
    theirs: theirs.get(rule) ?? 0,
  }));
  const different = rows.filter((row) => row.ours !== row.theirs);
  different.sort((a, b) => Math.abs(b.ours - b.theirs) - Math.abs(a.ours - a.theirs));
  return { same: rows.length - different.length, different };
}
