/** 7z archives for the trials, by 7-Zip itself. */
import { createRequire } from "node:module";

interface SevenZip {
  readonly FS: {
    mkdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    readFile(path: string): Uint8Array;
  };
  callMain(list: string[]): number;
}

/** A 7z of these files; `settings` are 7-Zip's own, such as `-psecret` and `-mhe=on`. */
export async function writeSevenZip(
  files: Readonly<Record<string, Uint8Array>>,
  settings: readonly string[] = [],
): Promise<Uint8Array> {
  const load: (options: object) => Promise<SevenZip> = createRequire(import.meta.url)("7z-wasm");
  const silent = () => {};
  const sevenZip = await load({ print: silent, printErr: silent, quit: silent });
  sevenZip.FS.mkdir("/in");
  const made = new Set<string>();
  for (const [name, bytes] of Object.entries(files)) {
    const folders = name.split("/").slice(0, -1);
    folders.forEach((_, at) => {
      const folder = `/in/${folders.slice(0, at + 1).join("/")}`;
      if (!made.has(folder)) sevenZip.FS.mkdir(folder);
      made.add(folder);
    });
    sevenZip.FS.writeFile(`/in/${name}`, bytes);
  }
  const code = sevenZip.callMain(["a", "-t7z", "-mx=1", ...settings, "/out.7z", "/in/*"]);
  if (code !== 0) throw new Error(`7-Zip ended with ${code}`);
  return new Uint8Array(sevenZip.FS.readFile("/out.7z"));
}
