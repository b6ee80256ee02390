/**
 * The chain of March 2021 as its own author ran it against a laboratory's server, and what that server's logs prove of it. The evidence lies
 * beside the project: Windows events as JSON lines in a zip, and a transcript of what the attacker saw. No log of the web server is
 * in it, so who asked for what stays unknown: the probe, the DN, the SID, the session and the canary of the transcript left no record here.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatTicks, toTicks } from "../../src/base/time.ts";
import { known } from "../../src/base/assert.ts";
import type { Cause } from "../../src/model/cause.ts";
import { shared } from "../shared.ts";
import { inFolder, investigatePaths } from "./investigation.ts";

const EVIDENCE = ["proxylogon", "proxylogon_ssrf_rce_poc.zip"];
const TRANSCRIPT = ["proxylogon", "SDWIN-210314014019.yaml"];
const isAbsent = shared(...EVIDENCE) === null || shared(...TRANSCRIPT) === null;

function timeOf(ticks: bigint): string {
  return formatTicks(known(toTicks(ticks), "a time"), 3).slice(11, 23);
}

function tell({ chains }: Cause): readonly string[] {
  return chains.flatMap(({ links }) =>
    links.map(({ ticks, rung, where, what, count, joinedBy }) =>
      [timeOf(ticks), rung, where, `${what} (${count})`, joinedBy].join(" | "),
    ),
  );
}

test.skipIf(isAbsent)("the ladder and the chain tell what the transcript tells, in order", () =>
  inFolder(async (folder) => {
    const { cause, answers } = await investigatePaths(folder, [shared(...EVIDENCE) ?? ""], null);

    // Set by the exploit, written by the server to itself, reset, called, and asked who it is.
    expect(cause.chains.map(({ host }) => host)).toEqual(["MXS01.azsentinel.local"]);
    expect(tell(cause)).toEqual([
      "01:40:12.987 | executed | cmdlet | Set-OabVirtualDirectory of OAB (Default Web Site) (1) | ",
      "01:40:13.660 | executed | file | /owa/auth/ohyeah.aspx on disk by System by MXS01$ (3) | time alone, less than a second",
      String.raw`01:40:14.768 | executed | cmdlet | Remove-OabVirtualDirectory of MXS01\OAB (Default Web Site) (1) | virtual directory and 1 second`,
      "01:40:15.320 | used | file | owa/ohyeah.aspx compiled by w3wp.exe (1) | page ohyeah.aspx",
      String.raw`01:40:15.338 | used | process | cmd /c whoami as NT AUTHORITY\SYSTEM (2) | time alone: page ohyeah.aspx was in use`,
      "01:40:17.518 | executed | cmdlet | New-OabVirtualDirectory of ClientAccess (1) | virtual directory and 2 seconds",
    ]);

    const [ladder] = cause.ladders;
    expect(cause.ladders.length).toBe(1);
    expect(
      ladder?.steps.map(({ rung, first, count, joinedBy }) => [
        rung,
        timeOf(first),
        count,
        joinedBy,
      ]),
    ).toEqual([
      ["executed", "01:40:12.987", 6, undefined],
      // The compiled page is shown by its name alone; two programs stand in two logs each, and count once.
      ["used", "01:40:15.320", 3, "page ohyeah.aspx"],
    ]);
    expect(cause.first.map(({ at }) => [at.rung, timeOf(at.first)])).toEqual([
      ["executed", "01:40:12.987"],
    ]);
    const told = answers.find(({ question }) => question === "cause");
    expect(told?.statements.map(({ text }) => text).join("\n")).toContain(
      "1 way in can be followed on MXS01.azsentinel.local",
    );

    // What the attacker saw names the same page, the same command, the same account.
    const transcript = readFileSync(shared(...TRANSCRIPT) ?? "", "utf8");
    expect(transcript).toContain("/owa/auth/ohyeah.aspx");
    expect(transcript).toContain("cmd /c whoami");
    expect(transcript.toLowerCase()).toContain(String.raw`nt authority\system`);
  }),
);
