/** A vault from the outside: made, opened, owned, its keys in their places, its acts read back. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memorySource, readAll } from "../../src/base/source.ts";
import {
  configFolderOf,
  createVault,
  openVault,
  verifyVault,
} from "../../src/casework/vault/index.ts";
import type { KeyChoice, VaultSettings } from "../../src/casework/vault/index.ts";
import { diskFiles } from "../../src/casework/vault/files.ts";
import { takeLock } from "../../src/casework/vault/lock.ts";
import { withVault } from "../../src/casework/with-vault.ts";
import { copyOf, sampleVault, temporaryFolder } from "./make-vault.ts";
import { settingsIn, verifySettings } from "./settings.ts";

function fault(code: string) {
  return expect.objectContaining({ name: "Fault", code, hint: expect.stringMatching(/./) });
}

function fresh(): { folder: string; vault: string; settings: VaultSettings } {
  const folder = temporaryFolder();
  return { folder, vault: join(folder, "vault"), settings: settingsIn(folder) };
}

test("what goes in comes out, after closing and opening", async () => {
  const { vault, settings } = fresh();
  const evidence = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 7) % 256);
  const made = createVault(vault, "Ann", settings);
  const progress: number[] = [];
  const sealed = made.seal(memorySource(evidence), (done) => progress.push(done));
  expect(sealed.sizeBytes).toBe(evidence.length);
  expect(progress.at(-1)).toBe(evidence.length);
  async function* pieces() {
    yield evidence.subarray(0, 5);
    yield evidence.subarray(5);
  }
  const streamed = await made.sealStream(pieces());
  expect(streamed.sha256).toBe(sealed.sha256);
  expect(streamed.reference.object).not.toBe(sealed.reference.object);
  const act = { kind: "evidence-sealed" as const, by: "Ann", sealed: sealed.reference };
  const entry = made.act({ ...act, body: { file: "Zoë.log" } });
  made.act({ ...act, sealed: streamed.reference, body: null });
  expect(entry).toMatchObject({ index: 1, subject: sealed.reference.object });
  expect(entry.actor).toBe(made.actorId("Ann"));
  made.close();

  const opened = openVault(vault, settingsIn(join(vault, "..")));
  expect(opened.cleaned).toEqual([]);
  expect(opened.entries().map(({ kind }) => kind)).toEqual([
    "vault-created",
    "evidence-sealed",
    "evidence-sealed",
  ]);
  expect(opened.entries()[1]).toEqual(entry);
  expect(opened.readBody(entry)).toEqual({ file: "Zoë.log" });
  const source = opened.openObject(sealed.reference.object);
  expect(Buffer.compare(readAll(source), evidence)).toBe(0);
  opened.close();
});

test("nothing in clear: no file of the vault holds a name, a path or content", () => {
  const { vault, settings } = fresh();
  sampleVault(vault, settings);
  const files = readdirSync(vault, { recursive: true, encoding: "utf8" })
    .map((name) => join(vault, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(10);
  for (const path of files) {
    const bytes = readFileSync(path);
    for (const secret of ["Ann Le Page", "Bo Mahy", "mail-", "aware", "2021-12-01"])
      expect([path, secret, bytes.includes(secret)]).toEqual([path, secret, false]);
    expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
  }
});

test("the same clock, chance and evidence give the same vault, byte for byte", () => {
  const trees = [fresh(), fresh()].map(({ vault, settings }) => {
    sampleVault(vault, settings);
    const names = readdirSync(vault, { recursive: true, encoding: "utf8" }).sort();
    return names
      .filter((name) => !name.startsWith("run") && statSync(join(vault, name)).isFile())
      .map((name) => [name, readFileSync(join(vault, name), "base64")]);
  });
  expect(trees[0]).toEqual(trees[1]);
});

test("one owner: a second gets a fault with a hint, and can come in afterwards", () => {
  const { vault, settings } = fresh();
  const owner = createVault(vault, "Ann", settings);
  expect(() => openVault(vault, settings)).toThrowError(fault("vault-in-use"));
  // Verify needs no ownership, and says so of unfinished work.
  owner.seal(memorySource(new Uint8Array(10)));
  const report = verifyVault(vault, verifySettings(settings));
  expect(report.intact).toBe(true);
  expect(report.unfinished).toHaveLength(1);
  owner.close();
  owner.close();
  openVault(vault, settings).close();
});

test("the key file is the owner's alone, and says which vault it is for", () => {
  const { folder, vault, settings } = fresh();
  const { id } = closed(createVault(vault, "Ann", settings));
  const path = join(folder, "config", "keys", `${id}.key`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  expect(() => openVault(vault, settings)).toThrowError(
    expect.objectContaining({ code: "key-wrong", hint: `chmod 600 ${path}` }),
  );
  chmodSync(path, 0o600);
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(new RegExp(`^breakwater-key ${id} [0-9a-f]{64}\n$`));
  writeFileSync(path, text.replace(id, "f".repeat(32)));
  expect(() => openVault(vault, settings)).toThrowError(fault("key-wrong"));
  writeFileSync(path, "not a key");
  expect(() => openVault(vault, settings)).toThrowError(fault("key-wrong"));
  rmSync(path);
  expect(() => openVault(vault, settings)).toThrowError(fault("key-missing"));
  // Elsewhere, named or as bare digits, it opens the vault.
  const elsewhere = join(folder, "elsewhere.key");
  for (const content of [text, text.slice(-65)]) {
    writeFileSync(elsewhere, content, { mode: 0o600 });
    closed(openVault(vault, { ...settings, key: { kind: "file", path: elsewhere } }));
  }
});

function closed(vault: ReturnType<typeof openVault>): { id: string } {
  vault.close();
  return { id: vault.id };
}

test("a key from the environment, as digits or base64; another key opens nothing", () => {
  const { vault, settings } = fresh();
  const key = Buffer.alloc(32, 7);
  const given = (text: string): VaultSettings => ({ ...settings, key: { kind: "text", text } });
  closed(createVault(vault, "Ann", given(key.toString("hex"))));
  closed(openVault(vault, given(key.toString("base64"))));
  closed(openVault(vault, given(` ${key.toString("base64url")}\n`)));
  expect(() => openVault(vault, given("ff".repeat(32)))).toThrowError(fault("key-wrong"));
  for (const text of ["", "short", "g".repeat(64)])
    expect(() => openVault(vault, given(text))).toThrowError(fault("usage"));
  expect(() => openVault(vault, settings)).toThrowError(fault("key-missing"));
});

test("a passphrase opens the vault it was made with", () => {
  const { folder, vault, settings } = fresh();
  const path = join(folder, "passphrase");
  const key: KeyChoice = { kind: "passphrase-file", path };
  writeFileSync(path, "short\n");
  expect(() => createVault(vault, "Ann", { ...settings, key })).toThrowError(fault("usage"));
  writeFileSync(path, "vier wörter im sommer\n");
  closed(createVault(vault, "Ann", { ...settings, key }));
  writeFileSync(path, "vier wo\u0308rter im sommer\r\n");
  closed(openVault(vault, { ...settings, key }));
  writeFileSync(path, "vier wörter im winter\n");
  expect(() => openVault(vault, { ...settings, key })).toThrowError(fault("key-wrong"));
  expect(() => openVault(vault, settings)).toThrowError(
    expect.objectContaining({ code: "key-missing", hint: expect.stringContaining("passphrase") }),
  );
});

test("a vault is made in an empty folder only, and opened where there is one", () => {
  const { folder, vault, settings } = fresh();
  mkdirSync(vault);
  closed(createVault(vault, "Ann", settings));
  expect(() => createVault(vault, "Ann", settings)).toThrowError(fault("already-exists"));
  expect(() => createVault(join(vault, "journal"), "Ann", settings)).toThrowError(
    fault("already-exists"),
  );
  expect(() => openVault(join(folder, "nowhere"), settings)).toThrowError(fault("not-found"));
  expect(() => verifyVault(join(folder, "nowhere"), verifySettings(settings))).toThrowError(
    fault("not-found"),
  );
  writeFileSync(join(folder, "a file"), "");
  expect(() => createVault(join(folder, "a file"), "Ann", settings)).toThrowError(/./);
});

test("what a crash left by the hundred is told in one line", () => {
  const { vault, settings } = fresh();
  sampleVault(vault, settings);
  const leftBehind = "0123456789".split("").map((digit) => digit.repeat(32));
  for (const name of leftBehind) writeFileSync(join(vault, "objects", "tmp", name), "half");
  const again = openVault(vault, settings);
  expect(again.cleaned).toEqual(["removed 10 files below objects: sealed, but never acknowledged"]);
  again.close();
});

test("a start removes what a crash left, and nothing that an entry names", () => {
  const { folder, vault, settings } = fresh();
  sampleVault(vault, settings);
  const owner = openVault(vault, settings);
  const { object } = owner.seal(memorySource(new Uint8Array(10))).reference;
  writeFileSync(join(vault, "objects", "tmp", "f".repeat(32)), "half");
  // What the disk holds while the owner works is what a crash leaves.
  const crashed = copyOf(folder);
  const lost = copyOf(folder);
  rmSync(join(lost.settings.configFolder, "keys", `${owner.id}.checkpoint`));
  owner.close();

  const again = openVault(crashed.vault, crashed.settings);
  expect([...again.cleaned].sort()).toEqual(
    [
      `removed objects/${object.slice(0, 2)}/${object}: sealed, but never acknowledged`,
      `removed objects/tmp/${"f".repeat(32)}: sealed, but never acknowledged`,
    ].sort(),
  );
  again.close();
  const settingsThere = verifySettings(crashed.settings);
  expect(verifyVault(crashed.vault, settingsThere)).toMatchObject({ intact: true, objects: 10 });

  // Without a kept checkpoint the journal may have been rolled back: then nothing is thrown away.
  const unsure = openVault(lost.vault, lost.settings);
  expect(unsure.cleaned.every((line) => line.startsWith("left "))).toBe(true);
  unsure.close();
  expect(existsSync(join(lost.vault, "objects", object.slice(0, 2), object))).toBe(true);
});

test("work that was given up leaves nothing behind when its owner closes", () => {
  const { vault, settings } = fresh();
  sampleVault(vault, settings);
  const owner = openVault(vault, settings);
  const { object } = owner.seal(memorySource(new Uint8Array(10))).reference;
  owner.close();
  expect(existsSync(join(vault, "objects", object.slice(0, 2), object))).toBe(false);
  expect(verifyVault(vault, verifySettings(settings))).toMatchObject({ intact: true, objects: 10 });
  const again = openVault(vault, settings);
  expect(again.cleaned).toEqual([]);
  again.close();
});

test("the configuration folder follows the XDG specification", () => {
  expect(configFolderOf({}, "/home/ann")).toBe("/home/ann/.config/breakwater");
  expect(configFolderOf({ XDG_CONFIG_HOME: "/etc/x" }, "/home/ann")).toBe("/etc/x/breakwater");
  expect(configFolderOf({ XDG_CONFIG_HOME: "x" }, "/home/ann")).toBe(
    "/home/ann/.config/breakwater",
  );
});

test("a vault that another process is making is told as in use, not as no vault", async () => {
  const { vault, settings } = fresh();
  mkdirSync(join(vault, "objects"), { recursive: true });
  const making = takeLock(join(vault, "run"), diskFiles);
  const open = () =>
    withVault(vault, settings, { createBy: "Ann" }, async (made) => made.entries().length);
  await expect(open()).rejects.toEqual(fault("vault-in-use"));
  making.release();
  expect(await open()).toBe(1);
});

test("what a crash left of a vault in the making is made anew; a folder with anything else is left alone", () => {
  const { vault, settings } = fresh();
  for (const name of ["objects/tmp", "journal", "run"])
    mkdirSync(join(vault, name), { recursive: true });
  writeFileSync(join(vault, "journal", "entries.jsonl"), "half");
  createVault(vault, "Ann", settings).close();
  expect(existsSync(join(vault, "vault.json"))).toBe(true);
  const other = fresh();
  mkdirSync(join(other.vault, "objects", "ab"), { recursive: true });
  writeFileSync(join(other.vault, "objects", "ab", "ab".repeat(16)), "an object");
  expect(() => createVault(other.vault, "Ann", other.settings)).toThrow("is not empty");
  expect(existsSync(join(other.vault, "objects", "ab", "ab".repeat(16)))).toBe(true);
});
