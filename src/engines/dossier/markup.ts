/**
 * HTML that cannot be built without escaping: the `html` tag escapes every slot, and SafeHtml is made of
 * template literals only, so the type checker refuses a string that nobody escaped.
 * Text from evidence also has its control, zero-width and direction characters made visible.
 */
import { createHash } from "node:crypto";
import { visible } from "../../base/text.ts";

/** What may stand in a slot: text is escaped, markup is not, null is nothing. */
export type Slot = string | number | SafeHtml | readonly SafeHtml[] | null;

/** Markup made by the `html` tag; its constructor is closed to everybody else. */
export class SafeHtml {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** Joins the program's own words with escaped slots; the tag functions below are its callers. */
  static join(own: TemplateStringsArray, slots: readonly Slot[]): SafeHtml {
    let markup = own[0] ?? "";
    for (let at = 0; at < slots.length; at++)
      markup += rendered(slots[at] ?? null) + (own[at + 1] ?? "");
    return new SafeHtml(markup);
  }

  /** A style element around a literal that has no slots. */
  static style(own: TemplateStringsArray): SafeHtml {
    return new SafeHtml(`<style>${own[0] ?? ""}</style>`);
  }

  toString(): string {
    return this.#markup;
  }
}

/** Tag of a template: the literal parts are ours, the slots are anybody's. */
export function html(own: TemplateStringsArray, ...slots: readonly Slot[]): SafeHtml {
  return SafeHtml.join(own, slots);
}

/** Tag of a stylesheet without slots: its element, and the hash by which a content security policy allows it. */
export function stylesheet(own: TemplateStringsArray): { element: SafeHtml; hash: string } {
  const digest = createHash("sha256")
    .update(own[0] ?? "")
    .digest("base64");
  return { element: SafeHtml.style(own), hash: `sha256-${digest}` };
}

function rendered(slot: Slot): string {
  if (slot === null) return "";
  if (slot instanceof SafeHtml) return slot.toString();
  if (typeof slot === "string") return escaped(slot);
  if (typeof slot === "number") return String(slot);
  return slot.join("");
}

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text for element content and for quoted attributes. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (char) => NAMED[char] ?? "");
}
