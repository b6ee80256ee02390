/** Listings of a Windows system before the trials, and every real one, where they lie beside the project. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { systeminfoCard } from "../../src/engines/formats/systeminfo/card.ts";
import { systeminfoReader } from "../../src/engines/formats/systeminfo/read.ts";
import { shared } from "../shared.ts";
import { madeQfe, madeSysteminfo, madeTitles } from "./systeminfo-log.ts";
import { NO_SETTING, readWhole, runTrials } from "./trials.ts";

const LINE_FEED = 10;
const [reader, card] = [systeminfoReader, systeminfoCard];

const narrow = (bytes: Uint8Array, cut: number) => cut === 0 || bytes[cut - 1] === LINE_FEED;
/** The byte order mark alone has no line that could be cut. */
const wide = (bytes: Uint8Array, cut: number) =>
  cut === 0 || cut === 2 || (cut % 2 === 0 && bytes[cut - 2] === LINE_FEED && bytes[cut - 1] === 0);

runTrials({ name: "systeminfo", reader, card, sample: () => madeSysteminfo(14), isWhole: narrow });
runTrials({ name: "systeminfo-qfe", reader, card, sample: () => madeQfe(14), isWhole: wide });
runTrials({
  name: "systeminfo-titles",
  reader,
  card,
  sample: () => madeTitles(14),
  isWhole: narrow,
});

const REAL = shared("inventory", "wesng");
const files =
  REAL === null
    ? []
    : readdirSync(REAL)
        .filter((name) => name.endsWith(".txt"))
        .sort();

function readReal(name: string) {
  const bytes = new Uint8Array(readFileSync(join(REAL ?? "", name)));
  const head = bytes.subarray(0, 65_536);
  const { events, flaws } = readWhole(reader, memorySource(bytes));
  const assumptions = reader.assumptions(head, NO_SETTING);
  return { isKnown: card.recognises(head), events, flaws, assumptions, bytes };
}

/** The text of a real listing, found without the reader: what is counted is counted twice. */
function plainText(bytes: Uint8Array): string {
  return Buffer.from(bytes.filter((byte) => byte !== 0)).toString("latin1");
}

/** systeminfo prints about 8 KB of updates and stops: what is stated, and what is there. */
const CUT_BY_SYSTEMINFO: Readonly<Record<string, readonly [stated: number, listed: number]>> = {
  "7_sp1_x64_enterprise_en-us_20190305_systeminfo.txt": [273, 245],
  "7_sp1_x64_enterprise_en-us_B_systeminfo.txt": [271, 245],
  "7_sp1_x64_ultimaten_de_systeminfo.txt": [263, 245],
  "srv_2003r2_sp2_x86_standard_en-us_systeminfo.txt": [352, 240],
  "xp_sp2_x64_systeminfo.txt": [300, 228],
  "xp_sp3_x86_professional_en-us_systeminfo.txt": [262, 220],
};

test.skipIf(REAL === null)(
  "every real listing is known by content but the one that lists nothing",
  () => {
    expect(files.length).toBe(69);
    const unknown = files.filter((name) => !readReal(name).isKnown);
    // wmic wrote its "no instances" to the console: a byte order mark and two empty lines are left.
    expect(unknown).toEqual(["10_1803_x64_proforworkstations_en-us_B_20190306_qfe.txt"]);
  },
);

test.skipIf(REAL === null)("every flaw of the real listings has its reason", () => {
  const told = files.flatMap((name) =>
    readReal(name).flaws.map(({ what, need, have }) => `${name}: ${what}: ${need}, have ${have}`),
  );
  const explained = files.flatMap((name) => {
    const { bytes } = readReal(name);
    const cut = CUT_BY_SYSTEMINFO[name];
    const endsOpen = bytes.at(-1) !== LINE_FEED && bytes.at(-2) !== LINE_FEED;
    return [
      // Somebody's prompt stands before the table.
      ...(name.includes("_ru_qfe") ? ["line: the names of the columns first, have text"] : []),
      ...(cut === undefined
        ? []
        : [`list of updates: ${cut[0]}, as the listing itself says, have ${cut[1]}`]),
      ...(endsOpen ? ["last line: a line end, have the end of the file"] : []),
    ].map((flaw) => `${name}: ${flaw}`);
  });
  expect(told).toEqual(explained);
});

test.skipIf(REAL === null)("updates are counted one by one, in every language and encoding", () => {
  const listings = files.filter((file) => file.includes("systeminfo"));
  const counted = listings.map((name) => {
    const { events } = readReal(name);
    return [name, events.filter(({ fields }) => fields["Update"] !== undefined).length];
  });
  const expected = listings.map((name) => {
    const text = plainText(readReal(name).bytes);
    const listed = text.match(/^ +\[\d+\] ?: (?:KB|Q)\d+|^ +\[\d+\]: (?:File \d|\{7A0|94\d{4}$)/gm);
    return [name, CUT_BY_SYSTEMINFO[name]?.[1] ?? listed?.length ?? 0];
  });
  expect(counted).toEqual(expected);
  const systems = listings.map((name) => readReal(name).events[0]?.fields ?? {});
  expect(systems.filter((fields) => fields["Product"] !== "Windows")).toEqual([]);
  expect(systems.filter(({ Build: build }) => !/^\d+\.\d+\.\d{4,5}$/.test(String(build)))).toEqual(
    [],
  );
  expect(systems.filter(({ OSName: name }) => !String(name).includes("Windows"))).toEqual([]);
});

test.skipIf(REAL === null)("tables and lists of titles are counted line by line", () => {
  const lists = files.filter((file) => /_qfe|_updates/.test(file));
  const expected = lists.map((name) => {
    const lines = plainText(readReal(name).bytes).split(/[\r\n]+/);
    // The one that lists nothing is a byte order mark alone.
    return [
      name,
      lines.filter((text) => text.trim().length > 2 && !/HotFixID|^cat q$/.test(text)).length,
    ];
  });
  expect(lists.map((name) => [name, readReal(name).events.length])).toEqual(expected);
});

test.skipIf(REAL === null)("the machine is named in every language", () => {
  const host = (name: string) => readReal(name).events[0]?.host;
  expect(host("7_sp1_x64_ultimaten_de_systeminfo.txt")).toBe("OLI7-PC");
  expect(host("7_sp1_x64_enterprise_fr_systeminfo_cmd.txt")).toBe("WIN-IDKKFN87EL8");
  expect(host("10_1803_x64_pro_it_systeminfo.txt")).toBe("PC044");
  expect(host("srv_2012r2_x64_standard_ru_systeminfo.txt")).toBe("DC");
  expect(host("10_1809_x64_enterprise_zh-cn_systeminfo.txt")).toBe("DESKTOP-0CQH3P2");
  // Its first line was cut off: no name stands there, and none is made up.
  expect(host("10_1803_x64_enterprise_es-ar_20190307_systeminfo.txt")).toBe("");
  const french = readReal("7_sp1_x64_enterprise_fr_systeminfo_cmd.txt");
  expect(french.assumptions.map(({ what, value }) => `${what} ${value}`)).toContain(
    "encoding ibm850",
  );
  const chinese = readReal("10_1809_x64_enterprise_zh-cn_systeminfo.txt");
  expect(chinese.assumptions.map(({ value }) => value)).toContain("gbk");
});

test("a listing that says more updates than it has is a flaw", () => {
  const { flaws } = readWhole(reader, memorySource(madeSysteminfo(12, 14)));
  expect(flaws.map(({ what, have }) => [what, have])).toEqual([["list of updates", "12"]]);
});
