import { expect, test } from "vitest";
import { utf8 } from "../../base/bytes.ts";
import { UNDATED, parseTime } from "../../base/time.ts";
import { parseClaims } from "../../engines/formats/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { EventKey } from "../../model/event.ts";
import type { EvidenceHash } from "../../model/evidence.ts";
import type { Observation, Strength } from "../../model/observation.ts";
import { answerPatched } from "./answer.ts";
import { parseBuild } from "./build.ts";

const NOTHING = { observations: [], limits: [] };

function observation(
  build: string,
  strength: Strength,
  more: Partial<Observation> = {},
): Observation {
  const at = {
    key: `e/${build}` as EventKey,
    evidence: "e" as EvidenceHash,
    file: "f",
    record: "1",
    offset: 0,
  };
  const sighting = { ticks: 16_294_176_000_000_000n, digits: 0, zoneAssumed: null, at };
  return {
    host: "MX1",
    product: "Exchange Server",
    build: parseBuild(build),
    kb: "",
    kind: "file-version",
    strength,
    revisionStrength: strength,
    source: "FileVersionInfo",
    basis: "Basis.",
    first: sighting,
    last: sighting,
    days: [],
    records: 1,
    notAfter: null,
    ...more,
  };
}

const CLAIM: Claim = {
  host: "MX1",
  product: "Exchange Server",
  kb: "KB5001779",
  claim: "installed",
  by: null,
  at: null,
  digits: 0,
  atText: "",
  reference: "",
  lacks: ["who said it", "when it was said"],
  more: {},
  file: "claims.csv",
  record: "2",
  offset: 41,
};

test("without anything it is not yet answered, and says what would tell", () => {
  const { state, headline, statements, unknown } = answerPatched(NOTHING, []);
  expect([state, statements]).toEqual(["not-yet", []]);
  expect(headline).toContain("No record here shows what was installed");
  expect(unknown.join(" ")).toContain("File versions on the disk");
});

test("the strong before the weak, what proves nothing not at all, each with its records", () => {
  const { statements, state } = answerPatched(
    {
      observations: [
        observation("15.1.2044", "none"),
        observation("15.1.2176.12", "weak"),
        observation("15.1.2044.4", "strong", { revisionStrength: "weak" }),
      ],
      limits: [],
    },
    [],
  );
  expect(state).toBe("partly");
  expect(statements.map(({ text }) => text)).toEqual([
    "MX1: Exchange Server 15.1.2044.4, by FileVersionInfo (strong for the cumulative update, weak for the security update), on 2021-08-20. Basis.",
    "MX1: Exchange Server 15.1.2176.12, by FileVersionInfo (weak), on 2021-08-20. Basis.",
  ]);
  expect(statements.every(({ at }) => at.length === 1)).toBe(true);
});

test("a build of Windows has a release and updates, not cumulative and security updates of Exchange", () => {
  const windows = observation("10.0.14393", "strong", {
    product: "Windows",
    revisionStrength: "none",
  });
  const [told] = answerPatched({ observations: [windows], limits: [] }, []).statements;
  expect(told?.text).toContain("(strong for the release, worth nothing for its updates)");
});

test("a claim says what it lacks, and is never more than claimed", () => {
  const { statements } = answerPatched(NOTHING, [CLAIM]);
  expect(statements).toEqual([
    {
      text: "Somebody stated at a time that is not stated: Exchange Server KB5001779 on MX1: installed (claims.csv, 2). It does not say who said it, nor when it was said. Unverified by this statement alone.",
      basis: "claimed",
      at: [],
    },
  ]);
});

test("a claim's bare date is a day, and another writing of it is shown with both readings", () => {
  const at = parseTime("2021-04-03")?.ticks ?? null;
  const told = (more: Partial<Claim>) =>
    answerPatched(NOTHING, [{ ...CLAIM, by: "B", lacks: [], ...more }]).statements[0]?.text;
  expect(told({ at, atText: "2021-04-03" })).toMatch(/^B stated on 2021-04-03: /);
  expect(told({ at, atText: "03/04/2021" })).toMatch(
    /^B stated on 2021-04-03 \(written 03.04.2021\): /,
  );
  expect(told({ at, atText: "2021-04-03T00:00:00Z" })).toMatch(/on 2021-04-03T00:00:00Z: /);
  expect(told({ at: null, atText: "soon" })).toContain("at a time that cannot be read (soon)");
  expect(told({ claim: "", lacks: ["what is claimed"] })).toContain("on MX1: nothing more (");
  const { assumptions } = parseClaims(utf8("host,claim,at\nMX1,patched,03/04/2021\n"), "c.csv");
  const [first] = answerPatched(NOTHING, [CLAIM], assumptions.slice(-1)).unknown;
  expect(first).toContain("3 April 2021; the other reading is 4 March 2021");
});

test("an undated observation is told with the last change of its file", () => {
  const undated = {
    ticks: UNDATED,
    digits: 0,
    zoneAssumed: null,
    at: observation("1", "weak").first.at,
  };
  const told = (notAfter: bigint | null) =>
    answerPatched(
      {
        observations: [observation("15.1", "weak", { first: undated, last: undated, notAfter })],
        limits: [],
      },
      [],
    ).statements[0]?.text;
  expect(told(null)).toContain(", undated.");
  expect(told(16_294_176_000_000_000n)).toContain("undated, at the latest 2021-08-20T00:00:00Z");
});
