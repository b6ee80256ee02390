/** Whether the answers of other tools are read rightly, on made answers in the shapes that their documentation shows. */
import { expect, test } from "vitest";
import { PEERS, byId, compare, ownHits } from "./peers.ts";

const ANSWERS: Readonly<Record<string, string>> = {
  Chainsaw:
    '{"group":"Sigma","kind":"individual","name":"Whoami","id":"a","document":{}}\n{"name":"Other","document":{}}\n',
  Hayabusa: '{"RuleTitle":"Whoami","RuleID":"a"}\n{"RuleTitle":"Other"}\n',
  Zircolite:
    '[{"title":"Whoami","id":"a","count":1,"matches":[{}]},{"title":"Other","count":1,"matches":[{}]}]',
};

test.each(PEERS)("$name: hits by id, by title where it tells none", ({ name, read }) => {
  const hits = byId(read(ANSWERS[name] ?? ""), new Map([["Other", "b"]]));
  expect([...hits]).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
});

test("hits side by side: what one found and the other did not, the largest difference first", () => {
  const ours = ownHits('{"rule":"a"}\n{"rule":"a"}\n{"rule":"b"}\n{"rule":"d"}\n');
  const theirs = new Map([
    ["a", 2],
    ["b", 2],
    ["c", 3],
  ]);
  expect(compare(ours, theirs)).toEqual({
    same: 1,
    different: [
      { rule: "c", ours: 0, theirs: 3 },
      { rule: "b", ours: 1, theirs: 2 },
      { rule: "d", ours: 1, theirs: 0 },
    ],
  });
});

test("an answer that names no rule is no answer", () => {
  expect(() => ownHits('{"title":"x"}')).toThrow(/without the name of a rule/);
});
