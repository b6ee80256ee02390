/**
 * Recognises listings of a Windows system and its updates by the shape of their first lines, in any language. Refuses text in
 * which those lines do not stand near the top. Spec: docs/formats/systeminfo.md.
 */
import type { Card } from "../format.ts";
import { listingShape, listingText } from "./layout.ts";

/** Enough for the first lines of a listing. */
const FIRST_BYTES = 4_096;

/** The card of systeminfo and lists of updates. */
export const systeminfoCard: Card = {
  id: "systeminfo",
  reads: "systeminfo in any language, wmic qfe, Get-HotFix, lists of updates by number and title",
  spec: "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/systeminfo",
  recognises(head) {
    const first = head.subarray(0, FIRST_BYTES);
    // Every file that is nothing else comes by here: what is no text at all goes at once.
    const isText = listingText(first).unitBytes === 2 || !first.includes(0);
    return isText && listingShape(first) !== null;
  },
};
