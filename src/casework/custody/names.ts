/**
 * Names under which evidence is written out: the way it was handed in, as near as every file system can have it.
 * Refuses what leaves the folder, names a device, hides, or is the same name to another file system.
 */
/** Bytes of one part: below the 255 of every file system, with room for what others append. */
const PART_BYTES_MAX = 200;
/** Characters of a whole name: below Windows' 260 with a folder before it. */
const NAME_CHARS_MAX = 180;
/** What Windows refuses, what a terminal acts on, and what reorders or hides text. */
const UNFIT = /[<>:"|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffd]/gu;
/** Names that Windows takes for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])$/i;

/** A name for each label, in their order: relative, with `/`, and all different on every file system. */
export function safeNames(labels: readonly string[]): readonly string[] {
  const taken = new Taken();
  return labels.map((label) => taken.take(cleanName(label)));
}

/** The label as a relative name that stays in its folder; two labels may give the same. */
export function cleanName(label: string): string {
  // Either slash parts names somewhere, so both do here.
  const parts = label
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== "." && part !== "..")
    .map(cleanPart);
  const kept: string[] = [];
  let chars = 0;
  for (const part of parts.toReversed()) {
    chars += part.length + 1;
    if (chars > NAME_CHARS_MAX && kept.length > 0) break;
    kept.unshift(part);
  }
  return kept.length === 0 ? "evidence" : kept.join("/");
}

function cleanPart(part: string): string {
  const fit = part.normalize("NFC").replace(UNFIT, "_");
  // Windows drops these at the end without a word, and two files become one.
  const ended = shortened(fit).replace(/[. ]+$/, (end) => "_".repeat(end.length));
  const stem = (ended.split(".")[0] ?? "").trimEnd();
  return DEVICE.test(stem) ? `_${ended}` : ended;
}

/** Cut in the middle of the stem's end, so that the extension still says what the file is. */
function shortened(part: string): string {
  if (Buffer.byteLength(part) <= PART_BYTES_MAX && part.length <= NAME_CHARS_MAX - 1) return part;
  const dot = part.lastIndexOf(".");
  const extension = dot > 0 && part.length - dot <= 16 ? part.slice(dot) : "";
  let stem = "";
  let bytes = Buffer.byteLength(extension);
  for (const char of part) {
    bytes += Buffer.byteLength(char);
    if (bytes > PART_BYTES_MAX || stem.length + extension.length + 2 > NAME_CHARS_MAX) break;
    stem += char;
  }
  return stem + extension;
}

/** Names given so far, as the least discerning file system sees them. */
class Taken {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  /** Where to go on for a name that came before: a million of the same name stay quick. */
  readonly #again = new Map<string, number>();

  /** The name itself, or the same way below `again-2`, `again-3` …. */
  take(name: string): string {
    const own = folded(name);
    let candidate = name;
    for (let number = this.#again.get(own) ?? 1; !this.#isFree(folded(candidate)); ) {
      number++;
      candidate = `again-${number}/${name}`;
      this.#again.set(own, number);
    }
    this.#add(folded(candidate));
    return candidate;
  }

  #isFree(name: string): boolean {
    if (this.#files.has(name) || this.#folders.has(name)) return false;
    return foldersOf(name).every((folder) => !this.#files.has(folder));
  }

  #add(name: string): void {
    this.#files.add(name);
    for (const folder of foldersOf(name)) this.#folders.add(folder);
  }
}

/** Every folder above a name. */
function foldersOf(name: string): readonly string[] {
  const parts = name.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** The same for names that some file system holds for one: case, and ways to write the same letter. */
function folded(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
