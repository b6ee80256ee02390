/** Recognises task definitions by the namespace and the name of their root. Refuses tasks of any other product. */
import type { Card } from "../format.ts";
import { decodeXml, rootNameOf, rootTagOf, xmlEncodingOf } from "../xml/encoding.ts";
import { TASK, TASKS, TASK_NAMESPACE } from "./layout.ts";

/** Scheduled tasks of Windows. */
export const taskCard: Card = {
  id: "task",
  reads: "scheduled-task definitions (XML), one or the list of schtasks /query /xml",
  spec: "[MS-TSCH] 2.5, https://learn.microsoft.com/openspecs/windows_protocols/ms-tsch/",
  recognises(head) {
    const root = rootNameOf(head);
    if (root === TASK) return rootTagOf(head)?.includes(TASK_NAMESPACE) === true;
    // The list has no namespace: its first task has, unless a comment before it is longer than the head.
    const text =
      root === TASKS ? decodeXml(head.subarray(0, head.length & ~1), xmlEncodingOf(head)) : "";
    return text.includes(`<${TASK} `) && text.includes(TASK_NAMESPACE);
  },
};
