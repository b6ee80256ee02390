/**
 * What the disk of the mail server tells: scheduled tasks, the SOFTWARE hive, $MFT and the change journal. Names, times and
 * sizes of files only; there are no contents. The journal holds its last weeks, as on a busy volume.
 */
import { known } from "../base/assert.ts";
import { type Ticks, ticksFromMillis } from "../base/time.ts";
import {
  writeHive,
  writeMft,
  writeTaskList,
  writeTasks,
  writeUsnJournal,
  type WrittenChange,
  type WrittenFile,
  type WrittenKey,
  type WrittenTask,
} from "../engines/formats/index.ts";
import type { MadeFile } from "../model/sample.ts";
import { COLLECTED_AT, DAY, HOUR, MINUTE, SECOND, dayOf, isoOf, on } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { lastSetupOf } from "./exchange-build.ts";
import { madeFile } from "./made-file.ts";
import type { Story } from "./story.ts";

/** A scheduled task by which an intruder stays. */
export interface Persistence {
  readonly actor: string;
  readonly uri: string;
  readonly command: string;
  readonly registeredAt: number;
}

/** The task of the first intruder, an hour into his first use of a page; null in stories without one. */
export function persistenceOf(story: Story): Persistence | null {
  const { plan, variant, seed, actors } = story;
  if (variant !== "exchange") return null;
  const own = new Set(actors.map(({ name }) => name));
  const shell = plan.shells.find(
    ({ actor, firstAnswer }) => firstAnswer !== null && own.has(actor),
  );
  if (shell === undefined || shell.firstAnswer === null) return null;
  const chance = new Chance(seed, "persistence");
  const name = chance.pick(["GoogleUpdaterCore", "WinSAT Helper", "EdgeUpdateTask", "SyncCenter"]);
  return {
    actor: shell.actor,
    uri: `\\${name}`,
    command: `C:\\ProgramData\\${chance.letters(6)}\\${chance.letters(5)}.exe`,
    registeredAt: shell.firstAnswer + HOUR + chance.below(20 * MINUTE),
  };
}

/** The files of the disk. */
export function makeDisk(story: Story): MadeFile[] {
  const persistence = persistenceOf(story);
  const tasks = "MX1/Windows/System32/Tasks";
  return [
    madeFile(`${tasks}/all-tasks.xml`, () => [writeTaskList([backupTask(story)])]),
    ...(persistence === null
      ? []
      : [
          madeFile(`${tasks}${persistence.uri.replace("\\", "/")}`, () => [
            writeTasks(persistentTask(story, persistence)),
          ]),
        ]),
    madeFile("MX1/Windows/System32/config/SOFTWARE", () => [
      writeHive(softwareHive(story), "\\SystemRoot\\System32\\Config\\SOFTWARE"),
    ]),
    madeFile("MX1/disk/$MFT", () => [writeMft(new FileTable(story).records)]),
    madeFile("MX1/disk/$UsnJrnl_$J", () => [writeUsnJournal(new FileTable(story).changes())]),
  ];
}

function ticksOf(millis: number): Ticks {
  return known(ticksFromMillis(millis), "the story is set in 2021");
}

/** Local time without a zone, which in the story's summers is an hour ahead of UTC. */
function localText(millis: number): string {
  const isSummer = millis < on(10, 31, 1);
  return isoOf(millis + (isSummer ? HOUR : 0)).slice(0, 19);
}

function daily(start: string): string {
  return `<CalendarTrigger><StartBoundary>${start}</StartBoundary><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>`;
}

function backupTask({ cast }: Story): WrittenTask {
  return {
    uri: "\\BackupAgent\\Nightly",
    date: "2019-02-11T10:12:45",
    author: `${cast.netbios}\\${cast.administrator.account}`,
    userId: "S-1-5-18",
    runLevel: "HighestAvailable",
    trigger: daily("2019-02-12T02:00:00"),
    command: "C:\\Program Files\\BackupAgent\\agent.exe",
    commandArguments: "--nightly",
  };
}

function persistentTask({ cast }: Story, { uri, command, registeredAt }: Persistence): WrittenTask {
  const local = localText(registeredAt);
  return {
    uri,
    date: local,
    author: `${cast.netbios}\\${cast.mailServer.name}$`,
    userId: "S-1-5-18",
    runLevel: "HighestAvailable",
    isHidden: true,
    trigger: daily(local),
    command,
  };
}

