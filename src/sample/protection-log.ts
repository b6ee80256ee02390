/**
 * MPLog, Defender's own support log: for each file that it removed a query to the cloud with its hashes, the detection and
 * the action. The event log carries no hash; this one does. Hashes are of names, for there are no contents.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { MadeFile } from "../model/sample.ts";
import { SECOND, isoOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { madeFile } from "./made-file.ts";
import type { Verdict } from "./plan.ts";
import type { Story } from "./story.ts";

/** SHA-1 of a removed file, told by its path and threat. */
export function sha1Of(path: string, threat: string): string {
  return hashOf("sha1", path, threat);
}

function hashOf(algorithm: "sha1" | "sha256", path: string, threat: string): string {
  return createHash(algorithm).update(`synthetic\n${path}\n${threat}`).digest("hex");
}

/** The log of the mail server, UTF-16 as Defender writes it. */
export function makeProtectionLog(story: Story): MadeFile {
  return madeFile("MX1/Windows Defender/Support/MPLog-20210601-001204.log", () => {
    const chance = new Chance(story.seed, `mplog/${story.variant}`);
    const lines = story.plan.verdicts
      .flatMap((verdict) => linesOf(chance, verdict))
      .concat(impacts(story))
      .sort((left, right) => left.at - right.at)
      .map(({ at, text }) => `${isoOf(at)} ${text}\r\n`);
    return [new Uint8Array(Buffer.from(`\ufeff${lines.join("")}`, "utf16le"))];
  });
}

interface Line {
  readonly at: number;
  readonly text: string;
}

function linesOf(chance: Chance, verdict: Verdict): Line[] {
  const { at, paths, threat, failed } = verdict;
  const resources = paths.map((path) => `file:${path}`).join(";");
  const acted = at + chance.between(2, 45) * SECOND;
  const result = failed ? "0x80070020" : "0x0";
  return [
    ...paths.map((path) => {
      const device = path.replace(/^C:/, "\\Device\\HarddiskVolume4");
      const hashes = `(sha1=${hashOf("sha1", path, threat)}, sha2=${hashOf("sha256", path, threat)})`;
      return { at: at - 180, text: `SDN:Issuing SDN query for ${device} (${device}) ${hashes}` };
    }),
    { at, text: `DETECTIONEVENT MPSOURCE_REALTIME ${threat} ${resources};` },
    {
      at: acted,
      text: `DETECTION_CLEANEVENT MPSOURCE_REALTIME MP_THREAT_ACTION_QUARANTINE ${result} ${threat} ${resources};`,
    },
  ];
}

/** Now and then the product notes which process it slowed down. */
function impacts({ keeping }: Story): Line[] {
  return keeping.days.map((day) => ({
    at: day * 86_400_000 + 3_600_000,
    text: "ProcessImageName: agent.exe, Pid: 6700, TotalTime: 2044, Count: 131, MaxTime: 156, MaxTimeFile: \\Device\\HarddiskVolume4\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\ExSetup.exe, EstimatedImpact: 2%",
  }));
}
