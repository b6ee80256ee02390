/** `breakwater rules explain`: which part of a rule an event matches, and which it does not. */
import { UNDATED, formatTicks, toTicks } from "../../../base/time.ts";
import { Fault } from "../../../base/fault.ts";
import {
  type EventPlace,
  NO_CASE_FILE,
  OWN_RULES,
  explainAtEvent,
  parseCaseFile,
  readRuleFiles,
  readText,
  withPlaceholders,
  usualPlans,
} from "../../../casework/index.ts";
import type { Event } from "../../../model/event.ts";
import { type Command, FORMAT_JSON } from "../command.ts";
import { explanationJson, explanationLines } from "../explanation.ts";
import { PLACEHOLDERS, placeholdersOf } from "../placeholders.ts";
import { formatOf } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Shows a rule's condition as a tree over one event: each part matched or not, and the values seen.",
  usage: "rules explain ID|NAME --event FILE#RECORD|FILE@OFFSET [--rules PATH]... [--format json]",
  options: [
    {
      name: "event",
      value: "FILE#RECORD",
      help: "the event: its record as `events` and `detect` tell it, or FILE@OFFSET",
    },
    {
      name: "rules",
      value: "PATH",
      repeated: true,
      help: "where the rule is (our own where none is named)",
    },
    PLACEHOLDERS,
    { name: "case", value: "FILE", help: "hosts, zones and clock skews (YAML)" },
    FORMAT_JSON,
  ],
  example: "breakwater rules explain 06d71506 --event Security.evtx#1042 --rules ./sigma/rules",
  wordsMax: 1,
  writesNothing: true,
  async run(given, { out, pace, env }) {
    const format = formatOf(given, ["text", "json"]);
    const [word] = given.paths;
    if (word === undefined) throw new Fault("usage", "which rule?", `breakwater ${command.usage}`);
    const place = placeOf(given.one("event"));
    const named = given.many("rules");
    const files = await readRuleFiles(named.length > 0 ? named : [OWN_RULES], pace);
    const casePath = given.one("case");
    const asked = {
      rule: word,
      files: withPlaceholders(files, placeholdersOf(given)),
      event: place,
      caseFile: casePath === null ? NO_CASE_FILE : parseCaseFile(readText(casePath)),
    };
    const { about, event, stopped, explanation } = await explainAtEvent(
      asked,
      pace,
      usualPlans(env),
    );
    const { id, title, file, line } = about;
    if (format === "json") {
      await out.json({
        rule: { id, title, file, line },
        event: { file: event.place.file, record: event.record, offset: event.offset },
        stopped,
        explanation: explanation === null ? null : explanationJson(explanation),
      });
      return 0;
    }
    await out.line(out.strong(plain(`${title} (${id})`)));
    await out.line(plain(`${file}:${line}`));
    await out.line(eventText(event));
    if (stopped !== null) await out.line(plain(stopped));
    const lines = explanation === null ? [] : explanationLines(explanation);
    for (const text of lines) await out.line(text);
    return 0;
  },
};

/** `FILE#RECORD` or `FILE@OFFSET`; what stands behind the last mark is the place. */
function placeOf(text: string | null): EventPlace {
  const offset = /^(.+)@(\d{1,15})$/s.exec(text ?? "");
  if (offset !== null) return { file: offset[1] ?? "", at: { offset: Number(offset[2]) } };
  const record = /^(.+)#([^#]+)$/s.exec(text ?? "");
  if (record !== null) return { file: record[1] ?? "", at: { record: record[2] ?? "" } };
  const what = text === null ? "which event?" : `${text} names no event`;
  throw new Fault("usage", what, "--event FILE#RECORD, or FILE@OFFSET");
}

function eventText(event: Event): string {
  const { ticks, digits, format, channel, eventId } = event;
  const time = ticks === UNDATED ? null : toTicks(ticks);
  const when = time === null ? "undated" : formatTicks(time, digits);
  const where = [when, format, channel, eventId < 0 ? "" : `event ${eventId}`];
  const at = `${event.place.file}, record ${event.record}, byte ${event.offset}`;
  return plain(`${at}: ${where.filter((one) => one !== "").join(", ")}`);
}
