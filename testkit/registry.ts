/** Cases for registry hives: one behaviour each. Written by our own writer, then spoiled byte by byte. */
import { Buffer } from "node:buffer";
import { parseTime } from "../src/base/time.ts";
import { checksumOf } from "../src/engines/formats/registry-hive/hive.ts";
import * as layout from "../src/engines/formats/registry-hive/layout.ts";
import { type WrittenKey, writeHive } from "../src/engines/formats/registry-hive/write.ts";
import type { TestCase } from "./case.ts";

function key(name: string, keys: readonly WrittenKey[] = [], values: WrittenKey["values"] = []): WrittenKey {
  const read = parseTime("2021-08-12T09:14:04.1234567Z");
  if (read === null) throw new Error("no time");
  return { name, ticks: read.ticks, keys, values };
}

/** The key at the end of a path. */
function below(path: string, leaf: WrittenKey): WrittenKey {
  return path.split("\\").reduceRight((inner, name) => key(name, [inner]), leaf);
}

const TIME = "2021-08-12T09:14:04.1234567Z";
const THREE = key("ROOT", [key("A", [], [["x", "one"]]), key("B", [key("C", [], [["y", 2]])])]);

/** First byte of the cell of the key of that name. */
function cellOf(hive: Buffer, name: string): number {
  const at = hive.indexOf(Buffer.concat([Buffer.from([name.length, 0, 0, 0]), Buffer.from(name, "latin1")]));
  if (at < 0) throw new Error(`no key ${name}`);
  return at - layout.KEY_NAME_BYTES - layout.CELL_HEADER_BYTES;
}

/** A hive after `spoil` changed it; the checksum of its base block is put right. */
function spoiled(root: WrittenKey, spoil: (hive: Buffer) => void): Buffer {
  const hive = Buffer.from(writeHive(root, "SOFTWARE"));
  spoil(hive);
  hive.writeUInt32LE(checksumOf(hive), layout.CHECKSUM);
  return hive;
}

/** The byte of a field of a key. */
const inKey = (hive: Buffer, name: string, field: number) => cellOf(hive, name) + layout.CELL_HEADER_BYTES + field;
/** A cell's offset as hives write it. */
const offsetOf = (hive: Buffer, name: string) => cellOf(hive, name) - layout.BASE_BYTES;
const plain = Buffer.from(writeHive(THREE, "SOFTWARE"));
const place = (name: string) => cellOf(plain, name);

