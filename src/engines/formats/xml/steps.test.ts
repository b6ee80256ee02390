/** The walk through an XML document: what is entered, what comes whole, and where it stops. */
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { xmlSteps } from "./steps.ts";

function walk(text: string, ...entered: readonly string[]): string[] {
  const steps = xmlSteps(memorySource(utf8(text)), (name) => entered.includes(name));
  return [...steps].map((step) => {
    switch (step.kind) {
      case "enter":
        return `${step.offset} enter ${step.element.name}`;
      case "leave":
        return `leave ${step.name}`;
      case "whole":
        return `${step.offset} ${step.element.name} ${step.element.children.length}`;
      case "not":
        return `${step.offset} not: ${step.have}`;
    }
  });
}

test("entered elements open, all others come whole", () => {
  expect(walk('<a><b x="1"><c><d/></c></b><e/></a>', "b")).toEqual([
    "0 enter a",
    "3 enter b",
    "12 c 1",
    "leave b",
    "27 e 0",
    "leave a",
  ]);
});

test("an empty element is nothing to enter", () => {
  expect(walk("<a><b/></a>", "b")).toEqual(["0 enter a", "3 b 0", "leave a"]);
});

test("what is no XML ends the walk, after what stands before", () => {
  expect(walk("<a><b><c/></b", "b")).toEqual(["0 enter a", "3 enter b", "6 c 0", "10 not: no end"]);
  expect(walk("<a><b></a>", "b")).toEqual(["0 enter a", "3 enter b", "6 not: another end tag"]);
  expect(walk("<a></a>x")).toEqual(["0 enter a", "leave a", "7 not: more"]);
  expect(walk('<!DOCTYPE a [<!ENTITY b "c">]><a/>')).toEqual(["0 not: one"]);
  expect(walk("")).toEqual(["0 not: no end"]);
});

test("elements entered within each other without end are refused", () => {
  const steps = walk(`<a>${"<b>".repeat(1_000)}`, "b");
  expect(steps.length).toBeLessThan(100);
  expect(steps.at(-1)).toContain("not: more");
});
