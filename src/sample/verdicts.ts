/**
 * What the antivirus took away: 54 unique (path, threat) in three months, in bursts, with silences between.
 * File and threat names only; there is no content behind any of them.
 */
import { known } from "../base/assert.ts";
import { DAY, HOUR, SECOND } from "./calendar.ts";
import type { Scene } from "./actor.ts";
import type { MalwareKind, Shell, Verdict } from "./plan.ts";
import { drawCompiledPath, drawShellPath } from "./shell-path.ts";

/** Files that the antivirus removes in the story of the exploited server. */
export const REMOVED_FILES = 54;

const W3WP = "C:\\Windows\\System32\\inetsrv\\w3wp.exe";
const REPLICATION =
  "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\MSExchangeMailboxReplication.exe";
const SYSTEM = "NT AUTHORITY\\SYSTEM";

const SHELL_THREATS = [
  "Backdoor:ASP/Chopper.F!dha",
  "Backdoor:ASP/Webshell.H",
  "Trojan:ASP/Webshell!MSR",
  "Backdoor:ASP/Aspy.A!MTB",
  "Backdoor:MSIL/Chopper.F!dha",
];
const TOOLS: readonly (readonly [file: string, threat: string])[] = [
  ["C:\\Windows\\Temp\\m64.exe", "HackTool:Win64/Mikatz!dha"],
  ["C:\\ProgramData\\pd.exe", "HackTool:Win32/ProcDump.A"],
  ["C:\\Windows\\Temp\\frpc.exe", "HackTool:Win64/Frp!MSR"],
  ["C:\\Users\\Public\\nb.exe", "HackTool:Win32/NbtScan.A"],
  ["C:\\Windows\\Temp\\p.ps1", "HackTool:PowerShell/PowerView.A"],
  ["C:\\ProgramData\\s.dll", "Trojan:Win64/CobaltStrike.A!MTB"],
  ["C:\\Windows\\Temp\\b.dll", "Behavior:Win32/Beacon.A"],
  ["C:\\Users\\Public\\ew.exe", "HackTool:Win32/Earthworm.A"],
  ["C:\\ProgramData\\dom.exe", "HackTool:Win64/AdFind!MSR"],
  ["C:\\Windows\\Temp\\pot.exe", "HackTool:Win64/JuicyPotato.B"],
  ["C:\\Windows\\System32\\config\\ls.exe", "HackTool:Win64/Lazagne.A"],
  ["C:\\Users\\Public\\r.exe", "HackTool:Win32/RemoteAdmin!MSR"],
];

interface Removal {
  readonly paths: string[];
  readonly kinds: MalwareKind[];
  readonly threat: string;
  readonly process: string;
  readonly at: number;
  readonly actor: string;
  /** False for a page that was never compiled, because nobody was answered by it. */
  readonly ran: boolean;
}

/** Draws the 54 removals around the pages that the chain dropped; the first of them may still be alive. */
export function drawVerdicts(scene: Scene): void {
  const { chance, plan } = scene;
  const pages = plan.shells.filter(({ actor }) => actor !== "contracted-test");
  const removals: Removal[] = pages.map((page) => ({
    paths: [page.file],
    kinds: ["shell"],
    threat: chance.pick(SHELL_THREATS),
    // A page that answered was found weeks later, as it ran; one that never did was taken while it was written.
    process: page.firstAnswer !== null || page.droppedBy === "w3wp.exe" ? W3WP : REPLICATION,
    at:
      page.firstAnswer === null
        ? page.writtenAt + 2 * SECOND
        : page.firstAnswer + chance.between(20, 40) * DAY,
    actor: page.actor,
    ran: page.firstAnswer !== null,
  }));
  const answered = pages.filter(({ firstAnswer }) => firstAnswer !== null);
  const since = (page: Shell) => page.firstAnswer ?? Number.POSITIVE_INFINITY;
  const bursts = drawBursts(scene, Math.min(...answered.map(since)));
  const add = (path: string, kind: MalwareKind, threat: string, process = W3WP) => {
    const at = chance.pick(bursts) + chance.between(0, 5 * 3600) * SECOND;
    removals.push({
      paths: [path],
      kinds: [kind],
      threat,
      process,
      at,
      actor: chance.pick(answered.filter((page) => since(page) < at)).actor,
      ran: true,
    });
  };
  const shells = chance.between(18, 22);
  while (removals.length < shells)
    add(drawShellPath(chance).file, "shell", chance.pick(SHELL_THREATS));
  const tools = chance.shuffle(TOOLS).slice(0, chance.between(8, 12));
  for (const [file, threat] of tools) add(file, "tool", threat);
  add(
    "C:\\Windows\\Temp\\xm\\svchost.exe",
    "miner",
    "Trojan:Win64/CoinMiner.RB!MTB",
    "C:\\Windows\\System32\\cmd.exe",
  );
  compile(scene, removals, shells, REMOVED_FILES - removals.length, bursts);
  record(scene, removals);
}

/** Days of activity: five to eight, with at least nine quiet days between some of them. */
function drawBursts(scene: Scene, from: number): number[] {
  const { chance } = scene;
  const bursts = [from + chance.between(3, 30) * HOUR];
  for (let at = known(bursts[0], "just made"); bursts.length < 8; ) {
    at += chance.pick([2, 3, 9, 12, 16, 19]) * DAY + chance.between(0, 20) * HOUR;
    if (at > from + 84 * DAY) break;
    bursts.push(at);
  }
  return bursts;
}

/** Compiled pages: some beside their page in one verdict, the others alone. */
function compile(
  scene: Scene,
  removals: Removal[],
  shells: number,
  count: number,
  bursts: readonly number[],
): void {
  const { chance } = scene;
  const pages = removals.slice(0, shells).filter(({ ran }) => ran);
  for (let made = 0; made < count; made++) {
    const page = known(pages[made % pages.length], "some pages ran");
    const application = page.paths[0]?.includes("\\owa\\") ? "owa" : "root";
    const path = drawCompiledPath(chance, application);
    if (made < pages.length && chance.happens(0.4)) {
      page.paths.push(path);
      page.kinds.push("compiled");
      continue;
    }
    const at =
      chance.pick(bursts.filter((burst) => burst > page.at - DAY).concat(page.at)) +
      chance.between(1, 9000) * SECOND;
    removals.push({
      paths: [path],
      kinds: ["compiled"],
      threat: page.threat,
      process: W3WP,
      at,
      actor: page.actor,
      ran: true,
    });
  }
}

/** One action fails; a few files come back and are removed again, which makes events but no new files. */
function record(scene: Scene, removals: readonly Removal[]): void {
  const { chance, plan } = scene;
  const failing = chance.pick(removals.filter(({ ran }) => ran));
  const verdicts: Verdict[] = removals.map((removal) => ({
    ...removal,
    user: SYSTEM,
    failed: removal === failing,
  }));
  const again = chance.shuffle(verdicts.slice(1)).slice(0, 4);
  plan.verdicts.push(...verdicts);
  plan.verdicts.push(
    ...again.map((verdict) => ({
      ...verdict,
      failed: false,
      at: verdict.at + chance.between(1, 40) * HOUR,
    })),
  );
}
