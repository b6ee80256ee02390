/** A sample case in memory, for scenarios that read a part of it themselves: what lies in it, and its texts. */
import { known } from "../../src/base/assert.ts";
import { type SampleVariant, makeSample } from "../../src/sample/index.ts";

/** A file of the sample, whole. */
interface WholeFile {
  readonly path: string;
  readonly content: Buffer;
}

/** What a small sample holds. */
interface MadeSample {
  /** The files whose path is wanted, made one at a time. */
  readonly held: (isWanted: (path: string) => boolean) => Iterable<WholeFile>;
  readonly textOf: (path: string) => string;
}

/** A small sample of a seed. */
export function madeSample(seed: number, variant: SampleVariant): MadeSample {
  const files = [...makeSample({ seed, size: "small", variant }).files];
  const contentOf = ({ bytes }: (typeof files)[number]) => Buffer.concat([...bytes]);
  function* held(isWanted: (path: string) => boolean): Generator<WholeFile> {
    for (const file of files)
      if (isWanted(file.path)) yield { path: file.path, content: contentOf(file) };
  }
  const textOf = (wanted: string) => {
    const file = files.find(({ path }) => path === wanted);
    return contentOf(known(file, wanted)).toString();
  };
  return { held, textOf };
}
