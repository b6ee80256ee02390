/** A file that the sample case or a writer makes: a path below the folder, and its bytes as they come. */
export interface MadeFile {
  readonly path: string;
  readonly bytes: Iterable<Uint8Array>;
}
