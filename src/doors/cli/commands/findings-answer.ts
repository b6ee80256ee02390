/** `breakwater findings answer`: a named person's determination, with its reason and what was looked at. */
import { Fault } from "../../../base/fault.ts";
import { answerFinding, withVault } from "../../../casework/index.ts";
import { CHECK_RESULTS, CHECKS, DETERMINATIONS } from "../../../model/answer.ts";
import { type Command, type Given, KEYS, VAULT } from "../command.ts";
import { findingLines } from "../finding-report.ts";
import { namedActor, nowTicks, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Records the answer of a named person: what it is, why, and what was looked at. It covers what is in the finding now; what comes later opens it again.",
  usage:
    "findings answer ID --vault DIR --by NAME --determination WORD --reason TEXT [--evidence REF]... [--scope R] [--entry R] [--persistence R]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who answers" },
    { name: "determination", value: "WORD", help: DETERMINATIONS.join(", ") },
    { name: "reason", value: "TEXT", help: "in that person's words; sealed" },
    {
      name: "evidence",
      value: "REF",
      repeated: true,
      help: "what it rests on: a hash, a record, a ticket",
    },
    { name: "scope", value: "R", help: `how far it went: ${CHECK_RESULTS.join(", ")}` },
    { name: "entry", value: "R", help: "how it came in: the same words" },
    { name: "persistence", value: "R", help: "whether it stayed: the same words" },
    ...KEYS,
  ],
  example:
    "breakwater findings answer 3f9a1c02 --vault ./case --by 'Ann Le Page' --determination malicious --reason 'web shell, server rebuilt' --scope found --entry found --persistence clean",
  wordsMax: 1,
  async run(given, surroundings) {
    const [word] = given.paths;
    if (word === undefined) throw new Fault("usage", "which finding?", command.example);
    const request = {
      word,
      by: namedActor(given),
      determination: oneOf(given, "determination", DETERMINATIONS, null),
      reason: given.one("reason") ?? "",
      evidence: given.many("evidence"),
      checked: {
        scope: oneOf(given, "scope", CHECK_RESULTS, "not-looked-at"),
        entry: oneOf(given, "entry", CHECK_RESULTS, "not-looked-at"),
        persistence: oneOf(given, "persistence", CHECK_RESULTS, "not-looked-at"),
      },
    };
    const { out, pace, now } = surroundings;
    const finding = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      (vault) => answerFinding(vault, request, pace),
    );
    for (const line of findingLines(finding, nowTicks(now))) await out.line(line);
    const left = CHECKS.filter((check) => request.checked[check] === "not-looked-at");
    if (left.length > 0 && request.determination === "malicious")
      out.say(`not looked at: ${left.join(", ")}; what was removed is a beginning, not an end`);
    return 0;
  },
};

/** The word of an option among those allowed. Faults: usage, naming them. */
function oneOf<T extends string>(
  given: Given,
  name: string,
  allowed: readonly T[],
  otherwise: T | null,
): T {
  const word = given.one(name);
  const found = allowed.find((each) => each === word) ?? (word === null ? otherwise : null);
  if (found !== null) return found;
  throw new Fault(
    "usage",
    word === null ? `--${name}?` : `${word} is no ${name}`,
    `one of: ${allowed.join(", ")}`,
  );
}
