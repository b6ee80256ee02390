/**
 * Messages that did not reach anybody, as findings: one for each recipient that failed. Each failed message is a detection, so that an answer
 * covers what was there and the next failure opens it again. Refuses to close by itself when a later message gets through.
 */
import { count, spell } from "../../../engines/wording/index.ts";
import type { Delivery } from "../../../model/escalation.ts";
import type { Finding } from "../../../model/finding.ts";
import { sensorFinding } from "../protection-finding.ts";
import { nameRecipient, recipientKey } from "./recipients.ts";

/** The findings, in the order in which their recipients were first written to; `deliveries` in the order of recording. First seen is the first failure. */
export function deliveryFindings(deliveries: readonly Delivery[]): readonly Finding[] {
  const byRecipient = Map.groupBy(deliveries, ({ to }) => recipientKey(to));
  return [...byRecipient].flatMap(([key, own]) => failuresOf(key, own));
}

function failuresOf(thing: string, own: readonly Delivery[]): readonly Finding[] {
  const failed = messagesOf(own.filter(({ outcome }) => outcome === "failed"));
  const [first] = failed;
  const last = failed.at(-1);
  if (first === undefined || last === undefined) return [];
  const name = nameRecipient(last.to);
  return [
    sensorFinding({
      kind: "delivery",
      rule: "escalation/delivery",
      title: `Messages fail: ${name}`,
      level: "high",
      host: "",
      thing,
      marks: failed.map(({ at }) => String(at)),
      firstSeen: first.at,
      lastSeen: last.at,
      counts: { messages: failed.length },
      examples: [],
      why: `${count(failed.length, "message")} did not get through (${name}), the first on ${spell(first.at)}, the last on ${spell(last.at)}: ${spell(last.error)}; ${since(own)}`,
    }),
  ];
}

/** One delivery for each message: what was sent together is about many findings, and happened once. */
function messagesOf(deliveries: readonly Delivery[]): readonly Delivery[] {
  return [...new Map(deliveries.map((delivery) => [delivery.at, delivery])).values()];
}

/** What became of messages after the last failure, or before: by their order, since clocks are set back. */
function since(own: readonly Delivery[]): string {
  const failed = own.findLastIndex(({ outcome }) => outcome === "failed");
  const later = own[failed + 1];
  if (later !== undefined) return `a later one got through on ${spell(later.at)}`;
  const before = own.findLast(({ outcome }) => outcome === "sent");
  return before === undefined
    ? "none has ever got through"
    : `none has got through since ${spell(before.at)}`;
}
