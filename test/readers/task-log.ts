/** Made-up scheduled tasks: those of Windows, those of an administrator, and one that should not be there. */
import type { WrittenTask } from "../../src/engines/formats/task/write.ts";
import { seededRandom } from "./trials.ts";

const KINDS: readonly ((pick: number) => Omit<WrittenTask, "trigger">)[] = [
  (pick) => ({
    uri: `\\Microsoft\\Windows\\Defrag\\ScheduledDefrag${pick}`,
    userId: "S-1-5-18",
    runLevel: "HighestAvailable",
    command: "%windir%\\system32\\defrag.exe",
    commandArguments: "-c -h -k -g -$",
  }),
  (pick) => ({
    uri: `\\Backup ${pick}`,
    date: `2021-0${1 + (pick % 9)}-17T14:05:33.1234567`,
    author: "CLINIC\\it.lead",
    userId: "CLINIC\\svc-backup",
    command: "C:\\Program Files\\Backup\\agent.exe",
    commandArguments: '--full "D:\\<data> & logs"',
  }),
  (pick) => ({
    uri: `\\Übergabe${pick}`,
    date: "2021-08-13T04:12:09",
    author: "CLINIC\\MX1$",
    userId: "S-1-5-18",
    isHidden: true,
    runLevel: "HighestAvailable",
    command: "C:\\Windows\\System32\\cmd.exe",
    commandArguments: "/c echo inert",
  }),
];

const TRIGGERS = [
  "<BootTrigger><Enabled>true</Enabled></BootTrigger>",
  "<CalendarTrigger><StartBoundary>2021-08-13T05:00:00</StartBoundary><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>",
  "<LogonTrigger/>",
];

/** `count` tasks of three kinds. */
export function madeTasks(count: number, seed = 1): readonly WrittenTask[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const make = KINDS[number % KINDS.length] ?? KINDS[0];
    const trigger = TRIGGERS[Math.floor(random() * TRIGGERS.length)] ?? "";
    return { trigger, uri: "", userId: "", command: "", ...make?.(number) };
  });
}
