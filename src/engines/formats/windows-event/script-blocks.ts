/**
 * Scripts that PowerShell wrote in parts (event 4104, MessageNumber of MessageTotal), put together: a rule that looks for two words
 * must find them though the log cut the script between. Refuses parts that lie further apart than LOOK_BACK_BYTES, so that what
 * is joined depends on the bytes before a part and never on where a reading began.
 * Spec: Microsoft, about_Logging_Windows; the field names of the manifest of Microsoft-Windows-PowerShell.
 */

/** How far behind its last part a script may begin: some thirty parts of the largest size. */
export const LOOK_BACK_BYTES = 1_048_576;

/** One part, as an event states it. */
export interface ScriptPart {
  readonly block: string;
  readonly number: number;
  readonly total: number;
  readonly text: string;
  /** Byte of the event in the source. */
  readonly offset: number;
}

interface Known {
  readonly offset: number;
  readonly text: string;
}

/** A part has at least 200 bytes of event around it: LOOK_BACK_BYTES cannot hold more. */
const TOTAL_MAX = 5_000;

/** Parts of scripts that are not whole yet; holds no more text than stands in LOOK_BACK_BYTES. */
export class ScriptBlocks {
  readonly #parts = new Map<string, Map<number, Known>>();
  #cleanedTo = 0;

  /** Takes a part, in file order; gives the whole script where this part was the last that lacked. */
  take({ block, number, total, text, offset }: ScriptPart): string | null {
    if (total < 2 || total > TOTAL_MAX || number < 1 || number > total || block === "") return null;
    this.#clean(offset);
    const parts = this.#parts.get(block) ?? new Map<number, Known>();
    const isNew = !parts.has(number);
    parts.set(number, { offset, text });
    this.#parts.set(block, parts);
    if (!isNew || parts.size < total) return null;
    const texts: string[] = [];
    for (let at = 1; at <= total; at++) {
      const part = parts.get(at);
      if (part === undefined || part.offset < offset - LOOK_BACK_BYTES) return null;
      texts.push(part.text);
    }
    this.#parts.delete(block);
    return texts.join("");
  }

  /** Forgets what is too far back, once for every LOOK_BACK_BYTES. */
  #clean(offset: number): void {
    if (offset < this.#cleanedTo + LOOK_BACK_BYTES) return;
    this.#cleanedTo = offset;
    for (const [block, parts] of this.#parts) {
      for (const [number, part] of parts)
        if (part.offset < offset - LOOK_BACK_BYTES) parts.delete(number);
      if (parts.size === 0) this.#parts.delete(block);
    }
  }
}
