/** Whatever is changed in a vault, verify names it: which entry, which object, which byte, as far as it can be told. */
import {
  cpSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { fromHex } from "../../src/base/bytes.ts";
import { memorySource } from "../../src/base/source.ts";
import { createVault, openVault, verifyVault } from "../../src/casework/vault/index.ts";
import type { Trouble, VaultSettings, VerifyReport } from "../../src/casework/vault/index.ts";
import {
  checkJournal,
  originOf,
  parseCheckpoint,
  parseEntry,
} from "../../src/engines/journal/index.ts";
import type { JournalCheck } from "../../src/engines/journal/index.ts";
import { sampleVault, temporaryFolder } from "./make-vault.ts";
import { settingsIn, verifySettings } from "./settings.ts";

let original: string;
let vault: string;
let settings: VaultSettings;
let entries: Buffer;
let checkpoints: Buffer;
let origin: string;
let publicKey: Uint8Array;

beforeAll(() => {
  const folder = temporaryFolder();
  settings = settingsIn(folder);
  original = join(folder, "original");
  vault = join(folder, "vault");
  sampleVault(original, settings);
  entries = readFileSync(join(original, "journal/entries"));
  checkpoints = readFileSync(join(original, "journal/checkpoints"));
  const manifest = JSON.parse(readFileSync(join(original, "vault.json"), "utf8"));
  origin = originOf(manifest.id);
  publicKey = known(fromHex(manifest.publicKey), "a public key");
});

/** Verifies a fresh copy after `change`; with the key and the kept checkpoint unless told otherwise. */
function after(change: (path: (name: string) => string) => void, withKey = true): VerifyReport {
  rmSync(vault, { recursive: true, force: true });
  cpSync(original, vault, { recursive: true });
  change((name) => join(vault, name));
  const keyless = { key: null, configFolder: null, checkpoint: null };
  return verifyVault(vault, withKey ? verifySettings(settings) : keyless);
}

function flip(path: string, at: number, mask = 1): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  writeFileSync(path, bytes);
}

function only(report: VerifyReport): Trouble {
  expect(report.intact).toBe(false);
  expect(report.troubles.map(({ what, message }) => `${what}: ${message}`)).toHaveLength(1);
  return known(report.troubles[0], "one trouble");
}

function checked(newEntries: Uint8Array, newCheckpoints: Uint8Array = checkpoints): JournalCheck {
  const settingsOfCheck = { origin, publicKey, kept: [] };
  return checkJournal(memorySource(newEntries), memorySource(newCheckpoints), settingsOfCheck);
}

/** Line `index` of the entries, with its line feed. */
function lines(): Buffer[] {
  return entries
    .toString()
    .split(/(?<=\n)/)
    .map((line) => Buffer.from(line));
}

test("an untouched vault is intact, with the key and without", () => {
  expect(after(() => undefined)).toMatchObject({
    intact: true,
    entries: 7,
    checkpoints: 5,
    objects: 10,
    decrypted: true,
    troubles: [],
    unfinished: [],
    unchecked: [],
  });
  const keyless = after(() => undefined, false);
  expect(keyless).toMatchObject({ intact: true, decrypted: false, troubles: [] });
  expect(keyless.unchecked).toHaveLength(2);
});

test("bytes of the entries: the entry is named", () => {
  let start = 0;
  for (const [index, line] of lines().entries()) {
    // Every byte of one line without, one with objects and the last; of the others every fifth.
    const step = [0, 2, 6].includes(index) ? 1 : 5;
    const end = start + line.length;
    for (let at = start; at < end; at += step) {
      const altered = Buffer.from(entries);
      altered[at] = (altered[at] ?? 0) ^ 1;
      const { troubles } = checked(altered);
      expect(troubles, `byte ${at}`).not.toEqual([]);
      const named = troubles.some(
        ({ entries: range }) => range !== null && range[0] <= index && index <= range[1],
      );
      if (!named) throw new Error(`byte ${at} of entry ${index}: ${JSON.stringify(troubles)}`);
      // Entries 2 to 4 share one checkpoint: no root tells which of them it is.
      const exact = index < 2 || index > 4 ? [index, index] : troubles[0]?.entries;
      expect(troubles[0]?.entries).toEqual(exact);
    }
    start = end;
  }
});

test("every byte of the checkpoints: the checkpoint is named", () => {
  const starts = [...checkpoints.toString("latin1").matchAll(/breakwater\/\w{32}\n\d/g)].map(
    ({ index }) => index,
  );
  expect(starts).toHaveLength(5);
  for (let at = 0; at < checkpoints.length; at++) {
    const altered = Buffer.from(checkpoints);
    altered[at] = (altered[at] ?? 0) ^ 2;
    const check = checked(entries, altered);
    const all = [...check.troubles, ...check.unfinished];
    expect(all, `byte ${at}`).not.toEqual([]);
    const start = known(
      starts.findLast((from) => from <= at),
      "a note",
    );
    expect(all[0]?.file).toBe("checkpoints");
    expect(all[0]?.offset, `byte ${at}`).toBe(start);
  }
});

