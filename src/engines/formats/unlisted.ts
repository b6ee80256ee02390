/**
 * What the reader of each format answers besides the fields that it lists, in its own words. Small and without any reader, so that
 * kept rows are asked as those of the evidence are. A format that is not here answers to what it lists and to nothing else.
 */
import type { Unlisted } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { iisUnlisted } from "./iis/unlisted.ts";
import { m365Unlisted } from "./m365/unlisted.ts";
import { ncsaUnlisted } from "./ncsa/layout.ts";

const UNLISTED: Partial<Record<FormatId, Unlisted>> = {
  iis: iisUnlisted,
  m365: m365Unlisted,
  ncsa: ncsaUnlisted,
};

const NOTHING: Unlisted = {
  answer: () => undefined,
  reach: () => "whole",
};

/** What rows of the format answer besides what they list; a test holds every format to it. */
export function unlistedOf(format: FormatId): Unlisted {
  return UNLISTED[format] ?? NOTHING;
}
