/** How evidence is read decides nothing: by one or by two, at once or day by day, copied or left where it is, loose or in archives. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readFileSync,
  renameSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Pace, eventPage, investigate, verifyVault, withVault } from "../../src/casework/index.ts";
import { openStore } from "../../src/engines/store/index.ts";
import { lastRun } from "../../src/casework/inputs.ts";
import type { Vault } from "../../src/casework/index.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import { at, inFolder, settingsIn } from "./investigation.ts";

const HEADER =
  "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\r\n";
const ATTACK =
  "POST /autodiscover/autodiscover.json @evil.example/powershell/?X-Rps-CAT=abc&Email=autodiscover/autodiscover.json%3f@evil.example 443 - 198.51.100.7 python-requests/2.25 200 0 0 312";

/** A day of a web server's log, `lines` long, with an attack in its middle. */
function day(date: string, lines: number): string {
  const rows = Array.from({ length: lines }, (_, line) => {
    const second = Math.floor((line * 86_399) / lines);
    const time = new Date(second * 1000).toISOString().slice(11, 19);
    const request =
      line === Math.floor(lines / 2)
        ? ATTACK
        : `GET /owa/ id=${line} 443 - 203.0.113.9 Mozilla/5.0+(x) 200 0 0 15`;
    return `${date} ${time} 10.0.0.5 ${request}\r\n`;
  });
  return HEADER + rows.join("");
}

interface Asked {
  readonly paths: readonly string[];
  readonly byReference?: boolean;
  readonly passwords?: readonly string[];
}

async function run(folder: string, vault: string, asked: Asked): Promise<Dossier> {
  return inVault(folder, vault, (open) =>
    investigate(
      open,
      {
        by: "a scenario",
        rules: null,
        caseFile: null,
        asOf: at("2021-12-31T00:00:00Z"),
        from: null,
        to: null,
        byReference: false,
        passwords: null,
        claims: null,
        ...asked,
      },
      new Pace(),
    ),
  );
}

function inVault<T>(folder: string, vault: string, work: (vault: Vault) => Promise<T>): Promise<T> {
  return withVault(join(folder, vault), settingsIn(folder), { createBy: "a scenario" }, work);
}

/** Everything that a dossier concludes, without what is the vault's own. */
/** What was found, without when a run of this machine told of it. */
function foundIn({ findings }: Dossier) {
  return findings.map((finding) => ({ ...finding, opened: null, due: null }));
}

function conclusions(dossier: Dossier): string {
  const { coverage, records, answers, flaws } = dossier;
  const findings = foundIn(dossier);
  return JSON.stringify({ findings, coverage, records, answers, flaws }, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}

function verified(folder: string, vault: string) {
  const config = join(folder, "config");
  const settings = { key: { kind: "default" }, configFolder: config, checkpoint: null } as const;
  return verifyVault(join(folder, vault), settings, new Pace());
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

test("a large corpus read by two threads gives what small days read one by one give, and a day added costs that day", async () => {
  await inFolder(async (folder) => {
    const logs = join(folder, "logs");
    mkdirSync(logs);
    const write = (date: string, lines: number) =>
      writeFileSync(join(logs, `u_ex${date.replaceAll("-", "").slice(2)}.log`), day(date, lines));
    write("2021-08-01", 400_000);
    write("2021-08-02", 100_000);
    write("2021-08-03", 50_000);
    const whole = await run(folder, "whole", { paths: [logs] });
    expect(whole.evidence.map(({ events }) => events)).toEqual([400_000, 100_000, 50_000]);
    expect(whole.detectionsTotal).toBeGreaterThanOrEqual(3);
    // Day by day in another vault: the same conclusions.
    const names = readdirSync(logs).sort();
    for (const name of names.slice(0, 2)) await run(folder, "daily", { paths: [join(logs, name)] });
    const portions = join(folder, "daily", "derived", "portions");
    const before = new Map(
      readdirSync(portions).map((name) => [name, statSync(join(portions, name)).mtimeMs]),
    );
    const daily = await run(folder, "daily", { paths: [join(logs, names[2] ?? "")] });
    expect(conclusions(daily)).toBe(conclusions(whole));
    const fresh = readdirSync(portions).filter(
      (name) => before.get(name) !== statSync(join(portions, name)).mtimeMs,
    );
    expect(before.size).toBeGreaterThan(2);
    expect(fresh).toHaveLength(1);
  });
}, 120_000);

test("evidence by reference is read where it lies, copied nowhere, and said when it has changed", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "u_ex210801.log");
    writeFileSync(log, day("2021-08-01", 2000));
    const copied = await run(folder, "copied", { paths: [log] });
    const referenced = await run(folder, "referenced", { paths: [log], byReference: true });
    expect(foundIn(referenced)).toEqual(foundIn(copied));
    expect(referenced.evidence[0]?.evidence.holding.kind).toBe("referenced");
    // All that is sealed but the evidence: the rules, the settings, the dossier.
    const sealed = (vault: string) => filesBelow(join(folder, vault, "objects")).length;
    expect(sealed("referenced")).toBe(sealed("copied") - 1);
    const check = () => verified(folder, "referenced");
    expect(check()).toMatchObject({ intact: true, troubles: [] });
    expect(check().checked).toContain("1 evidence left where it lay, held against its hash");
    writeFileSync(log, day("2021-08-01", 2000).replace("203.0.113.9", "203.0.113.8"));
    expect(check().troubles).toEqual([expect.stringContaining("has other bytes than were hashed")]);
    rmSync(log);
    expect(check().troubles).toEqual([expect.stringMatching(/^removed: .*cannot be read/)]);
    writeFileSync(log, day("2021-08-01", 2001));
    const changed = await run(folder, "referenced", { paths: [] });
    expect(changed.flaws.map(({ what }) => what)).toEqual(["referenced evidence changed"]);
    expect(changed.findings).toEqual([]);
  });
});