/** Exchange's setup key, the run key, and the exclusions that the vendor itself advised until 2023. */
function softwareHive(story: Story): WrittenKey {
  const { build, at: setupAt } = lastSetupOf(story.cast);
  const [major = 15, minor = 1, number = 0, revision = 0] = build.split(".").map(Number);
  const installed = ticksOf(setupAt + 50 * MINUTE);
  const old = ticksOf(Date.UTC(2018, 4, 24, 9, 7));
  const key = (name: string, ticks: Ticks, keys: readonly WrittenKey[]) => ({ name, ticks, keys });
  const setup: WrittenKey = {
    name: "Setup",
    ticks: installed,
    values: [
      ["MsiInstallPath", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"],
      ["MsiProductMajor", major],
      ["MsiProductMinor", minor],
      ["MsiBuildMajor", number],
      ["MsiBuildMinor", revision],
      ["OwaVersion", story.cast.build],
    ],
  };
  const run: WrittenKey = {
    name: "Run",
    ticks: old,
    values: [
      ["VMware User Process", '"C:\\Program Files\\VMware\\VMware Tools\\vmtoolsd.exe" -n vmusr'],
    ],
  };
  const excluded: WrittenKey = {
    name: "Processes",
    ticks: ticksOf(Date.UTC(2019, 1, 11, 10)),
    values: [
      ["w3wp.exe", 0],
      ["powershell.exe", 0],
    ],
  };
  return key("ROOT", old, [
    key("Microsoft", old, [
      key("ExchangeServer", old, [key("v15", installed, [setup])]),
      key("Windows", old, [key("CurrentVersion", old, [run])]),
      key("Windows Defender", old, [key("Exclusions", old, [excluded])]),
    ]),
  ]);
}

const ROOT = 5;
/** NTFS keeps the records before this for itself. */
const FIRST_FREE = 24;
/** What is left of the journal when the volume is copied. */
const JOURNAL_DAYS = 24;
const CREATED = 0x100;
const EXTENDED = 0x2;
const DELETED = 0x200;
const CLOSED = 0x8000_0000;

/** The files of the volume that the story speaks of, in records of their own. */
class FileTable {
  readonly records: (WrittenFile | null)[] = [];
  readonly #folders = new Map<string, number>();
  readonly #changes: { readonly at: number; readonly entry: number; readonly reason: number }[] =
    [];

  constructor(story: Story) {
    const old = Date.UTC(2018, 4, 24, 9, 7);
    this.records.push(fileOf("$MFT", ROOT, old, { flags: 0x6 }));
    while (this.records.length < ROOT) this.records.push(null);
    this.records.push(fileOf(".", ROOT, old, { sequence: ROOT, isDirectory: true }));
    while (this.records.length < FIRST_FREE) this.records.push(null);
    for (const page of ["logon.aspx", "errorFE.aspx", "signout.aspx"])
      this.#put(`${OWA}\\${page}`, lastSetupOf(story.cast).at + 20 * MINUTE, null);
    for (const { path, from, to } of droppedFiles(story)) this.#put(path, from, to);
    for (const day of story.keeping.days)
      this.#put(
        `C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex${isoOf(day * DAY)
          .slice(2, 10)
          .replaceAll("-", "")}.log`,
        day * DAY + SECOND,
        null,
      );
  }

  /** What the journal still holds, in the order of its times. */
  changes(): WrittenChange[] {
    const from = COLLECTED_AT - JOURNAL_DAYS * DAY;
    return this.#changes
      .filter(({ at }) => at >= from && at < COLLECTED_AT)
      .sort((left, right) => left.at - right.at)
      .flatMap(({ at, entry, reason }) => {
        const file = this.records[entry] ?? null;
        if (file === null) return [];
        const parentSequence = file.parentSequence ?? 1;
        const { name, parent } = file;
        return [
          {
            version: 2,
            entry,
            sequence: 1,
            parent,
            parentSequence,
            ticks: ticksOf(at),
            reason,
            name,
          },
        ] as const;
      });
  }

  #put(path: string, createdAt: number, deletedAt: number | null): void {
    const parts = path.split("\\").slice(1);
    const name = parts.pop() ?? "";
    const parent = this.#folder(parts);
    const entry = this.records.length;
    const isDeleted = deletedAt !== null;
    this.records.push(
      fileOf(name, parent, createdAt, {
        sizeBytes: 1_200 + name.length * 97,
        isDeleted,
        sequence: isDeleted ? 2 : 1,
      }),
    );
    this.#changes.push({ at: createdAt, entry, reason: CREATED });
    this.#changes.push({ at: createdAt + 2, entry, reason: CREATED + EXTENDED + CLOSED });
    if (deletedAt !== null) this.#changes.push({ at: deletedAt, entry, reason: DELETED + CLOSED });
  }

  /** The record of a folder, made with those above it where it is new. */
  #folder(parts: readonly string[]): number {
    if (parts.length === 0) return ROOT;
    const path = parts.join("\\");
    const found = this.#folders.get(path);
    if (found !== undefined) return found;
    const parent = this.#folder(parts.slice(0, -1));
    const entry = this.records.length;
    this.records.push(
      fileOf(parts.at(-1) ?? "", parent, Date.UTC(2018, 4, 24, 9, 7), { isDirectory: true }),
    );
    this.#folders.set(path, entry);
    return entry;
  }
}

const OWA = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth";

function fileOf(
  name: string,
  parent: number,
  createdAt: number,
  more: Partial<WrittenFile>,
): WrittenFile {
  const ticks = ticksOf(createdAt);
  const parentSequence = parent === ROOT ? ROOT : 1;
  return { name, parent, parentSequence, ticks: [ticks, ticks, ticks, ticks], ...more };
}

interface Dropped {
  readonly path: string;
  readonly from: number;
  /** When it was deleted; null while it is there. */
  readonly to: number | null;
}

/** Pages and what the antivirus took, each once: from when it was written, or shortly before it was found. */
function droppedFiles({ plan }: Story): Dropped[] {
  const written = new Map(plan.shells.map(({ file, writtenAt }) => [file, writtenAt]));
  const removed = new Map<string, number>();
  for (const { paths, at, failed } of plan.verdicts)
    if (!failed) for (const path of paths) removed.set(path, Math.min(at, removed.get(path) ?? at));
  return [...new Set([...written.keys(), ...removed.keys()])]
    .map((path) => {
      const to = removed.get(path) ?? null;
      return { path, to, from: written.get(path) ?? (to ?? 0) - 3 * SECOND };
    })
    .sort((left, right) => left.from - right.from);
}

/** The day from which the journal tells. */
export function journalDay(): number {
  return dayOf(COLLECTED_AT - JOURNAL_DAYS * DAY);
}
