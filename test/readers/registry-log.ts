/** Made-up hives of a mail server: SOFTWARE with what a responder looks for, SYSTEM, and Amcache.hve. */
import { known } from "../../src/base/assert.ts";
import { type Ticks, toTicks } from "../../src/base/time.ts";
import type { WrittenKey } from "../../src/engines/formats/registry-hive/write.ts";

const START = BigInt(Date.UTC(2021, 7, 13, 3)) * 10_000n;
const at = (minutes: number): Ticks =>
  known(toTicks(START + BigInt(minutes) * 600_000_000n + 7_654_321n), "in 2021");

/** The key at the end of a path of names, and those above it. */
function below(path: string, key: Omit<WrittenKey, "name">): WrittenKey {
  const [name = "", ...rest] = path.split("\\");
  if (rest.length === 0) return { name, ...key };
  return { name, ticks: at(0), keys: [below(rest.join("\\"), key)] };
}

const UNINSTALL: readonly WrittenKey[] = [
  {
    name: "Microsoft Exchange v15",
    ticks: at(10),
    values: [
      ["DisplayName", "Microsoft Exchange Server 2016 Cumulative Update 19"],
      ["DisplayVersion", "15.1.2176.2"],
    ],
  },
  {
    name: "{1A2B}.KB5001779",
    ticks: at(11),
    values: [
      ["DisplayName", "Security Update for Exchange Server 2016 Cumulative Update 19 (KB5001779)"],
      ["Display Version", "forged"],
      ["DisplayVersion", "15.1.2176.2"],
      ["Product", "not ours"],
    ],
  },
  {
    name: "Übergabe \u{1f4ec}",
    ticks: at(12),
    values: [
      ["", "default"],
      ["Größe", 12],
      ["名前", "x"],
    ],
  },
];

const PACKAGES: readonly WrittenKey[] = [
  {
    name: "Package_for_KB5005030~31bf3856ad364e35~amd64~~17763.2114.1.7",
    ticks: at(20),
    values: [
      ["CurrentState", 0x70],
      ["InstallTimeHigh", 30_904_284],
      ["InstallTimeLow", 1_234_567],
    ],
  },
  {
    name: "Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.2114.1.7",
    ticks: at(21),
    values: [["CurrentState", 0x70]],
  },
  {
    name: "Package_for_KB4999999~31bf3856ad364e35~amd64~~10.0.1.0",
    ticks: at(22),
    values: [["CurrentState", 0x40]],
  },
];

/** SOFTWARE: lists of every kind, data of every kind, one value too large for a cell. */
export function madeSoftware(): WrittenKey {
  const microsoft: WrittenKey = {
    name: "Microsoft",
    ticks: at(1),
    list: "ri",
    keys: [
      below("ExchangeServer\\v15\\Setup", {
        ticks: at(2),
        values: [
          ["MsiProductMajor", 15],
          ["MsiProductMinor", 1],
          ["MsiBuildMajor", 2_176],
          ["MsiBuildMinor", 2],
          ["OwaVersion", "15.1.2176.14"],
        ],
      }),
      below("Windows Defender\\Exclusions\\Paths", {
        ticks: at(3),
        values: [["C:\\inetpub\\wwwroot", 0]],
      }),
      {
        name: "Windows",
        ticks: at(4),
        keys: [
          {
            name: "CurrentVersion",
            ticks: at(5),
            list: "li",
            keys: [
              { name: "Run", ticks: at(6), values: [["updater", '"C:\\ProgramData\\u.exe" -s']] },
              { name: "Uninstall", ticks: at(7), list: "lf", keys: UNINSTALL },
              below("Component Based Servicing\\Packages", { ticks: at(8), keys: PACKAGES }),
            ],
          },
        ],
      },
      below("Windows NT\\CurrentVersion", {
        ticks: at(9),
        values: [
          ["ProductName", "Windows Server 2019 Standard"],
          ["CurrentBuild", "17763"],
          ["CurrentMajorVersionNumber", 10],
          ["CurrentMinorVersionNumber", 0],
          ["UBR", 2_114],
          ["InstallTime", 132_000_000_000_000_000n],
        ],
      }),
    ],
  };
  const other: WrittenKey = {
    name: "Other",
    ticks: at(30),
    values: [
      ["list", ["one", "two", ""]],
      ["long", new Uint8Array(17_000).fill(7)],
      ["bytes", Uint8Array.of(1, 2, 3, 4, 5)],
    ],
  };
  return { name: "ROOT", ticks: at(0), keys: [microsoft, other] };
}

/** SYSTEM: a service, the time zone, and the name of the computer. */
export function madeSystem(): WrittenKey {
  const control: WrittenKey = {
    name: "Control",
    ticks: at(2),
    keys: [
      below("ComputerName\\ComputerName", { ticks: at(3), values: [["ComputerName", "MX1"]] }),
      below("TimeZoneInformation", {
        ticks: at(4),
        values: [
          ["TimeZoneKeyName", "GMT Standard Time"],
          ["Bias", 0],
        ],
      }),
    ],
  };
  const services = below("Services\\W3SVC", {
    ticks: at(5),
    values: [
      ["ImagePath", "%windir%\\system32\\svchost.exe -k iissvcs"],
      ["Start", 2],
    ],
  });
  return {
    name: "ROOT",
    ticks: at(0),
    keys: [
      { name: "ControlSet001", ticks: at(1), keys: [control, services] },
      below("Select", { ticks: at(1), values: [["Current", 1]] }),
    ],
  };
}

/** Amcache.hve with `count` files. */
export function madeAmcache(count: number): WrittenKey {
  const files = Array.from(
    { length: count },
    (_, number): WrittenKey => ({
      name: `file${number}.exe|${(number * 7_919).toString(16).padStart(16, "0")}`,
      ticks: at(number),
      values: [
        ["FileId", `0000${number.toString(16).padStart(40, "a")}`],
        ["LowerCaseLongPath", `c:\\programdata\\file${number}.exe`],
        ["Name", `file${number}.exe`],
        ["LinkDate", "08/12/2021 09:14:04"],
        ["Size", BigInt(40_960 + number)],
      ],
    }),
  );
  return {
    name: "{11517b7c-e79d-4e20-961b-75a811715add}",
    ticks: at(0),
    keys: [below("Root\\InventoryApplicationFile", { ticks: at(1), keys: files })],
  };
}