export const REGISTRY_CASES: readonly TestCase[] = [
  {
    name: "registry/plain",
    why: "keys with their path below the root, and values under their names",
    format: "registry",
    file: "NTUSER.DAT",
    events: [
      { time: TIME, record: "\\", channel: "Registry", fields: { Hive: "SOFTWARE" } },
      { record: "A", fields: { Key: "A", x: "one" } },
      { record: "B" },
      { record: "B\\C", fields: { y: 2 } },
    ],
    body: plain,
  },
  {
    name: "registry/computer-name",
    why: "a SYSTEM hive names its computer: by the control set that was in use",
    format: "registry",
    events: Array.from({ length: 12 }, () => ({ host: "MX1" })),
    body: writeHive(
      key("ROOT", [
        below("ControlSet001\\Control\\ComputerName", key("ComputerName", [], [["ComputerName", "OLD"]])),
        below("ControlSet002\\Control\\ComputerName", key("ComputerName", [], [["ComputerName", "MX1"]])),
        key("Select", [], [["Current", 2]]),
        below("MountedDevices", key("x")),
      ]),
      "SYSTEM",
    ),
  },
  {
    name: "registry/exchange-build",
    why: "the build of Exchange: OwaVersion, which goes on with security updates; and what no value may pass for",
    format: "registry",
    events: [
      { record: "\\" },
      { record: "Microsoft" },
      { record: "Microsoft\\ExchangeServer" },
      { record: "Microsoft\\ExchangeServer\\v15" },
      {
        record: "Microsoft\\ExchangeServer\\v15\\Setup",
        fields: { Category: "exchange", Product: "Exchange Server", Build: "15.1.2176.14", Observation: "registry-key" },
      },
      { record: "Other", fields: { Product: null, Observation: null, Build: null, Value_Product: "Exchange Server", Value_Build: "15.1.9999.1" } },
    ],
    body: writeHive(
      key("ROOT", [
        below(
          "Microsoft\\ExchangeServer\\v15",
          key("Setup", [], [["MsiProductMajor", 15], ["MsiProductMinor", 1], ["MsiBuildMajor", 2_176], ["MsiBuildMinor", 2], ["OwaVersion", "15.1.2176.14"]]),
        ),
        key("Other", [], [["Product", "Exchange Server"], ["Build", "15.1.9999.1"], ["Observation", "registry-key"]]),
      ]),
      "SOFTWARE",
    ),
  },
  {
    name: "registry/packages",
    why: "a package is an update that is there only where servicing says installed",
    format: "registry",
    events: [
      ...["\\", "Microsoft", "Microsoft\\Windows", "Microsoft\\Windows\\CurrentVersion"].map((record) => ({ record })),
      { fields: { Category: null } },
      { fields: { Category: null } },
      { fields: { Category: "installed-update", Kb: "KB5005030", Product: "Windows" } },
      { fields: { Category: "installed-update", Kb: null } },
      { fields: { Build: "10.0.17763.2114", Kb: null } },
    ],
    body: writeHive(
      key("ROOT", [
        below(
          "Microsoft\\Windows\\CurrentVersion\\Component Based Servicing",
          key("Packages", [
            key("Package_for_KB5005030~31bf3856ad364e35~amd64~~17763.2114.1.7", [], [["CurrentState", 0x70]]),
            key("Package_for_KB5005112~31bf3856ad364e35~amd64~~17763.2114.1.7", [], [["CurrentState", 0x40]]),
            key("Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.2114.1.7", [], [["CurrentState", 0x70]]),
          ]),
        ),
      ]),
      "SOFTWARE",
    ),
  },
  {
    name: "registry/dirty",
    why: "a copy from a running machine: the last changes are in its transaction logs, and that is said",
    format: "registry",
    events: 4,
    flaws: [`${layout.PRIMARY_SEQUENCE} dirty hive`],
    body: spoiled(THREE, (hive) => hive.writeUInt32LE(8, layout.PRIMARY_SEQUENCE)),
  },
  {
    name: "registry/circle",
    why: "a key whose list of subkeys is that of its parent: each key is told once",
    format: "registry",
    events: 3,
    flaws: [`${place("A")} key node`, `${place("B")} key node`],
    body: spoiled(THREE, (hive) => {
      const list = hive.readUInt32LE(layout.BASE_BYTES + layout.BIN_HEADER_BYTES + layout.CELL_HEADER_BYTES + layout.KEY_SUBKEY_LIST);
      hive.writeUInt32LE(list, inKey(hive, "B", layout.KEY_SUBKEY_LIST));
    }),
  },
  {
    name: "registry/wrong-parent",
    why: "a key that names another parent than the list it stands in: the list counts",
    format: "registry",
    events: [{ record: "\\" }, { record: "A" }, { record: "B" }, { record: "B\\C" }],
    flaws: [`${place("C")} parent of a key`],
    body: spoiled(THREE, (hive) => hive.writeUInt32LE(offsetOf(hive, "A"), inKey(hive, "C", layout.KEY_PARENT))),
  },
  {
    name: "registry/deleted",
    why: "a free cell is no key, whatever still stands in it",
    format: "registry",
    events: [{ record: "\\" }, { record: "A" }, { record: "B" }],
    flaws: [`${place("C")} key node`],
    body: spoiled(THREE, (hive) => hive.writeInt32LE(-hive.readInt32LE(cellOf(hive, "C")), cellOf(hive, "C"))),
  },
  {
    name: "registry/forged-key",
    why: "bytes of a value that look like a key are none: no list names them",
    format: "registry",
    events: [{ record: "\\" }, { record: "A" }],
    body: writeHive(key("ROOT", [key("A", [], [["x", plain.subarray(place("A") + 4, place("A") + 4 + 77)]])]), "SOFTWARE"),
  },
  {
    name: "registry/amcache",
    why: "Amcache: path and SHA-1 out of the file's identifier",
    format: "registry",
    events: [
      ...Array.from({ length: 3 }, () => ({ channel: "Amcache" })),
      { channel: "Amcache", fields: { Path: "c:\\windows\\temp\\a.exe", Sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709", Category: "program-file" } },
    ],
    body: writeHive(
      key("{x}", [
        below("Root\\InventoryApplicationFile", key("a.exe|1", [], [["FileId", "0000da39a3ee5e6b4b0d3255bfef95601890afd80709"], ["LowerCaseLongPath", "c:\\windows\\temp\\a.exe"]])),
      ]),
      "Amcache.hve",
    ),
  },
  {
    name: "registry/transaction-log",
    why: "a transaction log begins like a hive and holds none: read by nobody, and kept",
    format: "none",
    events: 0,
    body: spoiled(THREE, (hive) => hive.writeUInt32LE(6, layout.FILE_TYPE)),
  },
];
