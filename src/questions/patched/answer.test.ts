/** The first question in sentences: what is said, in which order, and what is left open. */
import { expect, test } from "vitest";
import { utf8 } from "../../base/bytes.ts";
import { parseClaims } from "../../engines/formats/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { Observation } from "../../model/observation.ts";
import { answerPatched } from "./answer.ts";
import { type Asked, ask, claimOf, seen } from "./patched.test-data.ts";

function answer(
  observations: readonly Observation[],
  claims: readonly Claim[] = [],
  asked: Asked = {},
) {
  return answerPatched(ask(observations, { ...asked, claims }), {
    claims,
    assumed: [],
    limits: [],
  });
}

function texts(observations: readonly Observation[], claims: readonly Claim[] = []): string[] {
  return answer(observations, claims).statements.map(({ text }) => text);
}

const INSTALLED = claimOf("KB5001779", "installed", "2021-04-20", { reference: "ticket 4711" });

test("without anything it is not yet answered, and says what would tell", () => {
  const { state, headline, statements, unknown } = answer([]);
  expect([state, statements]).toEqual(["not-yet", []]);
  expect(headline).toContain("No record here shows what was installed");
  expect(unknown.join(" ")).toContain("File versions on the disk");
});

test("claims alone are no answer", () => {
  const { state, headline, statements } = answer(
    [],
    [{ ...INSTALLED, by: null, lacks: ["who said it", "when it was said"] }],
  );
  expect(state).toBe("partly");
  expect(headline).toBe(
    "No record here shows what was installed: 1 claim stands alone, unverified.",
  );
  expect(statements).toMatchObject([{ basis: "claimed" }]);
  expect(statements[0]?.text).toMatch(
    /^Somebody who is not named claimed on 2021-04-20 of MX1: KB5001779 installed\. Unverified: /,
  );
  expect(statements[0]?.text).toContain("It does not say who said it, nor when it was said.");
});

test("the headline counts what is missing, where, and what is contradicted", () => {
  const { headline, state } = answer([seen("15.1.2176.9", "2021-08-20")], [INSTALLED]);
  expect(headline).toMatch(
    /^No: as of 2021-08-20 4 updates were missing on 1 host, with fixes of \d+ vulnerabilities, \d+ of them critical there\. 1 claim of an update is contradicted by what the host itself shows\.$/,
  );
  expect(state).toBe("partly");
  expect(answer([seen("15.1.2308.14", "2021-08-20")]).headline).toBe(
    "As of 2021-08-20 no observation shows an update missing on 1 host.",
  );
});

test("a contradiction comes first: who said what when, what the host shows, and since when it was exposed", () => {
  const [first] = texts(
    [seen("15.1.2176.9", "2021-08-20")],
    [claimOf("KB5001779", "not installed", "2021-01-01", { by: "Auditor" }), INSTALLED],
  );
  expect(first).toMatch(
    /^Provider claimed on 2021-04-20 of MX1: KB5001779 \(Apr21SU\) installed \(ticket 4711\)\. The host shows 15\.1\.2176\.9 on 2021-08-20: below 15\.1\.2176\.12 \(Apr21SU\), the first build of CU19 with the fix\./,
  );
  expect(first).toContain("Exposed since 2021-04-13, still open: 129 days");
});

test("a claim that came before its time is told, though the update is there today", () => {
  const said = texts(
    [seen("15.1.2176.9", "2021-06-01"), seen("15.1.2176.14", "2021-07-01")],
    [INSTALLED],
  );
  expect(
    said.some((text) =>
      text.includes("It was seen missing after that, on 2021-06-01, and is there today."),
    ),
  ).toBe(true);
});

test("a host is told with what it rests on; what proves nothing is not told", () => {
  const told = texts([
    seen("15.1.2176.12", "2021-08-20", "server-log"),
    seen("15.1.1.1", "2021-08-20", "banner"),
  ]).at(-1);
  expect(told).toMatch(
    /^MX1: Exchange Server 2016 15\.1\.2176\.12 by server-log \(strong for the cumulative update, weak for the security update\) on 2021-08-20\. Basis\. CU19 of/,
  );
});

test("a claim's date is a day, and another writing of it is shown with both readings", () => {
  const told = (more: Partial<Claim>) => texts([], [{ ...INSTALLED, ...more }])[0] ?? "";
  expect(told({ atText: "20/04/2021" })).toContain(
    "claimed on 2021-04-20 (written 20/04/2021) of MX1",
  );
  expect(told({ at: null, atText: "soon" })).toContain("at a time that cannot be read (soon)");
  expect(told({ at: null, atText: "" })).toContain("at a time that is not stated");
  const { assumptions } = parseClaims(utf8("host,claim,at\nMX1,patched,03/04/2021\n"), "c.csv");
  const { unknown } = answerPatched(ask([]), {
    claims: [INSTALLED],
    assumed: assumptions.slice(-1),
    limits: ["Limit."],
  });
  expect(unknown[0]).toContain("3 April 2021; the other reading is 4 March 2021");
  expect(unknown.at(-1)).toBe("Limit.");
});

test("of what cannot be told the observation that would tell is named, and hosts that only logs name", () => {
  const { unknown } = answer([seen("15.1.2308", "2021-08-20")], [], { seenHosts: ["WEB9\u0007"] });
  expect(unknown.join("\n")).toContain("the last number of the build decides, and it is not known");
  expect(unknown.join("\n")).toMatch(
    /What is installed on WEB9\S*: logs name it, and no inventory does\./,
  );
  expect(unknown.join("\n")).not.toContain("\u0007");
});

test("thousands of hosts fit a page: what is left is counted", () => {
  const many = Array.from({ length: 400 }, (_, at) =>
    seen("15.1.2176.9", "2021-08-20", "file-version", { host: `MX${at}` }),
  );
  const { statements, unknown } = answer(many);
  expect(statements).toHaveLength(200);
  expect(unknown.join(" ")).toMatch(/\d+ further statements: dossier\.json holds them/);
});
