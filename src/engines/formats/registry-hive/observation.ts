/**
 * What some keys testify about a product's build or an update, and Amcache about a file: fields beside the raw values.
 * Refuses packages that are not installed. Marked "practice" where no vendor documents it (docs/formats/registry.md).
 */
import { FILETIME_EPOCH, formatTicks, toTicks } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import { EXCHANGE, WINDOWS } from "../observed.ts";

/** The values of a key as fields: by their names without blanks. */
export type Values = ReadonlyMap<string, FieldValue>;

const KB = /\bKB(\d{6,8})\b/i;

/** Fields that a key adds to its values; `plain` is its path as category.ts writes it. */
export function observedIn(
  plain: string,
  name: string,
  values: Values,
): readonly (readonly [string, FieldValue])[] {
  const found = inventoryOf(plain, name, values);
  if (found !== null) return [...found, ["Observation", "registry-key"]];
  return fileOf(plain, name, values);
}

type Fields = readonly (readonly [string, FieldValue])[];

function inventoryOf(plain: string, name: string, values: Values): Fields | null {
  if (plain === "microsoft\\exchangeserver\\v15\\setup") return exchangeSetup(values);
  if (plain === "microsoft\\windows nt\\currentversion") return windowsVersion(values);
  if (plain.startsWith(PACKAGES)) return servicingPackage(name, values);
  if (plain.startsWith(UNINSTALL) || (plain.startsWith(INSTALLER) && INSTALLED.test(plain)))
    return installedProduct(plain, values);
  return null;
}

const PACKAGES = "microsoft\\windows\\currentversion\\component based servicing\\packages\\";
const UNINSTALL = "microsoft\\windows\\currentversion\\uninstall\\";
const INSTALLER = "microsoft\\windows\\currentversion\\installer\\userdata\\";
/** The properties of a product, and the patches of it, as Windows Installer keeps them. */
const INSTALLED = /\\products\\[0-9a-f]{32}\\(?:installproperties|patches\\[0-9a-f]{32})$/;
/** Windows Installer: a patch that is applied (MSIPATCHSTATE_APPLIED). */
const PATCH_APPLIED = 1;

/** OwaVersion goes on with a security update; the Msi numbers are those of the cumulative update (practice). */
function exchangeSetup(values: Values): Fields | null {
  const msi = ["MsiProductMajor", "MsiProductMinor", "MsiBuildMajor", "MsiBuildMinor"].map((part) =>
    values.get(part),
  );
  const owa = textOf(values, "OwaVersion");
  const build = /^\d+\.\d+\.\d+\.\d+$/.test(owa)
    ? owa
    : msi.every((part) => typeof part === "number")
      ? msi.join(".")
      : "";
  return build === ""
    ? null
    : [
        ["Product", EXCHANGE],
        ["Build", build],
      ];
}

function windowsVersion(values: Values): Fields | null {
  const build = textOf(values, "CurrentBuild") || textOf(values, "CurrentBuildNumber");
  if (!/^\d{4,6}$/.test(build)) return null;
  const [major, minor, revision] = [
    "CurrentMajorVersionNumber",
    "CurrentMinorVersionNumber",
    "UBR",
  ].map((part) => values.get(part));
  // Before Windows 10 the version stood in one text, and the revision nowhere.
  const version =
    typeof major === "number" && typeof minor === "number"
      ? `${major}.${minor}`
      : textOf(values, "CurrentVersion");
  return [
    ["Product", WINDOWS],
    ["Build", `${version}.${build}${typeof revision === "number" ? `.${revision}` : ""}`],
  ];
}

/** States of component-based servicing that mean "in the system": installed, permanent (Microsoft's chart of 2015-10-12). */
const IN_PLACE: ReadonlySet<FieldValue | undefined> = new Set([0x70, 0x80]);
/** `Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.2114.1.7`: the build that a rollup brings (practice). */
const ROLLUP = /^Package_for_RollupFix~.*~(\d{5}\.\d{1,5})\.\d+\.\d+$/i;

function servicingPackage(name: string, values: Values): Fields | null {
  if (!IN_PLACE.has(values.get("CurrentState"))) return null;
  const kb = KB.exec(name.replaceAll("_", " "))?.[1];
  const build = ROLLUP.exec(name)?.[1];
  if (kb === undefined && build === undefined) return null;
  const installed = installTimeOf(values);
  return [
    ["Product", WINDOWS],
    ...(build === undefined ? [] : ([["Build", `10.0.${build}`]] as const)),
    ...(kb === undefined ? [] : ([["Kb", `KB${kb}`]] as const)),
    ...(installed === null ? [] : ([["InstallTime", installed]] as const)),
  ];
}

function installTimeOf(values: Values): string | null {
  const [high, low] = [values.get("InstallTimeHigh"), values.get("InstallTimeLow")];
  if (typeof high !== "number" || typeof low !== "number") return null;
  const ticks = toTicks((BigInt(high) << 32n) + BigInt(low) - FILETIME_EPOCH);
  return ticks === null ? null : formatTicks(ticks);
}

function installedProduct(plain: string, values: Values): Fields | null {
  const name = textOf(values, "DisplayName");
  const isPatch = plain.includes("\\patches\\");
  if (isPatch && values.get("State") !== PATCH_APPLIED) return null;
  const kb = KB.exec(name)?.[1];
  const isExchange = /\bExchange Server\b/i.test(name);
  const version = textOf(values, "DisplayVersion");
  // The version beside an update is that of what it was made for.
  const isBuild =
    isExchange &&
    kb === undefined &&
    /^Microsoft Exchange Server/i.test(name) &&
    /^\d+(?:\.\d+){3}$/.test(version);
  if (!isBuild && kb === undefined) return null;
  return [
    ["Product", isExchange ? EXCHANGE : shortName(name)],
    ...(isBuild ? ([["Build", version]] as const) : []),
    ...(kb === undefined ? [] : ([["Kb", `KB${kb}`]] as const)),
  ];
}

/** `Security Update for X (KB1)` is an update of X. */
function shortName(name: string): string {
  return name
    .replace(/\s*\(?KB\d{6,8}\)?.*$/i, "")
    .replace(/^(?:Security |Hotfix |Service )*(?:Update|Hotfix) for /i, "")
    .trim();
}

/** Amcache: path and SHA-1 (of the first 30 MiB; a file identifier has "0000" before it). */
function fileOf(plain: string, name: string, values: Values): Fields {
  const isFile =
    plain.startsWith("root\\inventoryapplicationfile\\") || plain.startsWith("root\\file\\");
  const isDriver = plain.startsWith("root\\inventorydriverbinary\\");
  if (!isFile && !isDriver) return [];
  // Before Windows 10 1709 values have numbers for names: 15 is the path, 101 the identifier (practice).
  const path = isDriver ? name : textOf(values, "LowerCaseLongPath") || textOf(values, "15");
  const id = textOf(values, isDriver ? "DriverId" : "FileId") || textOf(values, "101");
  const sha1 = /^0000([0-9a-f]{40})$/i.exec(id)?.[1];
  return [
    ...(path === "" ? [] : ([["Path", path]] as const)),
    ...(sha1 === undefined ? [] : ([["Sha1", sha1.toLowerCase()]] as const)),
  ];
}

function textOf(values: Values, name: string): string {
  const value = values.get(name);
  return typeof value === "string" ? value : "";
}