test("every byte of vault.json", () => {
  after(() => undefined);
  const path = join(vault, "vault.json");
  for (let at = 0; at < statSync(path).size; at++) {
    flip(path, at);
    const report = verifyVault(vault, { key: null, configFolder: null, checkpoint: null });
    expect(only(report)).toMatchObject({ what: "altered", file: "vault.json" });
    flip(path, at);
  }
});

test("bytes of objects: the object is named, and with the key the chunk", () => {
  const named = parsedEntries();
  for (const { index, body, sealed } of named.slice(1)) {
    const { object, sizeBytes } = known(sealed ?? body, "an object");
    const file = `objects/${object.slice(0, 2)}/${object}`;
    for (let at = 0; at < sizeBytes; at += Math.max(11, Math.floor(sizeBytes / 7))) {
      const trouble = only(after((path) => flip(path(file), at), at % 2 === 0));
      expect(trouble).toMatchObject({ what: "altered", file, entries: [index, index] });
    }
  }
  const large = known(named[1]?.sealed, "the object of three chunks").object;
  const file = `objects/${large.slice(0, 2)}/${large}`;
  const inChunkOne = 84 + 262_160 + 5;
  const withKey = only(after((path) => flip(path(file), inChunkOne)));
  expect(withKey.message).toContain("chunk 1 ");
  expect(withKey.offset).toBe(84 + 262_160);
  expect(only(after((path) => flip(path(file), inChunkOne), false)).offset).toBeNull();
  expect(only(after((path) => truncateSync(path(file), 1000)))).toMatchObject({
    what: "truncated",
    offset: 1000,
  });
  expect(only(after((path) => writeFileSync(path(file), "x", { flag: "a" }))).what).toBe("altered");
  expect(only(after((path) => rmSync(path(file))))).toMatchObject({
    what: "removed",
    object: large,
  });
});

function parsedEntries() {
  return lines().map((line) => known(parseEntry(line.toString().slice(0, -1)), "an entry"));
}

test("two objects that changed places are both named", () => {
  const [, one, two] = parsedEntries().map(({ sealed }) => sealed?.object ?? "");
  const path = (id = "") => `objects/${id.slice(0, 2)}/${id}`;
  for (const withKey of [true, false]) {
    const report = after((full) => {
      renameSync(full(path(one)), full("spare"));
      renameSync(full(path(two)), full(path(one)));
      renameSync(full("spare"), full(path(two)));
    }, withKey);
    expect(report.troubles.map(({ what, object }) => [what, object])).toEqual([
      ["altered", one],
      ["altered", two],
    ]);
    expect(report.troubles[0]?.message).toContain(`replaced by object ${two}`);
  }
});

test("an object that no entry names", () => {
  const file = `objects/ff/${"f".repeat(32)}`;
  const report = after((path) => cpSync(path("vault.json"), path(file)));
  expect(only(report)).toMatchObject({ what: "added", file });
});

test("an entry removed, and two removed", () => {
  const all = lines();
  for (let gone = 0; gone < 7; gone++) {
    const { troubles } = checked(Buffer.concat(all.filter((_, at) => at !== gone)));
    const what = gone === 6 ? "truncated" : "removed";
    expect(troubles).toMatchObject([{ what, entries: [gone, gone] }]);
  }
  const two = checked(Buffer.concat(all.filter((_, at) => at !== 2 && at !== 3)));
  expect(two.troubles).toMatchObject([{ what: "removed", entries: [2, 3] }]);
  expect(two.troubles[0]?.message).toContain("entries 3 to 6 can therefore not be proven");
});

test("entries in another order: all are still proven, one is named", () => {
  const [zero, one, two, three, ...rest] = lines();
  const swapped = [zero, one, three, two, ...rest].map((line) => line ?? Buffer.alloc(0));
  const check = checked(Buffer.concat(swapped));
  expect(check.troubles).toMatchObject([{ what: "reordered" }]);
  expect([2, 3]).toContain(check.troubles[0]?.entries?.[0]);
});

test("an entry added: in between, and at the end", () => {
  const all = lines();
  const again = known(all[3], "a line");
  const between = checked(Buffer.concat([...all.slice(0, 5), again, ...all.slice(5)]));
  expect(between.troubles).toMatchObject([{ what: "added", file: "entries" }]);
  const forged = Buffer.from(again.toString().replace('"index":3', '"index":7'));
  const report = after((path) => writeFileSync(path("journal/entries"), forged, { flag: "a" }));
  expect(only(report)).toMatchObject({ what: "added", entries: [7, 7] });
  const noise = after((path) => writeFileSync(path("journal/entries"), "noise", { flag: "a" }));
  expect(only(noise)).toMatchObject({ what: "added", file: "journal/entries" });
});

