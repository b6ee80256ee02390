import { expect, test } from "vitest";
import { NO_EVIDENCE } from "../../model/evidence.ts";
import { Rows } from "./rows.ts";

test("as many flaws as one record may bring are handed on", () => {
  const rows = new Rows("mail", { evidence: NO_EVIDENCE, member: "", file: "" });
  const count = 200_000;
  for (let offset = 0; offset < count; offset++)
    rows.flaw(offset, { what: "a", need: "b", have: "c" });
  expect([...rows.pieces()].length).toBe(count);
});
