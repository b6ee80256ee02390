/** Cases for scheduled tasks: one behaviour each. */
import { TASK_NAMESPACE } from "../src/engines/formats/task/layout.ts";
import { type WrittenTask, writeTaskList, writeTasks } from "../src/engines/formats/task/write.ts";
import type { TestCase } from "./case.ts";

const TASK: WrittenTask = {
  uri: "\\Updater",
  date: "2021-08-13T04:12:09.1234567",
  author: "CLINIC\\MX1$",
  userId: "S-1-5-18",
  runLevel: "HighestAvailable",
  isHidden: true,
  trigger: "<CalendarTrigger><StartBoundary>2021-08-13T05:00:00</StartBoundary><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>",
  command: "C:\\ProgramData\\u.exe",
  commandArguments: "-q & <x>",
};

const open = `<Task version="1.2" xmlns="${TASK_NAMESPACE}">`;
const exec = (command: string) => `<Exec><Command>${command}</Command></Exec>`;

export const TASK_CASES: readonly TestCase[] = [
  {
    name: "task/plain",
    why: "one definition in UTF-16; its date has no zone: UTC, and that is said",
    format: "task",
    file: "Updater",
    events: [
      {
        time: "2021-08-13T04:12:09.1234567Z",
        record: "\\Updater",
        channel: "Scheduled task",
        fields: {
          Command: "C:\\ProgramData\\u.exe",
          Arguments: "-q & <x>",
          UserId: "S-1-5-18",
          RunLevel: "HighestAvailable",
          Hidden: "true",
          Triggers: "CalendarTrigger StartBoundary=2021-08-13T05:00:00 DaysInterval=1",
        },
      },
    ],
    assumptions: ["zone UTC"],
    body: writeTasks(TASK),
  },
  {
    name: "task/zone",
    why: "the case file names the zone of the machine",
    format: "task",
    zone: "Europe/Guernsey",
    events: [{ time: "2021-08-13T03:12:09.1234567Z" }],
    assumptions: ["zone Europe/Guernsey"],
    body: writeTasks(TASK),
  },
  {
    name: "task/list",
    why: "the list of schtasks; a task without a URI is known by the comment before it",
    format: "task",
    events: [{ record: "\\Updater" }, { record: "\\Old", time: null, fields: { URI: "\\Old", Command: "a.exe" } }],
    body: Buffer.from(writeTaskList([TASK])).toString().replace("</Tasks>", `<!-- \\Old -->${open}<Actions>${exec("a.exe")}</Actions></Task></Tasks>`),
  },
  {
    name: "task/several-actions",
    why: "several programs keep their order; a handler has its class",
    format: "task",
    events: [{ fields: { Command: ["a.exe", "b.exe"], Arguments: null, ClassId: "{1}" } }],
    body: `${open}<Actions>${exec("a.exe")}${exec("b.exe")}<ComHandler><ClassId>{1}</ClassId></ComHandler></Actions></Task>`,
  },
  {
    name: "task/entities",
    why: "an entity of its own is refused: nothing is expanded or fetched",
    format: "task",
    events: 0,
    flaws: ["0 XML"],
    body: `${open}<Actions>${exec("&x;")}</Actions></Task>`,
  },
  {
    name: "task/cut",
    why: "a definition that ends within an element is one flaw",
    format: "task",
    events: 0,
    flaws: ["0 XML"],
    body: `${open}<Actions>${exec("a.exe")}</Act`,
  },
  {
    name: "task/another-product",
    why: "a Task of another namespace is read by nobody, and kept",
    format: "none",
    events: 0,
    body: `<?xml version="1.0"?><Task xmlns="urn:other"><Actions/></Task>`,
  },
];
