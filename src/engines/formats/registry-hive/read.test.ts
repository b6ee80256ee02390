import { expect, test } from "vitest";
import { type WrittenKey, writeHive } from "./write.ts";
import { registryReader } from "./read.ts";
import { categoryOf, plainPath } from "./category.ts";
import { CELL_HEADER_BYTES, KEY_VALUES, KEY_VALUE_LIST } from "./layout.ts";
import { observedIn } from "./observation.ts";
import { memorySource } from "../../../base/source.ts";
import { known } from "../../../base/assert.ts";
import { toTicks } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { EvidenceHash } from "../../../model/evidence.ts";

const SETTING = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "hive" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const ticks = known(toTicks(16_287_524_441_234_567n), "in 2021");
const key = (name: string, more: Omit<WrittenKey, "name" | "ticks"> = {}): WrittenKey => ({
  name,
  ticks,
  ...more,
});

/** Fields of every key by its path, and what was wrong. */
function read(root: WrittenKey) {
  const fields = new Map<string, Record<string, FieldValue | undefined>>();
  const flaws: string[] = [];
  for (const piece of registryReader.read(memorySource(writeHive(root, "x")), SETTING)) {
    if (piece.kind === "flaw") flaws.push(piece.what);
    else
      for (let row = 0; row < piece.length; row++)
        fields.set(
          piece.record(row),
          Object.fromEntries(piece.names(row).map((name) => [name, piece.field(row, name)])),
        );
  }
  return { fields, flaws };
}

test("every way to list subkeys gives the same keys", () => {
  const keys = Array.from({ length: 40 }, (_, number) => key(`k${number}`));
  for (const list of ["li", "lf", "lh", "ri"] as const) {
    const { fields, flaws } = read(key("ROOT", { list, keys }));
    expect([...fields.keys()]).toEqual(["\\", ...keys.map(({ name }) => name)]);
    expect(flaws).toEqual([]);
  }
  expect(
    read(key("ROOT", { keys: Array.from({ length: 2_500 }, (_, number) => key(`k${number}`)) }))
      .fields.size,
  ).toBe(2_501);
});

test("data of every type, and what is cut says so", () => {
  const { fields, flaws } = read(
    key("ROOT", {
      values: [
        ["", "the default"],
        ["a b", 7],
        ["ab", "x\0behind the end"],
        ["wide", 2n ** 60n],
        ["list", ["one", "", "three"]],
        ["short", Uint8Array.of(1, 2)],
        ["long", new Uint8Array(70_000).fill(255)],
        ["text", "x".repeat(9_000)],
        ["Key", "not ours"],
        ["名前", 0xffff_ffff],
      ],
    }),
  );
  const found = fields.get("\\");
  expect(flaws).toEqual([]);
  expect(found).toMatchObject({
    "(default)": "the default",
    ab: 7,
    Value_ab: "x",
    wide: "1152921504606846976",
    list: ["one", "", "three"],
    short: "0102",
    Key: "\\",
    Value_Key: "not ours",
    名前: 0xffff_ffff,
  });
  expect(found?.["long"]).toBe(`${"ff".repeat(256)}… (70000 bytes)`);
  expect(String(found?.["text"]).length).toBe(4_096);
});

test("a key of too many values is read as far as the limit, and that is a flaw", () => {
  const { fields, flaws } = read(
    key("ROOT", { values: Array.from({ length: 1_100 }, (_, number) => [`v${number}`, number]) }),
  );
  expect(flaws).toEqual(["values of a key"]);
  expect(Object.keys(fields.get("\\") ?? {}).length).toBe(2 + 1_024);
});

test("a list of values that a thousand keys share costs no more than the hive has bytes", () => {
  const values = Array.from(
    { length: 1_000 },
    (_, at) => [`v${at}`, new Uint8Array(4_000)] as const,
  );
  const keys = [
    key("full", { values }),
    ...Array.from({ length: 1_000 }, (_, at) => key(`k${at}`)),
  ];
  const hive = Buffer.from(writeHive(key("ROOT", { keys }), "x"));
  const places = [...registryReader.read(memorySource(hive), SETTING)].flatMap((piece) =>
    piece.kind === "batch" ? [...piece.offsets] : [],
  );
  const [, full = 0, ...others] = places.map((place) => place + CELL_HEADER_BYTES);
  for (const node of others)
    for (const field of [KEY_VALUES, KEY_VALUE_LIST])
      hive.copy(hive, node + field, full + field, full + field + 4);
  const pieces = [...registryReader.read(memorySource(hive), SETTING)];
  expect(
    pieces.reduce((rows, piece) => rows + (piece.kind === "batch" ? piece.length : 0), 0),
  ).toBe(1_002);
  expect(pieces.some((piece) => piece.kind === "flaw" && piece.what === "values of the hive")).toBe(
    true,
  );
});

