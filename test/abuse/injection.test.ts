/**
 * Abuse case 22: line ends and escape sequences in everything that evidence can say: names of files and members, hosts,
 * channels, users, values. Whatever prints them, a terminal, a page, a table or the journal sees text and nothing else.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { evtxFile } from "../../src/engines/formats/evtx/write.ts";
import { known } from "../../src/base/assert.ts";
import { writeTar } from "../containers/write-tar.ts";
import { writeZip } from "../containers/write-zip.ts";
import { madeEvents } from "../readers/evtx-log.ts";
import { inFolder } from "../scenario/investigation.ts";
import { SOUND_LOG, filesBelow, filesWith, text } from "./hostile-case.ts";

const PROGRAM = resolve("bin/breakwater");
/** Clears a screen, renames a window, hides, reorders, and begins a line that looks like one of ours. */
const HOSTILE =
  "a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eb\u200b\u2028\r\nbreakwater: error: forged\r\n\u0085c";
/** What a terminal acts on, or hides; the line feed between lines apart. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const ACTIVE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/u;

/** The same with what a Linux file name can hold. */
const FILE = `log ${HOSTILE.replaceAll("/", "-")}.log`;

/** Evidence that says hostile things in every place, and matches rules with them. */
function writeEvidence(folder: string): void {
  mkdirSync(folder);
  const write = (name: string, bytes: string | Uint8Array) =>
    writeFileSync(join(folder, name), bytes);
  const agent = HOSTILE.replaceAll(/[\r\n ]/g, "+");
  const head =
    "#Fields: date time s-computername cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status\r\n";
  const probe = "@evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example";
  write(
    FILE,
    `${head}2021-08-13 04:12:07 MX${agent} GET /autodiscover/autodiscover.json ${probe} 198.51.100.7 ${agent} 200\r\n`,
  );
  write(`empty ${FILE}`, "");
  write(`none ${FILE}`, "nothing that a reader knows");
  const [event] = [...madeEvents(400, 7)].filter(({ channel }) => channel.includes("Defender"));
  const sound = known(event, "a Defender event");
  const data = (sound.data ?? []).map(([name, value]) =>
    typeof value === "string" ? ([name, `${value}${HOSTILE}`] as const) : ([name, value] as const),
  );
  write(
    "defender.evtx",
    evtxFile([
      { ...sound, computer: `MX2${HOSTILE}`, data },
      { ...sound, channel: HOSTILE },
    ]),
  );
  const windows = (id: number, channel: string, values: object) =>
    `${JSON.stringify({ Event: { System: { EventID: id, Channel: channel, Computer: `MX3${HOSTILE}`, Provider: HOSTILE, TimeCreated: "2021-08-13T04:12:07Z" }, EventData: values } })}\n`;
  write(
    "windows.json",
    windows(1102, "Security", { SubjectUserName: HOSTILE, [HOSTILE]: HOSTILE }) +
      windows(4624, "Security", { TargetUserName: HOSTILE }),
  );
  write(
    "timeline.csv",
    `message,datetime,timestamp_desc,hostname\n"${HOSTILE}",2021-08-13T04:12:07Z,"${HOSTILE}","${HOSTILE}"\n`,
  );
  const inner = [
    { name: `in ${HOSTILE}`, bytes: text(SOUND_LOG) },
    { name: `other ${HOSTILE}`, bytes: text("x") },
  ];
  write("names.zip", writeZip(inner));
  write(
    "names.tar",
    writeTar(inner.map((entry) => ({ ...entry, bytes: Buffer.concat([entry.bytes, text("\n")]) }))),
  );
}

function run(folder: string, ...words: readonly string[]) {
  return spawnSync(PROGRAM, words, {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: folder, NO_COLOR: "1" },
    maxBuffer: 64 << 20,
  });
}

/** The first active character of a text and what stands around it, for a message that a person can read. */
function active(output: string): string | null {
  const at = output.search(ACTIVE);
  return at < 0 ? null : JSON.stringify(output.slice(Math.max(0, at - 60), at + 20));
}

const BY = ["--by", HOSTILE, "--reason", HOSTILE];
const ON_FILES = [
  ["events", "evidence"],
  ["events", "evidence", "--format", "timesketch"],
  ["events", "evidence", "--format", "timesketch-csv"],
  ["detect", "evidence"],
];
const ON_VAULT = [
  ["investigate", "evidence", "--by", HOSTILE],
  ["investigate", "evidence", "--by", "Ann", "--format", "json"],
  ["evidence", "list"],
  ["evidence", "list", "--format", "json"],
  ["evidence", "coverage"],
  ["evidence", "coverage", "--format", "json"],
  ["evidence", "hold", "evidence/names.zip", ...BY],
  ["duties", "event", "aware", "--at", "2021-12-06T09:30:00Z", "--by", HOSTILE],
  ["duties", "show"],
  ["dossier", "--out", "board"],
  ["evidence", "export", "--out", "handed-over", ...BY],
];

test("abuse 22: no command prints a control character, or a line that evidence made up", {
  timeout: 240_000,
}, async () => {
  await inFolder(async (folder) => {
    writeEvidence(join(folder, "evidence"));
    const doomed = createHash("sha256")
      .update(readFileSync(join(folder, "evidence", FILE)))
      .digest("hex");
    const destroy = ["evidence", "destroy", doomed, "--confirm", doomed, "--out", "certified"];
    const words = [
      ...ON_FILES,
      ...[...ON_VAULT, [...destroy, ...BY]].map((call) => [...call, "--vault", "case"]),
      ...["case", "board", "handed-over", "certified"].map((one) => ["verify", one]),
      ["events", `evidence/${FILE}/none`],
    ];
    for (const call of words) {
      const { stdout, stderr, status } = run(folder, ...call);
      const title = `breakwater ${call.join(" ").replaceAll(HOSTILE, "…")}`;
      const isFault = call.at(-1)?.endsWith("none") === true;
      const lines = `${stdout}\n${stderr}`.split("\n");
      // What was hostile is still there, to be seen, and no line of it is one of ours.
      const told = {
        status,
        active: active(stdout) ?? active(stderr),
        errors: lines.filter((line) => line.startsWith("breakwater: error")).length,
        isShown: call[0] !== "events" || /\\u001b|\\u\{1b\}/.test(stdout + stderr),
      };
      const sound = {
        status: isFault ? 2 : 0,
        active: null,
        errors: isFault ? 1 : 0,
        isShown: true,
      };
      expect([title, told, isFault ? "" : stderr.slice(0, 400)]).toEqual([
        title,
        sound,
        expect.anything(),
      ]);
    }
    written(folder);
  });
});

/** The files that were written: those of ours are text that shows, and the journal holds nothing of it. */
function written(folder: string): void {
  const all = ["board", "handed-over", "certified"].flatMap((name) =>
    filesBelow(join(folder, name)),
  );
  for (const path of all) expect(active(path)).toBe(null);
  // What was handed in comes out as it was; everything else is ours.
  const papers = all.filter((path) => !path.startsWith(join(folder, "handed-over", "evidence")));
  expect(papers.length).toBeGreaterThan(8);
  for (const path of papers)
    expect([path, active(readFileSync(path, "utf8"))]).toEqual([path, null]);
  expect(readFileSync(join(folder, "board", "dossier.html"), "utf8")).toContain("\\u{1b}[2J");
  const journal = filesBelow(join(folder, "case", "journal"));
  expect(journal.length).toBeGreaterThan(0);
  for (const word of ["owned", "forged"])
    expect(filesWith(join(folder, "case", "journal"), word)).toEqual([]);
}
