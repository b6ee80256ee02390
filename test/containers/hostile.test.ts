/** Archives made to do harm, each with what must come of it: what is readable is read, everything else is said. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recogniseContainer } from "../../src/engines/formats/index.ts";
import { shared } from "../shared.ts";
import { open, type Opened } from "./opened.ts";
import { writeGzip, writeTar } from "./write-tar.ts";

const YAUZL = shared("hostile", "zip-yauzl");
const ESCAPE = shared("hostile", "path-escape");
const EVIL = "this file must never be written\n";
const GOOD = "good.txt: this file may be extracted\n";
const BOTH = ["a.txt: asdf\n", "b.txt: bsdf\n"];

const ESCAPES: Readonly<Record<string, Opened>> = {
  "tar-absolute.tar": {
    members: [`tmp/evil.txt: ${EVIL}`],
    flaws: [" | absolute path | /tmp/evil.txt; here tmp/evil.txt"],
  },
  "tar-dotdot.tar": {
    members: [GOOD, `tmp/evil.txt: ${EVIL}`],
    flaws: [` | path that climbs out (..) | ${"../".repeat(8)}tmp/evil.txt; here tmp/evil.txt`],
  },
  "tar-hardlink-outside.tar": {
    members: [],
    flaws: [" | hard link | hard -> ../../etc/hostname"],
  },
  "tar-symlink-then-write.tar": {
    members: [`link/evil.txt: ${EVIL}`],
    flaws: [" | symbolic link | link -> ../outside"],
  },
  "zip-absolute-posix.zip": {
    members: [`tmp/evil.txt: ${EVIL}`],
    flaws: [" | absolute path | /tmp/evil.txt; here tmp/evil.txt"],
  },
  "zip-dotdot-posix.zip": {
    members: [GOOD, `tmp/evil.txt: ${EVIL}`],
    flaws: [` | path that climbs out (..) | ${"../".repeat(12)}tmp/evil.txt; here tmp/evil.txt`],
  },
  "zip-dotdot-windows.zip": {
    members: [GOOD, `Temp/evil.txt: ${EVIL}`],
    flaws: [
      ` | path that climbs out (..) | ${"..\\".repeat(12)}Temp\\evil.txt; here Temp/evil.txt`,
    ],
  },
  "zip-drive-letter.zip": {
    members: [`C/Temp/evil.txt: ${EVIL}`],
    flaws: [" | drive letter | C:\\Temp\\evil.txt; here C/Temp/evil.txt"],
  },
  "zip-duplicate-names.zip": {
    members: ["a.txt: first\n", "a.txt~2: second\n", "A.TXT: third\n"],
    flaws: [" | same name twice | a.txt; here a.txt~2", " | same name but for its case | A.TXT"],
  },
  "zip-odd-names.zip": {
    members: [
      `NUL: ${EVIL}`,
      `a.txt:stream: ${EVIL}`,
      `trailing. : ${EVIL}`,
      `invoice\u202efdp.exe: ${EVIL}`,
    ],
    flaws: [
      " | device name | NUL",
      " | NTFS stream | a.txt:stream",
      " | blank or dot at an end of the name | trailing. ",
      " | character that reorders or hides text | invoice\u202efdp.exe",
    ],
  },
  "zip-symlink-then-write.zip": {
    members: [`link/evil.txt: ${EVIL}`],
    flaws: [" | symbolic link | link -> ../outside"],
  },
};

/** By the beginning of the file's name. Null: no container at all. */
const FAILURES: Readonly<Record<string, Opened | null>> = {
  "failure/End_of_central_directory_record_signature_not_found_Either_not_a_zip_file_or_file_is_truncated.zip":
    { members: BOTH, flaws: [" | end of the zip | none; the local headers are read instead"] },
  "failure/End_of_central_directory_record_signature_not_found_Either_not_a_zip_file_or_file_is_truncated_1.zip":
    null,
  "failure/Invalid_comment_length_Expected_1_Found_0_Are_there_extra_bytes_at_the_end_of_the_file_Or_is_the_end_of_central_dir_signature_PK_in_the_com.zip":
    { members: BOTH, flaws: [" | length of the comment | something else"] },
  "failure/absolute_path_C_xt.zip": {
    members: ["C/xt: asdf\n", "b.txt: bsdf\n"],
    flaws: [" | drive letter | C:/xt; here C/xt"],
  },
  "failure/absolute_path_atxt.zip": {
    members: ["atxt: asdf\n", "b.txt: bsdf\n"],
    flaws: [" | absolute path | /atxt; here atxt"],
  },
  "failure/compressed_uncompressed_size_mismatch_for_stored_file_2147483647_5.zip": {
    members: ["a.txt: 73 bytes", "b.txt: bsdf\n"],
    flaws: ["a.txt | member cut short | 73", " | overlapping members | b.txt: read all the same"],
  },
  "failure/extra_field_length_exceeds_extra_field_buffer_size.zip": {
    members: BOTH,
    flaws: [" | length of an extra field | b.txt"],
  },
  "failure/file_data_overflows_file_bounds_63_2147483647_308.zip": {
    members: ["a.txt: 73 bytes", "b.txt: bsdf\n"],
    flaws: ["a.txt | member cut short | 73", " | overlapping members | b.txt: read all the same"],
  },
  "failure/invalid_central_directory_file_header_signature_0x1014b50.zip": {
    members: BOTH,
    flaws: [" | central directory | something else"],
  },
  // Backslashes are the separators of some writers.
  "failure/invalid_characters_in_fileName_a_txt.zip": {
    members: ["a/txt: asdf\n", "b.txt: bsdf\n"],
    flaws: [],
  },
  "failure/invalid_code_lengths_set.zip": {
    members: ["index.js: "],
    flaws: ["index.js | deflated data | invalid code lengths set"],
  },
  "failure/invalid_local_file_header_signature_0x3034b50.zip": {
    members: ["a.txt: asdf\n"],
    flaws: [" | signature of a local header | b.txt: 0x03034b50"],
  },
  "failure/invalid_relative_path_xt.zip": {
    members: ["xt: asdf\n", "b.txt: bsdf\n"],
    flaws: [" | path that climbs out (..) | ../xt; here xt"],
  },
  "failure/invalid_zip64_end_of_central_directory_record_signature.zip": null,
  "failure/multi-disk_zip_files_are_not_supported_found_disk_number_1.zip": {
    members: BOTH,
    flaws: [" | archive in several parts | part 2; the local headers are read instead"],
  },
  "failure/not_enough_bytes_in_the_stream_expected_2048576_got_only_1000000.zip": {
    members: ["zeros.bin: 1000000 bytes"],
    flaws: ["zeros.bin | size of the member | 1000000"],
  },
  "failure/strong_encryption_is_not_supported.zip": {
    members: [],
    flaws: [" | strong encryption | a.txt"],
  },
  "failure/too_many_bytes_in_the_stream_expected_82496_got_at_least_98304.zip": {
    members: ["zeros.bin: 1000000 bytes"],
    flaws: ["zeros.bin | size of the member | 1000000"],
  },
  "failure/too_many_length_or_distance_symbols.zip": {
    members: ["index.js: "],
    flaws: ["index.js | deflated data | too many length or distance symbols"],
  },
  "failure/unexpected_EOF.zip": {
    members: [],
    flaws: [" | place of a member | empty.txt: byte 4294967295"],
  },
  "failure/unsupported_compression_method_1.zip": {
    members: ["a.txt: asdf\n"],
    flaws: [" | compression method | b.txt: shrunk (1)"],
  },
  "failure/zip64_extended_information_extra_field_does_not_include_compressed_size.zip": {
    members: [],
    flaws: [
      " | zip64 field without the packed size | empty.txt",
      " | place of a member | empty.txt: byte 4294967295",
    ],
  },
  "failure/zip64_extended_information_extra_field_does_not_include_relative_header_offset.zip": {
    members: [],
    flaws: [
      " | zip64 field without the offset | empty.txt",
      " | place of a member | empty.txt: byte 4294967295",
    ],
  },
  "failure/zip64_extended_information_extra_field_does_not_include_uncompressed_size.zip": {
    members: [],
    flaws: [
      " | zip64 field without the size | empty.txt",
      " | place of a member | empty.txt: byte 4294967295",
    ],
  },
  "wrong-entry-sizes.zip": {
    members: [`a.txt: ${"=".repeat(38)}\n`, "b.txt: 76 bytes", "c: "],
    flaws: [
      "a.txt | size of the member | 39",
      "b.txt | size of the member | 76",
      "c | size of the member | 0",
    ],
  },
  "traditional-encryption.zip": {
    members: [],
    flaws: [" | encrypted member | a.txt: no password was given"],
  },
  "unicode-path-extra-field.zip": { members: ["七个房间.txt: "], flaws: [] },
};

