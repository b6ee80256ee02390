/**
 * Evidence in other hands: out again byte for byte with papers that a third party can check, held, released, and
 * destroyed so that nothing opens it and the vault still verifies.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { memorySource } from "../../src/base/source.ts";
import { canonicalJson } from "../../src/base/text.ts";
import {
  Pace,
  certify,
  custodyOf,
  destroyEvidence,
  exportEvidence,
  holdEvidence,
  releaseEvidence,
  verifyFolder,
  verifyVault,
  withVault,
  writeSample,
} from "../../src/casework/index.ts";
import { takeIn } from "../../src/casework/take-in.ts";
import type { Vault } from "../../src/casework/vault/index.ts";
import { evidenceOf, openEvidence } from "../../src/casework/evidence.ts";
import { sha256 } from "../../src/casework/write-dossier.ts";
import { writeZip } from "../containers/write-zip.ts";
import { at, inFolder, investigatePaths, settingsIn } from "./investigation.ts";

const WHEN = at("2022-03-01T10:00:00Z");
const SECRET = "patient 4711, tested positive, ring back after six";

function inVault<T>(folder: string, work: (vault: Vault) => Promise<T>): Promise<T> {
  return withVault(join(folder, "vault"), settingsIn(folder), { createBy: "Ann" }, work);
}

/** Takes text in under a name of any kind, as a file system would not let a test do. */
function handIn(vault: Vault, file: string, text: string): string {
  const { reference, sha256: hash } = vault.seal(memorySource(Buffer.from(text)));
  const body = { hash, file, sizeBytes: Buffer.byteLength(text), by: "Bo", modifiedMillis: null };
  vault.act({ kind: "evidence-sealed", by: "Bo", body, sealed: reference });
  return hash;
}

function request(out: string, words: readonly string[] = []) {
  return { out, words, by: "Ann", reason: "asked for by the police", at: WHEN };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function vaultVerdict(folder: string, configFolder: string | null = join(folder, "config")) {
  const key = configFolder === null ? null : ({ kind: "default" } as const);
  return verifyVault(join(folder, "vault"), { key, configFolder, checkpoint: null }, new Pace());
}

function folderVerdict(folder: string) {
  return verifyFolder(folder, null, new Pace());
}

/** The Fault's code that a piece of work throws. */
async function refusal(work: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      return { code: String(error.code), message: error.message };
    }
    throw error;
  }
  throw new Error("it was not refused");
}

test("all evidence of a sample case comes out byte for byte, with its times, and its sums check", async () => {
  await inFolder(async (folder) => {
    const sample = join(folder, "sample");
    await writeSample(sample, { seed: 3, size: "small", variant: "exchange" }, new Pace());
    const evidence = join(sample, "evidence");
    const originals = filesBelow(evidence);
    originals.forEach((path, index) => utimesSync(path, 1.6e9 + index, 1.6e9 + index));
    const out = join(folder, "out");
    await inVault(folder, async (vault) => {
      await takeIn(vault, { paths: [evidence], by: "Bo", byReference: false }, new Pace());
      const exported = await exportEvidence(vault, request(out), new Pace());
      expect(exported.files).toBe(originals.length);
    });
    const copies = filesBelow(join(out, "evidence"));
    const of = (paths: readonly string[]) =>
      paths.map((path) => `${sha256(readFileSync(path))} ${Math.floor(statSync(path).mtimeMs)}`);
    expect(of(copies).sort()).toEqual(of(originals).sort());
    for (const path of originals) expect(copies).toContain(join(out, "evidence", path));
    const sums = spawnSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
    expect([sums.status, sums.stderr.toString()]).toEqual([0, ""]);
    expect(sums.stdout.toString().split("\n").filter(Boolean)).toHaveLength(originals.length + 1);
    expect(await folderVerdict(out)).toMatchObject({ intact: true, troubles: [] });
    expect(existsSync(`${out}.partial`)).toBe(false);
    expect(vaultVerdict(folder).troubles).toEqual([]);
  });
});

