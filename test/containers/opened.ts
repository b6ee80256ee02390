/** Containers opened for the trials: what came out, as text that a person can compare. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expandMembers } from "../../src/casework/members/expand.ts";
import { LIMITS, type Limits } from "../../src/casework/members/limits.ts";
import { Pace } from "../../src/casework/pace.ts";
import { memorySource, type Source } from "../../src/base/source.ts";
import { recogniseContainer } from "../../src/engines/formats/index.ts";
import type { EvidenceHash } from "../../src/model/evidence.ts";

const HASH = "e".repeat(64) as EvidenceHash;

export interface Opened {
  /** `name: text`, content beyond 40 characters as its length. */
  readonly members: readonly string[];
  /** `member | what | have`. */
  readonly flaws: readonly string[];
}

/** A folder of its own, gone when `work` is done. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "breakwater-members-"));
  try {
    return await work(join(root, "members"));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Expands an archive in `folder`. */
export async function expandIn(
  folder: string,
  bytes: Uint8Array | Source,
  passwords: readonly string[] = [],
  limits: Partial<Limits> = {},
) {
  const source = bytes instanceof Uint8Array ? memorySource(bytes) : bytes;
  const id = recogniseContainer(source.read(0, Math.min(512, source.byteLength)));
  if (id === null) throw new Error("no container");
  const place = { evidence: HASH, member: "", file: "case.zip" };
  const stopped: [] = [];
  const wants = () => true;
  const input = {
    source: { ...source, close: () => {} },
    id,
    place,
    folder,
    passwords,
    stopped,
    wants,
  };
  return await expandMembers(input, new Pace(), { ...LIMITS, ...limits });
}

/** Expands an archive in a folder of its own and tells what came out. */
export async function open(
  bytes: Uint8Array | Source,
  passwords: readonly string[] = [],
  limits: Partial<Limits> = {},
): Promise<Opened> {
  return await inFolder(async (folder) => {
    const { members, flaws } = await expandIn(folder, bytes, passwords, limits);
    return {
      members: members.map(({ member, path, sizeBytes }) => {
        const text = sizeBytes > 40 ? `${sizeBytes} bytes` : readFileSync(path ?? "", "utf8");
        return `${member}: ${text}`;
      }),
      flaws: flaws.map(({ place, what, have }) => `${place.member} | ${what} | ${have}`),
    };
  });
}
