/**
 * A worker: reads tasks in a thread of its own and keeps their portions; only counts and keys go back, never rows.
 * Refuses to decide what is read, or in which order.
 */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { known, unreachable } from "../../base/assert.ts";
import { Fault } from "../../base/fault.ts";
import { contentMac } from "../../engines/sealed/index.ts";
import { createMatcher } from "../../engines/sigma/index.ts";
import { type FileSource, fileSource } from "../file-source.ts";
import { loadReadingKnowledge } from "../knowledge.ts";
import { Pace } from "../pace.ts";
import { unpackPlan } from "../plan-cache.ts";
import { type Workbench, readTask } from "../reading/read-task.ts";
import type { Bytes, Task } from "../reading/task.ts";
import { createVerdicts } from "../../questions/answered/index.ts";
import { openObjectWith } from "../vault/index.ts";
import type { CrewSetup, WorkerWord } from "./crew.ts";

const port = known(parentPort, "a worker has a port");
const setup: CrewSetup = workerData;
/** How often the owner hears how far the work is. */
const TELL_MILLIS = 100;

let told = 0;
const pace = new Pace(
  ({ phase, done }) => {
    if (phase !== "reading") return;
    say({ kind: "progress", bytes: done - told });
    told = done;
  },
  null,
  TELL_MILLIS,
);

const bench = makeBench();
port.on("message", (task: Task) => void work(task));

async function makeBench(): Promise<Workbench> {
  const { access, derivedFolder, from, to } = setup;
  const { formats, threats, protection, aftermath, worker } = loadReadingKnowledge();
  const plan = unpackPlan(setup.plan);
  pace.start("reading", null);
  return {
    open,
    formats,
    plan,
    matcher: createMatcher(plan),
    verdicts: createVerdicts(threats),
    protection,
    aftermath,
    worker,
    from,
    to,
    events: join(derivedFolder, "events"),
    shelf: {
      folder: join(derivedFolder, "portions"),
      mac: (sha256) => contentMac(access.keys, sha256),
    },
  };
}

async function work(task: Task): Promise<void> {
  try {
    await readTask(task, await bench, pace);
    say({ kind: "done" });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, hint } = error;
    say({ kind: "fault", code, message, hint });
  }
}

function open(bytes: Bytes): FileSource {
  switch (bytes.kind) {
    case "object":
      return openObjectWith(setup.access, bytes.object);
    case "file":
      return fileSource(bytes.path);
    case "log":
      throw new Error("a growing log is read by the vault's owner");
    default:
      return unreachable(bytes);
  }
}

function say(word: WorkerWord): void {
  port.postMessage(word);
}
