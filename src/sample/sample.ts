/**
 * The sample case as files, made as they are read: the same request gives the same bytes.
 * Refuses to touch a disk, a clock or real chance. What is drawn, and why: docs/design/sample-case.md.
 */
import type { MadeFile } from "../model/sample.ts";
import { makeAuditSearches } from "./audit-search.ts";
import { makeCasePapers } from "./case-papers.ts";
import { makeEventLogs } from "./event-logs.ts";
import { makeInventory } from "./inventory.ts";
import { makeProtectionLog } from "./protection-log.ts";
import { makeSetupLog } from "./setup-log.ts";
import { makeExchangeLogs } from "./exchange-folders.ts";
import { makeDisk } from "./disk.ts";
import { makeFrontMachine } from "./front-machine.ts";
import { makeHttpErrors } from "./http-errors.ts";
import { makeIisFiles } from "./iis-files.ts";
import { makeOddMails } from "./odd-mails.ts";
import { makeOutsideScan } from "./outside-scan.ts";
import { makeServerExports } from "./server-exports.ts";
import { serversOf } from "./servers.ts";
import { drawStory, type SampleSize, type SampleVariant } from "./story.ts";
import { makeTenantExports } from "./tenant.ts";
import { makeTenantAlerts } from "./tenant-alerts.ts";
import { makeTruth } from "./truth.ts";

/** What to make. The seed is a whole number from 0 up. */
export interface SampleRequest {
  readonly seed: number;
  readonly size: SampleSize;
  readonly variant: SampleVariant;
}

/** The files, in the order in which they are best written; each can be read more than once. */
export interface Sample {
  readonly files: Iterable<MadeFile>;
}

/** Draws the story at once (milliseconds, a few megabytes) and makes every file as it is read. */
export function makeSample(request: SampleRequest): Sample {
  const story = drawStory(request.seed, request.size, request.variant);
  const servers = serversOf(story);
  return {
    files: {
      *[Symbol.iterator]() {
        yield* makeCasePapers(story);
        yield makeTruth(story);
        yield* below("evidence", makeEventLogs(story));
        yield* below("evidence", makeExchangeLogs(servers));
        yield* below("evidence", [makeSetupLog(story), makeProtectionLog(story)]);
        yield* below("evidence", makeDisk(story));
        yield* below("evidence", makeInventory(story));
        yield* below("evidence", makeServerExports(story));
        yield* below("evidence", [makeOutsideScan(story)]);
        yield* below("evidence", makeAuditSearches(story));
        yield* below("evidence", makeOddMails(story.oddMails));
        yield* below("evidence", makeTenantExports(story));
        yield* below("evidence", makeTenantAlerts(story));
        yield* below("evidence", makeIisFiles(servers));
        yield* below("evidence", [makeHttpErrors(servers)]);
        yield* below("evidence", makeFrontMachine(servers));
      },
    },
  };
}

/** The evidence lies apart from the papers, so that nobody hands the truth in with it. */
function* below(folder: string, files: Iterable<MadeFile>): Generator<MadeFile> {
  for (const { path, bytes } of files) yield { path: `${folder}/${path}`, bytes };
}