test("whatever is changed in an export is named; nothing outside of it is opened", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "out");
    await inVault(folder, async (vault) => {
      handIn(vault, "mail/a.eml", "first");
      handIn(vault, "mail/b.eml", "second");
      await exportEvidence(vault, request(out), new Pace());
    });
    const changed = async (change: (copy: string) => void) => {
      const copy = join(folder, "copy");
      cpSync(out, copy, { recursive: true });
      change(copy);
      const { intact, troubles } = await folderVerdict(copy);
      spawnSync("rm", ["-r", copy]);
      expect(intact).toBe(false);
      return troubles.join("\n");
    };
    for (const path of filesBelow(out)) {
      const name = path.slice(out.length + 1);
      const flip = (copy: string) => {
        const bytes = readFileSync(join(copy, name));
        bytes[Math.floor(bytes.length / 2)] = 1 ^ (bytes[Math.floor(bytes.length / 2)] ?? 0);
        writeFileSync(join(copy, name), bytes);
      };
      expect(await changed(flip)).toMatch(/altered|removed/);
      expect(await changed((copy) => spawnSync("rm", [join(copy, name)]))).not.toBe("");
    }
    const added = await changed((copy) => writeFileSync(join(copy, "evidence", "c.eml"), "third"));
    expect(added).toBe("added: evidence/c.eml is no file of an export");
    const linked = await changed((copy) => {
      spawnSync("rm", ["-r", join(copy, "evidence")]);
      symlinkSync(join(out, "evidence"), join(copy, "evidence"));
    });
    expect(linked).toContain("removed: evidence/mail/a.eml");
    const rewritten = await changed((copy) => {
      const path = join(copy, "manifest.json");
      const manifest = JSON.parse(readFileSync(path, "utf8"));
      manifest.files[0].name = "../out/evidence/mail/a.eml";
      writeFileSync(path, `${canonicalJson(manifest)}\n`);
    });
    expect(rewritten).toContain("removed: ../out/evidence/mail/a.eml");
    expect(rewritten).toContain("names another manifest");
  });
});