test("evidence by reference that moved is handed in again from where it is now, and is one evidence still", async () => {
  await inFolder(async (folder) => {
    const [log, moved] = [join(folder, "u_ex210801.log"), join(folder, "elsewhere.log")];
    writeFileSync(log, day("2021-08-01", 2000));
    const before = await run(folder, "referenced", { paths: [log], byReference: true });
    renameSync(log, moved);
    const lost = await run(folder, "referenced", { paths: [] });
    expect(lost.evidence.map(({ events }) => events)).toEqual([0]);
    const after = await run(folder, "referenced", { paths: [moved], byReference: true });
    expect(after.evidence.map(({ intake, events }) => [intake, events])).toEqual([["read", 2000]]);
    expect(after.flaws).toEqual([]);
    expect(foundIn(after)).toEqual(foundIn(before));
    expect(verified(folder, "referenced")).toMatchObject({ intact: true, troubles: [] });
  });
});

test("an event of a nested archive opens at its place, and lock and rebuild find it again", async () => {
  await inFolder(async (folder) => {
    const logs = join(folder, "C", "inetpub");
    mkdirSync(logs, { recursive: true });
    const text = day("2021-08-01", 2000);
    writeFileSync(join(logs, "u_ex210801.log"), text);
    writeFileSync(join(folder, "loose.log"), day("2021-08-02", 10));
    execFileSync("tar", ["-czf", "inner.tar.gz", "C"], { cwd: folder });
    execFileSync(process.execPath, ["-e", ZIP, "outer.zip", "inner.tar.gz", "loose.log"], {
      cwd: folder,
    });
    const outer = join(folder, "outer.zip");
    const dossier = await run(folder, "vault", { paths: [outer, join(folder, "loose.log")] });
    expect(
      dossier.evidence.map(({ evidence, intake, events }) => [
        evidence.file.slice(folder.length),
        intake,
        events,
      ]),
    ).toEqual([
      ["/outer.zip", "opened", 0],
      ["/loose.log", "read", 10],
      ["/outer.zip!/inner.tar.gz", "opened", 0],
      ["/outer.zip!/inner.tar.gz!/C/inetpub/u_ex210801.log", "read", 2000],
      ["/outer.zip!/loose.log", "duplicate", 0],
    ]);
    const record = dossier.records.find(
      ({ fields }) =>
        String(fields["cs-uri-query"]).includes("evil") && fields["date"] === "2021-08-01",
    );
    expect(record?.place.member).toBe("inner.tar.gz!/C/inetpub/u_ex210801.log");
    const line = Buffer.from(text).subarray(record?.offset).toString().split("\r\n")[0];
    expect(line).toContain(ATTACK);
    expect(text.split("\r\n")[Number(record?.record) - 1]).toBe(line);
    rmSync(join(folder, "vault", "derived"), { recursive: true });
    const again = await run(folder, "vault", { paths: [] });
    expect(conclusions(again)).toBe(conclusions(dossier));
    await inVault(folder, "vault", async (vault) => {
      const page = await eventPage(vault, {
        from: null,
        to: null,
        host: null,
        contains: "evil.example",
        after: null,
      });
      expect(page.events).toHaveLength(2);
      const store = await openStore(join(vault.derivedFolder, "events"), {
        memoryMegabytes: 200,
        threads: 1,
      });
      const [event] = await store.find(record === undefined ? [] : [record.key]);
      store.close();
      expect(event?.place.file).toBe(record?.place.file);
      expect(lastRun(vault)?.findings).toMatch(/^[0-9a-f]{64}$/);
    });
  });
});