test("keys deeper than Windows allows are a flaw", () => {
  let deep = key("x");
  for (let level = 0; level < 600; level++) deep = key("x", { keys: [deep] });
  const { fields, flaws } = read(deep);
  expect(flaws).toEqual(["depth of keys"]);
  expect(fields.size).toBe(514);
});

test("what a key is about, whichever hive it is in", () => {
  const category = (path: string) => categoryOf(plainPath(path));
  expect(category("ControlSet001\\Services\\W3SVC")).toBe("service");
  expect(category("ControlSet001\\Services\\W3SVC\\Security")).toBe("");
  expect(category("ControlSet002\\Services\\W3SVC\\Parameters\\Sites")).toBe("service");
  expect(category("Software\\Microsoft\\Windows\\CurrentVersion\\Run")).toBe("run-key");
  expect(category("WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Run")).toBe("run-key");
  expect(category("Microsoft\\Windows Defender\\Exclusions\\Paths")).toBe("defender-exclusion");
  expect(category("Microsoft\\Windows Defender\\Features")).toBe("defender");
  expect(category("Microsoft\\WindowsX")).toBe("");
  expect(category("")).toBe("");
});

test("what keys testify: builds and updates that are there, and nothing else", () => {
  const observed = (path: string, values: Record<string, FieldValue>) => {
    const name = path.split("\\").at(-1) ?? "";
    return Object.fromEntries(observedIn(plainPath(path), name, new Map(Object.entries(values))));
  };
  const uninstall = "Microsoft\\Windows\\CurrentVersion\\Uninstall\\x";
  const Observation = "registry-key";
  expect(
    observed(uninstall, {
      DisplayName: "Microsoft Exchange Server 2016 Cumulative Update 19",
      DisplayVersion: "15.1.2176.2",
    }),
  ).toEqual({ Product: "Exchange Server", Build: "15.1.2176.2", Observation });
  expect(
    observed(uninstall, {
      DisplayName: "Security Update for Exchange Server 2016 Cumulative Update 19 (KB5001779)",
      DisplayVersion: "15.1.2176.2",
    }),
  ).toEqual({ Product: "Exchange Server", Kb: "KB5001779", Observation });
  expect(observed(uninstall, { DisplayName: "7-Zip 19.00", DisplayVersion: "19.00" })).toEqual({});
  const patch =
    "Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Products\\461C2B4266EDEF444B864AD6D9E5B613\\Patches\\AE2F3E697B0E35F4A8BF4CB9B5A7D3F1";
  const name = { DisplayName: "Security Update for Exchange Server 2016 CU19 (KB5001779)" };
  expect(observed(patch, { ...name, State: 1 })).toEqual({
    Product: "Exchange Server",
    Kb: "KB5001779",
    Observation,
  });
  expect(observed(patch, { ...name, State: 2 })).toEqual({});
  const version = "Microsoft\\Windows NT\\CurrentVersion";
  expect(
    observed(version, {
      CurrentBuild: "17763",
      CurrentMajorVersionNumber: 10,
      CurrentMinorVersionNumber: 0,
      UBR: 2_114,
    }),
  ).toEqual({ Product: "Windows", Build: "10.0.17763.2114", Observation });
  expect(observed(version, { CurrentBuild: "9600", CurrentVersion: "6.3" })).toEqual({
    Product: "Windows",
    Build: "6.3.9600",
    Observation,
  });
  expect(
    observed("Microsoft\\ExchangeServer\\v15\\Setup", {
      MsiProductMajor: 15,
      MsiProductMinor: 1,
      MsiBuildMajor: 2_176,
      MsiBuildMinor: 2,
    }),
  ).toEqual({ Product: "Exchange Server", Build: "15.1.2176.2", Observation });
});

test("a list of missing values that a thousand keys share is told no more often than the hive has bytes", () => {
  const values = Array.from({ length: 1_000 }, (_, at) => [`v${at}`, at] as const);
  const keys = [
    key("full", { values }),
    ...Array.from({ length: 1_000 }, (_, at) => key(`k${at}`)),
  ];
  const hive = Buffer.from(writeHive(key("ROOT", { keys }), "x"));
  const places = [...registryReader.read(memorySource(hive), SETTING)].flatMap((piece) =>
    piece.kind === "batch" ? [...piece.offsets] : [],
  );
  const [, full = 0, ...others] = places.map((place) => place + CELL_HEADER_BYTES);
  for (const node of others)
    for (const field of [KEY_VALUES, KEY_VALUE_LIST])
      hive.copy(hive, node + field, full + field, full + field + 4);
  for (let at = hive.indexOf("vk"); at >= 0; at = hive.indexOf("vk", at + 2)) hive[at] = 0;
  const flaws = [...registryReader.read(memorySource(hive), SETTING)].filter(
    ({ kind }) => kind === "flaw",
  );
  expect(flaws.length).toBeLessThan(20_000);
});
