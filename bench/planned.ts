/** One plan of the rules below a folder in a process of its own: `planned FOLDER CACHE`. Prints JSON; milliseconds of CPU. */
import { createHash } from "node:crypto";
import {
  Pace,
  loadKnowledge,
  personalPlans,
  planRuleFiles,
  readRuleFiles,
} from "../src/casework/index.ts";
import { unpackPlan } from "../src/casework/plan-cache.ts";

/** What it took. */
export interface Planned {
  readonly files: number;
  readonly run: number;
  readonly isCached: boolean;
  readonly readMillis: number;
  /** From texts in memory to a plan. */
  readonly planMillis: number;
  /** What a worker does instead: the plan from bytes that the owner has. */
  readonly workerMillis: number;
  readonly sizeBytes: number;
  readonly result: string;
}

if (import.meta.main) process.stdout.write(JSON.stringify(await planned(process.argv.slice(2))));

async function planned([folder = "", cache = ""]: string[]): Promise<Planned> {
  const { logSources } = loadKnowledge();
  const reading = cpuMillis();
  const files = await readRuleFiles([folder], new Pace());
  const began = cpuMillis();
  let isCached = true;
  const pace = new Pace(({ phase }) => {
    if (phase === "parsing rules") isCached = false;
  });
  const { plan, bytes } = await planRuleFiles(files, logSources, pace, personalPlans(cache));
  const ended = cpuMillis();
  const packed = bytes();
  const unpacking = cpuMillis();
  unpackPlan(packed);
  return {
    files: files.length,
    run: plan.accounts.filter(({ state }) => state === "run").length,
    isCached,
    readMillis: began - reading,
    planMillis: ended - began,
    workerMillis: cpuMillis() - unpacking,
    sizeBytes: packed.length,
    result: createHash("sha256").update(packed).digest("hex").slice(0, 16),
  };
}

function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
