/** What is in order on this machine and what is not, before it matters. Changes nothing. */
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readdirSync,
  statfsSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { Fault } from "../base/fault.ts";
import { OWN_RULES, loadKnowledge, programVersion } from "./knowledge.ts";
import { Pace } from "./pace.ts";
import { sizeOfPlans, usualPlans } from "./plan-cache.ts";
import { planRuleFiles, readRuleFiles, ruleAccount } from "./rules.ts";
import { errorCode } from "../engines/journal/index.ts";
import { storeVersion } from "../engines/store/index.ts";

/** One thing looked at. */
export interface Symptom {
  readonly what: string;
  readonly state: "ok" | "warning" | "broken";
  readonly found: string;
  /** What to do; empty where nothing is to be done. */
  readonly hint: string;
}

const NODE_MAJOR_MIN = 24;
const FREE_BYTES_MIN = 2e9;

/** The variables of a process that matter here. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Looks at the machine, the runtime, the disk, the keys' folder, the rules, the knowledge and the store. */
export async function examine(
  configFolder: string,
  folder: string,
  env: Environment,
): Promise<readonly Symptom[]> {
  return [
    runtime(),
    ...mailServer(env),
    disk(folder),
    encryption(folder),
    keys(configFolder),
    knowledge(),
    await rules(),
    plans(env),
    await store(),
  ];
}

function runtime(): Symptom {
  const { node } = process.versions;
  const found = `${programVersion()} on Node ${node}, ${process.platform} ${process.arch}`;
  return Number(node.split(".")[0]) >= NODE_MAJOR_MIN
    ? ok("runtime", found)
    : {
        what: "runtime",
        state: "broken",
        found,
        hint: "run bin/breakwater, which starts the pinned Node",
      };
}

/** Programs of an Exchange server below its folder, any of which tells one (Exchange 2013 to SE). */
const EXCHANGE_PROGRAMS = [
  "Bin/Microsoft.Exchange.ServiceHost.exe",
  "Bin/Microsoft.Exchange.Store.Service.exe",
  "Bin/ExSetup.exe",
];

/**
 * Investigating on the mail server itself changes what is to be looked at, and may be watched. Told by the variable that Exchange sets and by
 * its programs in the usual folder; the registry cannot be read from here. Nothing where this is no such server.
 */
function mailServer(env: Environment): readonly Symptom[] {
  const stated = env["ExchangeInstallPath"];
  const usual = env["ProgramFiles"];
  const folders = [
    ...(stated === undefined || stated === "" ? [] : [stated]),
    ...(usual === undefined || usual === "" ? [] : [join(usual, "Microsoft/Exchange Server/V15")]),
  ];
  const found = folders.find((path) =>
    EXCHANGE_PROGRAMS.some((program) => existsSync(join(path, program))),
  );
  const where = found ?? (stated === "" ? undefined : stated);
  if (where === undefined) return [];
  return [
    {
      what: "mail server",
      state: "warning",
      found: `this looks like an Exchange server (${where})`,
      hint: "do not investigate on it: breakwater collect --out collect.ps1 writes what to run here; take its folder to another machine",
    },
  ];
}

function disk(folder: string): Symptom {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const found = `${(free / 1e9).toFixed(1)} GB free at ${folder}`;
    return free >= FREE_BYTES_MIN
      ? ok("disk", found)
      : {
          what: "disk",
          state: "warning",
          found,
          hint: "evidence is copied into the vault: make room",
        };
  } catch (error) {
    return { what: "disk", state: "broken", found: errorCode(error), hint: `check ${folder}` };
  }
}

/** Derived files are plain: whether the volume is encrypted decides who can read them (docs/design/derived.md). */
function encryption(folder: string): Symptom {
  const what = "volume encryption";
  if (process.platform !== "linux") {
    return {
      what,
      state: "warning",
      found: "cannot be told here",
      hint: "check BitLocker or FileVault",
    };
  }
  const device = deviceOf(folder);
  const found = `${device?.name ?? "the volume"} shows no sign of encryption`;
  if (device !== null && isCrypt(device.number))
    return ok(what, `${device.name} is encrypted (dm-crypt)`);
  return { what, state: "warning", found, hint: "keep vaults on an encrypted volume" };
}

