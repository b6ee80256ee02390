/** Scheduled tasks before the trials: a list of them, and one after the other in UTF-16. */
import { taskCard } from "../../src/engines/formats/task/card.ts";
import { taskReader } from "../../src/engines/formats/task/read.ts";
import { writeTaskList, writeTasks } from "../../src/engines/formats/task/write.ts";
import { madeTasks } from "./task-log.ts";
import { runTrials } from "./trials.ts";

const LESS = 60;
const LETTER = "T".charCodeAt(0);

runTrials({
  name: "task-list",
  reader: taskReader,
  card: taskCard,
  sample: () => writeTaskList(madeTasks(40)),
  startsRecord: (bytes, offset) => bytes[offset] === LESS && bytes[offset + 1] === LETTER,
  isWhole: (bytes, cut) => cut === 0 || cut >= bytes.length - 2,
});

runTrials({
  name: "task",
  reader: taskReader,
  card: taskCard,
  sample: () => writeTasks(...madeTasks(14, 2)),
  startsRecord: (bytes, offset) => bytes[offset] === LESS && bytes[offset + 2] === LETTER,
  isWhole: (bytes, cut) => isBetweenTasks(bytes.subarray(0, cut)),
});

/** Whether whole documents stand there and nothing else: a list of tasks has no end of its own. */
function isBetweenTasks(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString("utf16le").trimEnd();
  return bytes.length < 4 || text.endsWith("</Task>") || text.endsWith("?>");
}