test("a member that nobody reads is counted and hashed, and never lies in plain on the disk", async () => {
  await inFolder(async (folder) => {
    const secret = `not for the disk ${"x".repeat(100_000)}`;
    writeFileSync(join(folder, "program.exe"), secret);
    writeFileSync(join(folder, "u_ex210801.log"), day("2021-08-01", 10));
    execFileSync("tar", ["-czf", "all.tar.gz", "program.exe", "u_ex210801.log"], { cwd: folder });
    const dossier = await run(folder, "vault", { paths: [join(folder, "all.tar.gz")] });
    expect(dossier.evidence.map(({ member, intake }) => [member, intake])).toEqual([
      ["", "opened"],
      ["program.exe", "unread"],
      ["u_ex210801.log", "read"],
    ]);
    const holds = filesBelow(join(folder, "vault")).filter((path) =>
      readFileSync(path).includes("not for the disk"),
    );
    expect(holds).toEqual([]);
    expect((await run(folder, "vault", { paths: [] })).evidence).toEqual(dossier.evidence);
  });
});

test("a disk image that is named is refused with what to mount; below a folder it is passed over and said", async () => {
  await inFolder(async (folder) => {
    const below = join(folder, "collected");
    mkdirSync(below);
    writeFileSync(join(below, "u_ex210801.log"), day("2021-08-01", 10));
    writeFileSync(
      join(below, "disk.vhdx"),
      Buffer.concat([Buffer.from("vhdxfile"), Buffer.alloc(4096)]),
    );
    const named = run(folder, "named", { paths: [join(below, "disk.vhdx")] });
    await expect(named).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("-Access ReadOnly"),
    });
    const dossier = await run(folder, "below", { paths: [below] });
    expect(dossier.evidence.map(({ intake }) => intake)).toEqual(["read"]);
    expect(dossier.flaws.map(({ what, have }) => `${what}: ${have.slice(0, 17)}`)).toEqual([
      "not taken in: a VHDX disk image",
    ]);
  });
});

/** A stored zip by the runtime alone: what reads it was not made for it. */
const ZIP = `
const { readFileSync, writeFileSync } = require("node:fs"); const { crc32 } = require("node:zlib");
const [out, ...names] = process.argv.slice(1); let at = 0; const body = [], list = [];
for (const name of names) {
  const data = readFileSync(name), label = Buffer.from(name), fixed = Buffer.alloc(26);
  fixed.writeUInt16LE(20, 0); fixed.writeUInt32LE(crc32(data), 10); fixed.writeUInt32LE(data.length, 14);
  fixed.writeUInt32LE(data.length, 18); fixed.writeUInt16LE(label.length, 22);
  const central = Buffer.alloc(14); central.writeUInt32LE(at, 10);
  body.push(Buffer.from("504b0304", "hex"), fixed, label, data);
  list.push(Buffer.from("504b01021400", "hex"), fixed, central, label);
  at += 30 + label.length + data.length;
}
const size = list.reduce((sum, { length }) => sum + length, 0), end = Buffer.alloc(22);
end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(names.length, 8); end.writeUInt16LE(names.length, 10);
end.writeUInt32LE(size, 12); end.writeUInt32LE(at, 16); writeFileSync(out, Buffer.concat([...body, ...list, end]));
`;