test("an entry rewritten with everything that needs no key still does not fit", () => {
  const all = lines();
  for (const [index, line] of all.entries()) {
    const rewritten = Buffer.from(line.toString().replace(/"time":"2021/, '"time":"2020'));
    const { troubles } = checked(
      Buffer.concat(all.map((old, at) => (at === index ? rewritten : old))),
    );
    const range = index >= 2 && index <= 4 ? [2, 4] : [index, index];
    expect(troubles).toMatchObject([{ what: "altered", entries: range }]);
  }
});

test("entries cut anywhere", () => {
  for (let length = 0; length < entries.length; length += 13) {
    const { troubles } = checked(entries.subarray(0, length));
    expect(troubles.length).toBeGreaterThan(0);
    expect(troubles.at(-1)).toMatchObject({ what: "truncated" });
    expect(troubles.at(-1)?.entries?.[1]).toBe(6);
  }
  const gone = after((path) => rmSync(path("journal/entries")));
  expect(gone.troubles[0]).toMatchObject({ what: "truncated", entries: [0, 6] });
});

test("a vault rolled back as a whole is noticed from outside only", () => {
  const folder = temporaryFolder();
  const before = settingsIn(folder);
  const older = join(folder, "older");
  const path = join(folder, "vault");
  sampleVault(path, before);
  cpSync(path, older, { recursive: true });
  const owner = openVault(path, before);
  owner.act({ kind: "run", by: "Ann", body: { later: true }, sealed: null });
  const checkpoint = owner.checkpoint().text;
  owner.close();

  expect(verifyVault(path, { key: null, configFolder: null, checkpoint })).toMatchObject({
    intact: true,
  });
  expect(verifyVault(older, { key: null, configFolder: null, checkpoint: null }).intact).toBe(true);
  const given = only(verifyVault(older, { key: null, configFolder: null, checkpoint }));
  expect(given).toMatchObject({ what: "rolled-back" });
  expect(given.message).toContain("states 8 entries, the journal holds 7");
  // The checkpoint beside the key says the same, to verify and to a start.
  expect(only(verifyVault(older, verifySettings(before))).what).toBe("rolled-back");
  expect(() => openVault(older, before)).toThrowError(
    expect.objectContaining({ code: "vault-damaged", hint: expect.stringContaining("verify") }),
  );

  // Rolled back and continued: the same length, another history.
  rmSync(join(before.configFolder, "keys", `${owner.id}.checkpoint`));
  const fork = openVault(older, before);
  fork.act({ kind: "run", by: "Ann", body: { later: false }, sealed: null });
  fork.act({ kind: "run", by: "Ann", body: { later: false }, sealed: null });
  fork.close();
  expect(verifyVault(older, verifySettings(before)).intact).toBe(true);
  const forked = verifyVault(older, { key: null, configFolder: null, checkpoint });
  expect(only(forked)).toMatchObject({ what: "rolled-back" });
  expect(only(forked).message).toContain("rolled back and continued");
});

test("checkpoints removed from the end: the kept one tells", () => {
  const notes = checkpoints.toString().match(/breakwater\/\w+\n\d+\n[^\n]+\n\n[^\n]+\n/g) ?? [];
  expect(notes).toHaveLength(5);
  const cut = (path: (name: string) => string) =>
    writeFileSync(path("journal/checkpoints"), notes.slice(0, 3).join(""));
  expect(only(after(cut)).message).toContain("checkpoints were removed");
  expect(after(cut, false).troubles).toMatchObject([{ what: "added", entries: [5, 6] }]);
  expect(parseCheckpoint(known(notes[4], "the last"))?.size).toBe(7);
});

test("a whole vault exchanged for another is another vault, not this one intact", () => {
  const folder = temporaryFolder();
  const mine = {
    ...settingsIn(folder),
    key: { kind: "file", path: join(folder, "my.key") } as const,
  };
  const path = join(folder, "vault");
  const owner = createVault(path, "Ann", mine);
  const { id } = owner;
  owner.close();
  rmSync(path, { recursive: true });
  createVault(path, "Eve", {
    ...settingsIn(folder, "eve"),
    configFolder: join(folder, "eve"),
  }).close();
  expect(() => verifyVault(path, verifySettings(mine))).toThrowError(
    expect.objectContaining({ code: "key-wrong", message: expect.stringContaining(id) }),
  );
});

test("a flip in the file is told once, with its path", () => {
  for (const [at, what] of [
    [0, "altered"],
    [40, "altered"],
    [entries.length - 1, "truncated"],
  ] as const)
    expect(only(after((path) => flip(path("journal/entries"), at)))).toMatchObject({
      file: "journal/entries",
      what,
    });
  expect(only(after((path) => flip(path("journal/checkpoints"), 50)))).toMatchObject({
    file: "journal/checkpoints",
    what: "altered",
    offset: 0,
  });
});
