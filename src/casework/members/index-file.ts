/**
 * The index of an expansion: one line of JSON for what it was made with, one a member, one a flaw. It is written last,
 * so that a folder with an index is whole. Refuses one of another version, or of a folder that lost a file.
 */
import { randomBytes, scryptSync } from "node:crypto";
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Fault } from "../../base/fault.ts";
import type { EvidenceHash } from "../../model/evidence.ts";
import type { Flaw } from "../../model/flaw.ts";
import type { ExpandedMember, Expansion } from "./expansion.ts";
import { programVersion } from "../knowledge.ts";
import { labelOf } from "./label.ts";

/** Goes up when the same archive would give other members or flaws. */
const VERSION = 4;
const NAME = "index.json";
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

const HEAD = z.object({
  version: z.literal(VERSION),
  /** Which passwords were tried in vain; null where every member was opened. Hashed slowly: the list is not kept. */
  passwords: z.object({ salt: z.string(), digest: z.string() }).nullable(),
  /** Which program told what will be read: another may read more. */
  program: z.string(),
  stopped: z.array(z.object({ member: z.string(), why: z.string() })),
});
const MEMBER = z.object({
  member: z.string(),
  name: z.string().nullable(),
  sizeBytes: z.number(),
  sha256: z.string(),
  modifiedMillis: z.number().nullable(),
  container: z.enum(["zip", "tar", "gzip", "7z"]).nullable(),
  /** Empty without a file. Last change of the file, by the file system: an antivirus that cleans a file may leave its length as it was. */
  changed: z.string(),
});
const FLAW = z.object({
  flaw: z.string(),
  offset: z.number(),
  what: z.string(),
  need: z.string(),
  have: z.string(),
});
const LINE = z.union([MEMBER, FLAW]);

/** Whose index it is: the label and hash are not kept in it, since the same bytes may be handed in under other names. */
export interface IndexOwner {
  readonly folder: string;
  readonly evidence: EvidenceHash;
  readonly file: string;
  readonly passwords: readonly string[];
}

/** The expansion that lies in the folder; null where there is none that is whole, current and opened as far as now. */
export function readIndex(owner: IndexOwner): Expansion | null {
  const path = join(owner.folder, NAME);
  if (!existsSync(path)) return null;
  try {
    const lines = linesOf(path);
    const head = HEAD.parse(JSON.parse(lines.next().value ?? ""));
    if (head.program !== programVersion()) return null;
    if (head.passwords !== null && !isTriedWith(head.passwords, owner.passwords)) return null;
    const members: ExpandedMember[] = [];
    const flaws: Flaw[] = [];
    for (const text of lines) {
      const line = LINE.parse(JSON.parse(text));
      if ("flaw" in line) flaws.push(flawOf(line, owner));
      else members.push(memberOf(line, owner));
    }
    return { members, flaws, stopped: head.stopped };
  } catch (error) {
    if (error instanceof Fault) throw error;
    // A derived file that is not what was written: made again from the evidence.
    return null;
  }
}

function* linesOf(path: string): Generator<string> {
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    yield bytes.toString("utf8", at, end < 0 ? bytes.length : end);
    at = end < 0 ? bytes.length : end + 1;
  }
}

function memberOf(line: z.infer<typeof MEMBER>, { folder, file }: IndexOwner): ExpandedMember {
  const { name, changed, ...kept } = line;
  if (name === null) return { ...kept, file: labelOf(file, line.member), path: null };
  const path = join(folder, name);
  if (!/^\d+$/.test(name) || statSync(path).size !== line.sizeBytes || changeOf(path) !== changed)
    throw new Error("a member is not as it was written");
  return { ...kept, file: labelOf(file, line.member), path };
}

/** When content or attributes of a file last changed, which no program sets at will; of one taken away, no time at all. */
function changeOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "gone" : String(stat.ctimeNs);
}

function flawOf(line: z.infer<typeof FLAW>, { evidence, file }: IndexOwner): Flaw {
  const { flaw: member, ...kept } = line;
  return { kind: "flaw", place: { evidence, member, file: labelOf(file, member) }, ...kept };
}

/** Writes the index beside the files and puts it in place by its last step. */
export function writeIndex(owner: IndexOwner, expansion: Expansion, isLocked: boolean): void {
  const path = join(owner.folder, NAME);
  const fresh = `${path}.new`;
  const file = openSync(fresh, "w", 0o600);
  try {
    const write = (line: unknown) => writeSync(file, `${JSON.stringify(line)}\n`);
    const { stopped } = expansion;
    const passwords = isLocked ? digestOf(owner.passwords) : null;
    write({ version: VERSION, program: programVersion(), passwords, stopped });
    for (const { file: _, path: kept, ...member } of expansion.members)
      write(
        kept === null
          ? { ...member, name: null, changed: "" }
          : { ...member, name: kept.slice(owner.folder.length + 1), changed: changeOf(kept) },
      );
    for (const { kind: _, place, ...flaw } of expansion.flaws)
      write({ flaw: place.member, ...flaw });
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}

function digestOf(passwords: readonly string[], salt: Uint8Array = randomBytes(SALT_BYTES)) {
  const text = JSON.stringify([...passwords].sort());
  const digest = scryptSync(text, salt, DIGEST_BYTES).toString("hex");
  return { salt: Buffer.from(salt).toString("hex"), digest };
}

function isTriedWith(
  tried: { readonly salt: string; readonly digest: string },
  passwords: readonly string[],
): boolean {
  return digestOf(passwords, Buffer.from(tried.salt, "hex")).digest === tried.digest;
}
