/**
 * Abuse cases 19 and 20: evidence that changes while it is taken in, and the same bytes handed in twice. What is sealed is
 * what was hashed, in one pass; two vaults share nothing.
 */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { Pace, verifyVault, withVault } from "../../src/casework/index.ts";
import { evidenceOf, openEvidence } from "../../src/casework/evidence.ts";
import { type TakenIn, takeIn } from "../../src/casework/take-in.ts";
import type { Vault } from "../../src/casework/vault/index.ts";
import { inFolder, investigatePaths, settingsIn } from "../scenario/investigation.ts";
import { SOUND_LOG, filesBelow, filesWith, investigateBeside, text } from "./hostile-case.ts";

const BLOCK = 4 << 20;
const SIZE = 3 * BLOCK;

/** A pace that does something to the evidence when the first block of it was read. */
function changing(act: () => void): Pace {
  let calls = 0;
  return new (class extends Pace {
    override async breathe(): Promise<void> {
      if (++calls === 1) act();
      return await super.breathe();
    }
  })();
}

interface Taken {
  readonly taken: TakenIn;
  /** Sealed objects in the vault afterwards. */
  readonly objects: number;
  /** Of what the vault holds of the file: its stated hash, and that of what comes out again; null where it holds none. */
  readonly stated: string | null;
  readonly sealed: Buffer;
}

/** Takes a file in that is changed by `act` on its way. */
async function takeChanging(act: (path: string) => void): Promise<Taken> {
  return await inFolder(async (folder) => {
    const path = join(folder, "changing.bin");
    writeFileSync(path, Buffer.alloc(SIZE, "a"));
    return await inVault(folder, "vault", async (vault) => {
      const intaking = { paths: [path], by: "Ann", byReference: false };
      const taken = await takeIn(
        vault,
        intaking,
        changing(() => act(path)),
      );
      const [evidence] = evidenceOf(vault);
      const objects = filesBelow(join(vault.folder, "objects")).length;
      if (evidence === undefined) return { taken, objects, stated: null, sealed: Buffer.alloc(0) };
      const source = openEvidence(vault, evidence);
      const sealed = Buffer.from(source.read(0, source.byteLength));
      source.close();
      return { taken, objects, stated: evidence.hash, sealed };
    });
  });
}

function inVault<T>(folder: string, name: string, work: (vault: Vault) => Promise<T>): Promise<T> {
  return withVault(join(folder, name), settingsIn(folder), { createBy: "Ann" }, work);
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("abuse 19: a file that grows while it is taken in: its first length is sealed, under the hash of just that", async () => {
  const { stated, sealed } = await takeChanging((path) => appendFileSync(path, "more"));
  expect(sealed.length).toBe(SIZE);
  expect(stated).toBe(sha256(sealed));
});

test("abuse 19: a file altered in place: the hash is of the bytes that were sealed, not of another pass", async () => {
  const { stated, sealed } = await takeChanging((path) => {
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(SIZE, "b"), 0, SIZE, 0);
    closeSync(file);
  });
  expect(sealed.toString("latin1", BLOCK - 1, BLOCK + 1)).toBe("ab");
  expect(stated).toBe(sha256(sealed));
});

test("abuse 19: a file that shrinks while it is taken in is not taken in, and that is told", async () => {
  const { taken, stated, objects } = await takeChanging((path) => truncateSync(path, BLOCK + 7));
  expect([stated, objects]).toEqual([null, 0]);
  expect(taken.passedOver).toHaveLength(1);
  expect(taken.passedOver[0]?.why).toContain("became shorter");
});

test("abuse 19: evidence left where it lies that has another length when it is read is a flaw; the rest is read", async () => {
  await inFolder(async (folder) => {
    const [log, other] = ["log", "other"].map((name) => join(folder, `${name}.log`));
    writeFileSync(known(log, "a path"), SOUND_LOG);
    writeFileSync(known(other, "a path"), SOUND_LOG.replaceAll("-13 ", "-14 "));
    const paths = [known(log, "a path"), known(other, "a path")];
    await inVault(folder, "vault", (vault) =>
      takeIn(vault, { paths, by: "Ann", byReference: true }, new Pace()),
    );
    appendFileSync(known(log, "a path"), "2021-08-13 05:00:00 GET /late - 443 192.0.2.9 200 1\r\n");
    const dossier = await investigatePaths(folder, [known(other, "a path")], null);
    expect(dossier.evidence.map(({ intake, events }) => [intake, events])).toEqual([
      ["unread", 0],
      ["read", 2],
    ]);
    expect(dossier.flaws.map(({ what }) => what)).toEqual(["referenced evidence changed"]);
    const config = join(folder, "config");
    const settings = { key: { kind: "default" }, configFolder: config, checkpoint: null } as const;
    const { troubles } = verifyVault(join(folder, "vault"), settings, new Pace());
    expect(troubles).toEqual([expect.stringContaining("evidence left where it lay has")]);
  });
});

test("abuse 20: the same bytes twice are stored once and read once, and both names are told", async () => {
  const log = text(SOUND_LOG.replaceAll("-13 ", "-15 "));
  await investigateBeside(
    { "one.log": log, "two/one.log": log },
    async ({ accounts, vault, again }) => {
      expect(accounts).toContain("one.log | read | iis | 2");
      expect(accounts.filter((account) => account.includes("duplicate"))).toHaveLength(1);
      const objects = filesBelow(join(vault, "objects")).length;
      const dossier = await again();
      expect(dossier.evidence.filter(({ intake }) => intake === "duplicate")).toHaveLength(1);
      // Only the words of the new run: nothing of the evidence a second time.
      expect(filesBelow(join(vault, "objects")).length - objects).toBeLessThan(3);
    },
  );
});

test("abuse 20: the same bytes in two vaults have nothing in common by which one tells of the other", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "evidence.log");
    writeFileSync(log, SOUND_LOG);
    const held = [];
    for (const name of ["first", "second"]) {
      mkdirSync(join(folder, name));
      held.push(
        await inVault(folder, join(name, "vault"), async (vault) => {
          const taken = await takeIn(
            vault,
            { paths: [log], by: "Ann", byReference: false },
            new Pace(),
          );
          expect(taken.duplicates).toEqual([]);
          const entry = vault.entries().find(({ kind }) => kind === "evidence-sealed");
          const {
            object,
            hmac,
            sha256: cipher,
          } = known(entry?.sealed ?? null, "a sealed evidence");
          return { object, hmac, cipher, actor: entry?.actor, plain: evidenceOf(vault)[0]?.hash };
        }),
      );
    }
    const [first, second] = [known(held[0], "first"), known(held[1], "second")];
    expect(first.plain).toBe(second.plain);
    const names = ["object", "hmac", "cipher", "actor"] as const;
    expect(names.filter((name) => first[name] === second[name])).toEqual([]);
    // The hash of the evidence stands nowhere in the open: it would tell who holds the same file.
    const hash = known(first.plain, "the hash of the evidence");
    for (const name of ["first", "second"])
      expect(filesWith(join(folder, name, "vault"), hash)).toEqual([]);
    expect(readdirSync(join(folder, "config", "keys")).length).toBeGreaterThan(1);
  });
});
