/** How they got in, in the invented case: a timeline, two ladders, one chain; nothing in it is real. */
import { known } from "../../src/base/assert.ts";
import { TICKS_PER_HOUR } from "../../src/base/time.ts";
import type {
  Cause,
  Chain,
  ChainLink,
  LadderStep,
  Rung,
  TimelineEntry,
} from "../../src/model/cause.ts";
import type { Level } from "../../src/model/detection.ts";
import { COVERAGE, WEB } from "./invented-coverage.ts";
import { at, RECORDS, reference } from "./invented-records.ts";

function entry(
  number: number,
  what: string,
  level: Level,
  rung: Rung | null,
  count = 1,
): TimelineEntry {
  const { ticks, digits, host } = known(RECORDS[number], "record");
  const until = ticks + (count > 1 ? 3n * TICKS_PER_HOUR : 0n);
  return { ticks, digits, host, what, level, rung, count, until, at: [reference(number)] };
}

function step(rung: Rung, number: number, count: number): LadderStep {
  const { ticks, digits } = known(RECORDS[number], "record");
  return {
    rung,
    first: ticks,
    digits,
    last: ticks + BigInt(count - 1) * TICKS_PER_HOUR,
    count,
    at: [reference(number)],
  };
}

function link(
  number: number,
  rung: Rung,
  where: string,
  what: string,
  joinedBy: string,
  count = 1,
): ChainLink {
  const { ticks, digits } = known(RECORDS[number], "record");
  const last = ticks + (count > 1 ? 9n * TICKS_PER_HOUR : 0n);
  return { rung, where, what, ticks, digits, last, count, joinedBy, at: [reference(number)] };
}

const CHAIN: Chain = {
  host: "HVC-MAIL01",
  links: [
    link(0, "probed", "front end", "GET /autodiscover/autodiscover.json", "", 14),
    link(
      1,
      "reached",
      "back end",
      "POST /autodiscover/autodiscover.json as SYSTEM",
      "address 203.0.113.77",
      4,
    ),
    link(2, "executed", "cmdlet", "New-MailboxExportRequest to qxzpl.aspx", "request id 5b7c", 6),
    link(4, "executed", "page", "GET /aspnet_client/qxzpl.aspx", "page qxzpl.aspx"),
    link(5, "used", "page", "POST /aspnet_client/qxzpl.aspx", "page qxzpl.aspx", 212),
  ],
};

/** The timeline, ladders and the chain of the case. */
export const CAUSE: Cause = {
  chains: [CHAIN],
  timeline: [
    entry(0, "Scan for the autodiscover weakness, redirected", "medium", "probed", 14),
    entry(1, "Autodiscover request reached the back end as SYSTEM", "high", "reached"),
    entry(2, "Remote PowerShell through the front door", "critical", "executed", 6),
    entry(3, "Request for a file that was not there yet", "medium", "probed"),
    entry(4, "The same file answers 200, 91 seconds later", "critical", "executed"),
    entry(5, "Web shell used", "critical", "used", 212),
    entry(6, "Antivirus removed a web shell", "high", null),
    entry(7, "Antivirus failed to remove a miner", "critical", null),
    entry(8, "Network logon of the backup account at night", "low", null),
  ],
  ladders: [
    {
      host: "HVC-MAIL01",
      steps: [
        step("probed", 0, 15),
        step("reached", 1, 4),
        step("executed", 2, 7),
        step("used", 5, 212),
      ],
    },
    { host: "HVC-DC01", steps: [step("reached", 8, 1)] },
  ],
  first: [
    {
      host: "HVC-MAIL01",
      at: step("executed", 2, 7),
      over: COVERAGE.sources.slice(0, 2),
      hiddenBy: [{ host: WEB.host, channel: WEB.channel, gap: known(WEB.gaps[0], "gap") }],
      earlier: [step("probed", 0, 15)],
    },
  ],
  unjudged: [],
  ownTests: [
    {
      who: "Harbour Security Ltd (invented)",
      host: "HVC-MAIL01",
      first: at("2021-09-20T09:00:00Z"),
      digits: 0,
      last: at("2021-09-20T16:12:00Z"),
      count: 340,
      byTime: 0,
      at: [reference(3)],
    },
  ],
  limits: [],
};