test("names that would leave the folder, name a device or hide come out as files of the folder", async () => {
  const names = [
    "../../x",
    "/etc/passwd",
    "C:\\x",
    "C:\\Windows\\..\\..\\boot.ini",
    "con",
    "NUL.txt",
    "com1 .log",
    "lpt¹",
    "a\u0000b",
    "invoice\u202efdp.exe",
    "name. . ",
    "A.LOG",
    "a.log",
    "\u00e9.log",
    "e\u0301.log",
    "both",
    "both/inside",
    "<script>alert(1)</script>",
    "$(reboot)`id`",
    "-rf",
    "",
    "..",
    `${"long".repeat(75)}.evtx`,
    `${"deep/".repeat(200)}file`,
    "\ud83d",
    "line\nbreak",
    "again-2/a.log",
  ];
  await inFolder(async (folder) => {
    const out = join(folder, "out");
    await inVault(folder, async (vault) => {
      names.forEach((name, index) => handIn(vault, name, `text ${index}`));
      const { files } = await exportEvidence(vault, request(out), new Pace());
      expect(files).toBe(names.length);
    });
    const written = filesBelow(join(out, "evidence")).map((path) =>
      path.slice(join(out, "evidence").length + 1),
    );
    expect(written).toHaveLength(names.length);
    const folds = written.map((name) => name.normalize("NFKC").toLowerCase());
    expect(new Set(folds).size).toBe(names.length);
    for (const name of written) {
      expect(name.length).toBeLessThan(200);
      // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
      expect(name).not.toMatch(/[<>:"|?*\\\u0000-\u001f\p{Cf}]|[. ](\/|$)/u);
      for (const part of name.split("/"))
        expect(part).not.toMatch(/^(con|nul|com1|lpt¹)\s*(\.|$)/i);
    }
    const texts = filesBelow(join(out, "evidence")).map((path) => readFileSync(path, "utf8"));
    expect(new Set(texts).size).toBe(names.length);
    const sums = spawnSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
    expect(sums.status).toBe(0);
    expect(await folderVerdict(out)).toMatchObject({ intact: true });
    const form = readFileSync(join(out, "custody.html"), "utf8");
    expect(form).not.toMatch(/<script|\u202e/);
    expect(form).toContain("&lt;script&gt;");
    expect(filesBelow(folder).filter((path) => /passwd|boot\.ini/.test(path))).toHaveLength(2);
  });
});

test("an export that is refused or interrupted leaves nothing, and tells before the first byte", async () => {
  await inFolder(async (folder) => {
    await inVault(folder, async (vault) => {
      const hash = handIn(vault, "a", "first");
      handIn(vault, "b", "x".repeat(10_000_000));
      const out = join(folder, "out");
      const before = vault.entries().length;
      const stop = new AbortController();
      const stopping = new Pace(({ done }) => done > 0 && stop.abort(), stop.signal);
      const slow = { ...request(out) };
      const refused = [
        [() => exportEvidence(vault, slow, stopping), "interrupted"],
        [() => exportEvidence(vault, request(join(vault.folder, "x")), new Pace()), "usage"],
        [() => exportEvidence(vault, request(folder), new Pace()), "already-exists"],
        [() => exportEvidence(vault, request(out, ["nothing"]), new Pace()), "not-found"],
        [() => exportEvidence(vault, request(out, [hash.slice(0, 7)]), new Pace()), "not-found"],
      ] as const;
      for (const [work, code] of refused) expect((await refusal(work)).code).toBe(code);
      // What the vault gives out is not what was taken in: the act claims another hash.
      const { reference } = vault.seal(memorySource(Buffer.from("other")));
      const body = {
        hash: "0".repeat(64),
        file: "c",
        sizeBytes: 5,
        by: "Bo",
        modifiedMillis: null,
      };
      vault.act({ kind: "evidence-sealed", by: "Bo", body, sealed: reference });
      const wrong = await refusal(() => exportEvidence(vault, request(out), new Pace()));
      expect(wrong.code).toBe("vault-damaged");
      expect(vault.entries().length).toBe(before + 1);
      expect(readdirSync(folder).sort()).toEqual(["config", "vault"]);
      mkdirSync(`${out}.partial`);
      const left = await refusal(() => exportEvidence(vault, request(out, ["a"]), new Pace()));
      expect(left.message).toContain(".partial is there already");
    });
  });
});

test("holds stand by name and end one by one; while one stands nothing is destroyed", async () => {
  await inFolder(async (folder) => {
    await inVault(folder, async (vault) => {
      const hash = handIn(vault, "a", SECRET);
      const word = hash.slice(0, 16);
      const by = (name: string) => ({ word, by: name, reason: "claim of May" });
      const destroy = { ...by("Cy"), confirm: hash, out: join(folder, "certificate") };
      const ann = holdEvidence(vault, by("Ann"));
      const bo = holdEvidence(vault, by("Bo"));
      expect((await refusal(() => destroyEvidence(vault, destroy))).message).toContain("is held");
      expect((await refusal(() => releaseEvidence(vault, by("Cy"), null))).code).toBe("usage");
      expect(releaseEvidence(vault, by(" Ann "), null)).toMatchObject({ ended: ann, left: [bo] });
      expect((await refusal(() => destroyEvidence(vault, destroy))).message).toContain("is held");
      expect(releaseEvidence(vault, by("Cy"), bo.entry).left).toEqual([]);
      expect((await refusal(() => releaseEvidence(vault, by("Bo"), null))).code).toBe("not-found");
      for (const confirm of [null, word, "0".repeat(64)])
        expect((await refusal(() => destroyEvidence(vault, { ...destroy, confirm }))).code).toBe(
          "usage",
        );
      expect(evidenceOf(vault)[0]?.holding.kind).toBe("sealed");
      const { entry } = await destroyEvidence(vault, destroy);
      const [account] = custodyOf(vault);
      expect(account?.steps.map(({ what, by: who }) => `${what} by ${who}`)).toEqual([
        "taken in by Bo",
        "held by Ann",
        "held by Bo",
        `released from hold ${ann.entry} by  Ann `,
        `released from hold ${bo.entry} by Cy`,
        "destroyed by Cy",
      ]);
      expect(account?.steps.at(-1)?.entry).toBe(entry);
    });
  });
});

test("what was destroyed is gone for whoever has the key; the vault verifies and says by which act", async () => {
  await inFolder(async (folder) => {
    const certificate = join(folder, "certificate");
    const { hash, object } = await inVault(folder, async (vault) => {
      handIn(vault, "kept", "kept");
      const destroyed = handIn(vault, "a", SECRET);
      const holding = known(evidenceOf(vault)[1], "the second").holding;
      mkdirSync(join(vault.derivedFolder, "events"), { recursive: true });
      writeFileSync(join(vault.derivedFolder, "events", "a.parquet"), SECRET);
      return { hash: destroyed, object: holding.kind === "sealed" ? holding.object : "" };
    });
    cpSync(join(folder, "vault"), join(folder, "backup"), { recursive: true });
    await inVault(folder, async (vault) => {
      const destroy = {
        word: hash,
        by: "Cy",
        reason: "asked for",
        confirm: hash,
        out: certificate,
      };
      await destroyEvidence(vault, destroy);
      const [kept, gone] = evidenceOf(vault);
      expect(gone?.holding.kind).toBe("destroyed");
      expect(evidenceOf(vault, 3)[1]?.holding.kind).toBe("destroyed");
      const again = known(gone, "the second");
      expect((await refusal(() => openEvidence(vault, again))).code).toBe("not-found");
      expect((await refusal(() => vault.openObject(object))).code).toBe("vault-damaged");
      openEvidence(vault, known(kept, "the first")).close();
      for (const work of [
        () => destroyEvidence(vault, destroy),
        () => holdEvidence(vault, destroy),
        () => exportEvidence(vault, request(join(folder, "no"), [hash]), new Pace()),
      ])
        expect((await refusal(work)).message).toContain("was destroyed by act 3");
      const all = await exportEvidence(vault, request(join(folder, "rest")), new Pace());
      expect(all).toMatchObject({ files: 1, destroyed: 1 });
      // The same bytes may be handed in again: they are new evidence.
      handIn(vault, "a", SECRET);
      expect(evidenceOf(vault).map(({ holding }) => holding.kind)).toEqual([
        "sealed",
        "destroyed",
        "sealed",
      ]);
      expect((await refusal(() => certify(vault, hash, join(folder, "no")))).code).toBe(
        "not-found",
      );
    });
    expect(existsSync(join(folder, "vault", "objects", object.slice(0, 2), object))).toBe(false);
    expect(readdirSync(join(folder, "vault", "derived"))).toEqual([]);
    for (const config of [join(folder, "config"), null]) {
      const verdict = vaultVerdict(folder, config);
      expect(verdict.troubles).toEqual([]);
      expect(verdict.checked.join("\n")).toMatch(
        new RegExp(`object ${object} was destroyed by act 4 on \\d{4}-`),
      );
    }
    // Brought back from a copy: told by verify, and gone again after the next start.
    const path = `objects/${object.slice(0, 2)}/${object}`;
    mkdirSync(join(folder, "vault", path, ".."), { recursive: true });
    cpSync(join(folder, "backup", path), join(folder, "vault", path));
    expect(vaultVerdict(folder).troubles.join("\n")).toContain("is there with its key");
    await inVault(folder, async (vault) => {
      expect(vault.cleaned).toEqual([`destroyed ${path}: act 4 had begun it`]);
    });
    expect(vaultVerdict(folder).troubles).toEqual([]);
  });
});

test("a certificate is checked against the journal, is the same again later, and names no plain hash", async () => {
  await inFolder(async (folder) => {
    const first = join(folder, "first");
    const second = join(folder, "second");
    const hash = await inVault(folder, async (vault) => {
      const destroyed = handIn(vault, "dir/a.log", SECRET);
      await exportEvidence(vault, request(join(folder, "out")), new Pace());
      const words = { word: destroyed, by: "Cy", reason: "asked for <b>\u202enow" };
      await destroyEvidence(vault, { ...words, confirm: destroyed, out: first });
      vault.act({ kind: "run", by: "Ann", body: null, sealed: null });
      await certify(vault, destroyed, second);
      return destroyed;
    });
    for (const name of ["certificate.json", "certificate.txt"])
      expect(readFileSync(join(first, name))).toEqual(readFileSync(join(second, name)));
    const text = readFileSync(join(first, "certificate.txt"), "utf8");
    expect(text).toContain("evidence-exported");
    expect(text).not.toContain("\u202e");
    for (const path of [...filesBelow(first), ...filesBelow(join(folder, "vault", "journal"))])
      expect(readFileSync(path, "utf8")).not.toContain(hash);
    for (const certificate of [first, second])
      expect(await folderVerdict(certificate)).toMatchObject({ intact: true, troubles: [] });
    for (const path of filesBelow(first)) {
      const sound = readFileSync(path, "utf8");
      writeFileSync(
        path,
        sound.replace(/[0-9]/, (digit) => String((Number(digit) + 1) % 10)),
      );
      expect([path, (await folderVerdict(first)).intact]).toEqual([path, false]);
      writeFileSync(path, sound);
    }
    expect((await folderVerdict(first)).intact).toBe(true);
  });
});

test("what was destroyed as a file is read where an archive still holds it", () =>
  inFolder(async (folder) => {
    const content = "#Fields: date time cs-method cs-uri-stem\r\n2021-08-13 04:12:07 GET /owa/\r\n";
    const [log, zip] = [join(folder, "a.log"), join(folder, "b.zip")];
    writeFileSync(log, content);
    writeFileSync(zip, writeZip([{ name: "a.log", bytes: Buffer.from(content) }]));
    const intakes = async (paths: readonly string[]) =>
      (await investigatePaths(folder, paths, null)).evidence.map(({ member, intake }) => [
        member,
        intake,
      ]);
    expect(await intakes([log, zip])).toContainEqual(["a.log", "duplicate"]);
    await inVault(folder, async (vault) => {
      const hash = known(evidenceOf(vault)[0], "the file").hash;
      const out = join(folder, "certificate");
      await destroyEvidence(vault, {
        word: hash,
        by: "Ann",
        reason: "asked for",
        confirm: hash,
        out,
      });
    });
    const after = await intakes([]);
    expect(after).toContainEqual(["", "destroyed"]);
    expect(after).toContainEqual(["a.log", "read"]);
  }));