/** Names in an index of the folder, without what it keeps about itself. */
function listed(folder: string | null, pick: (index: never) => readonly string[]): string[] {
  if (folder === null) return [];
  return [...pick(JSON.parse(readFileSync(join(folder, "INDEX.json"), "utf8")) as never)].sort();
}

test.skipIf(ESCAPE === null)("every file that tries to escape has its expectation", () => {
  const names = listed(ESCAPE, ({ expect: all }: { expect: object }) => Object.keys(all));
  expect(names).toEqual(Object.keys(ESCAPES).sort());
});

test.skipIf(YAUZL === null)("every damaged zip has its expectation", () => {
  const names = listed(YAUZL, ({ files }: { files: readonly { file: string }[] }) =>
    files.map(({ file }) => file),
  );
  expect(names).toEqual(Object.keys(FAILURES).sort());
});

test.skipIf(ESCAPE === null).each(Object.entries(ESCAPES))("%s", async (name, expected) => {
  expect(await open(readFileSync(join(ESCAPE ?? "", name)))).toEqual(expected);
  expect(existsSync("/tmp/evil.txt")).toBe(false);
});

test.skipIf(YAUZL === null).each(Object.entries(FAILURES))("%s", async (name, expected) => {
  const bytes = readFileSync(join(YAUZL ?? "", name));
  const opened = recogniseContainer(bytes) === null ? null : await open(bytes);
  expect(opened).toEqual(expected);
});

test("zeros without end between the members of a packed tar cost no more than members may", async () => {
  const tar = writeTar([{ name: "a.log", bytes: Buffer.from("read\n") }]);
  const bomb = writeGzip([tar, Buffer.alloc(8 << 20)]);
  const { members, flaws } = await open(bomb, [], { ratioFromBytes: 1 << 20, ratioMax: 2 });
  expect(members).toEqual(["a.log: read\n"]);
  expect(flaws).toContainEqual(expect.stringContaining("unpacked size"));
});