/** The kernel names what a mapped device is made by; one below it may be the encrypted one (LVM on LUKS). */
function isCrypt(device: string, depth = 0): boolean {
  const folder = `/sys/dev/block/${device}`;
  try {
    if (readFileSync(join(folder, "dm", "uuid"), "utf8").startsWith("CRYPT-")) return true;
    return (
      depth < 4 &&
      readdirSync(join(folder, "slaves")).some((name) =>
        isCrypt(readFileSync(`/sys/class/block/${name}/dev`, "utf8").trim(), depth + 1),
      )
    );
  } catch {
    return false;
  }
}

function deviceOf(folder: string): { readonly name: string; readonly number: string } | null {
  try {
    const device = statSync(folder).dev;
    const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n").toReversed();
    for (const line of mounts) {
      const [, , number = "", , at = "", ...rest] = line.split(" ");
      const name = rest[rest.indexOf("-") + 2] ?? "";
      if (name.startsWith("/dev/") && sameDevice(at, device)) return { name, number };
    }
    return null;
  } catch {
    return null;
  }
}

function sameDevice(path: string, device: number): boolean {
  try {
    return statSync(path).dev === device;
  } catch {
    return false;
  }
}

function keys(configFolder: string): Symptom {
  const folder = join(configFolder, "keys");
  try {
    const mode = statSync(folder).mode & 0o077;
    accessSync(folder, constants.W_OK);
    return mode === 0 || process.platform === "win32"
      ? ok("keys", folder)
      : {
          what: "keys",
          state: "broken",
          found: `${folder} is open to others`,
          hint: `chmod 700 ${folder}`,
        };
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      return ok("keys", `${folder} will be made with the first vault`);
    return {
      what: "keys",
      state: "broken",
      found: `${folder}: ${errorCode(error)}`,
      hint: "check who owns it",
    };
  }
}

function knowledge(): Symptom {
  try {
    const { laws, hash } = loadKnowledge();
    return ok(
      "knowledge",
      `${laws.length} laws, log sources, expected evidence and how long it lasts (${hash.slice(0, 12)})`,
    );
  } catch (error) {
    return broken("knowledge", error);
  }
}

async function rules(): Promise<Symptom> {
  try {
    const pace = new Pace();
    const files = await readRuleFiles([OWN_RULES], pace);
    const { plan } = await planRuleFiles(files, loadKnowledge().logSources, pace, null);
    const account = ruleAccount(files, plan);
    const found = `${account.run} of ${account.rules} of our own rules run`;
    return account.run > 0
      ? ok("rules", found)
      : { what: "rules", state: "broken", found, hint: "reinstall" };
  } catch (error) {
    return broken("rules", error);
  }
}

/** Plans of rules, kept for commands without a vault; safe to delete at any time. */
function plans(env: Environment): Symptom {
  const cache = usualPlans(env);
  try {
    const { files, sizeBytes } = sizeOfPlans(cache);
    const held = files === 0 ? "empty" : `${files} of them, ${(sizeBytes / 1e6).toFixed(1)} MB`;
    return ok("plans of rules", `${cache.folder}: ${held}`);
  } catch (error) {
    return {
      what: "plans of rules",
      state: "warning",
      found: `${cache.folder}: ${errorCode(error)}`,
      hint: "rules are parsed anew for each command; mend the permissions of this folder",
    };
  }
}

async function store(): Promise<Symptom> {
  try {
    return ok("store", await storeVersion());
  } catch (error) {
    return broken("store", error);
  }
}

function ok(what: string, found: string): Symptom {
  return { what, state: "ok", found, hint: "" };
}

function broken(what: string, error: unknown): Symptom {
  if (!(error instanceof Fault)) throw error;
  return { what, state: "broken", found: error.message, hint: error.hint };
}
