/** The clocks of a vault's case as of a moment, without reading any evidence. */
import type { Ticks } from "../base/time.ts";
import type { Clock } from "../model/duty.ts";
import { clocksOf } from "../questions/duties/index.ts";
import { NO_CASE_FILE, parseCaseFile } from "./case-file.ts";
import { incidentOf } from "./incident.ts";
import { inputText, lastRun } from "./inputs.ts";
import { loadKnowledge } from "./knowledge.ts";
import { lawsFor } from "./laws.ts";
import type { Vault } from "./vault/index.ts";

/** Every duty of the laws that apply, held against what was recorded. */
export function clocksNow(vault: Vault, asOf: Ticks): readonly Clock[] {
  const input = lastRun(vault)?.caseFile ?? null;
  const caseFile = input === null ? NO_CASE_FILE : parseCaseFile(inputText(vault, input));
  const laws = lawsFor(loadKnowledge().laws, caseFile.jurisdictions);
  return clocksOf(laws, incidentOf(vault), asOf);
}
