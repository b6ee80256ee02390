/** What the tests of this format share: a setting without statements. */
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";

export const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "made.evtx" },
  host: null,
  zone: null,
  skewMillis: 0,
};
