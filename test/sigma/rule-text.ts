/** Rules written for one test: only their detection differs. */
import { parseRules } from "../../src/engines/sigma/parse.ts";

export const HEAD = "title: t\nid: 1\nlogsource: {product: windows}\n";

/** A rule with this detection. */
export function detection(text: string): string {
  return `${HEAD}detection:\n${text}`;
}

/** Why the first document of a text is refused; `accepted` where it is not. */
export function reasonOf(text: string): string {
  const [parsed] = parseRules("r.yml", text);
  return parsed?.kind === "refusal" ? parsed.reason : "accepted";
}
