/** Detections of one way in, made by hand: what each log would tell of it. */
import fc from "fast-check";
import type { CaseFile } from "../../../model/case-file.ts";
import type { Detection } from "../../../model/detection.ts";
import { detection } from "../made.test-data.ts";

export const SID = "S-1-5-21-1-2-3-500";
export const PAGE = "/aspnet_client/qwfpb.aspx";
export const FILE = String.raw`C:\inetpub\wwwroot\aspnet_client\qwfpb.aspx`;
export const CLIENT = "203.0.113.7";
export const NO_TESTS: Pick<CaseFile, "hosts" | "tests" | "frontDoors"> = {
  hosts: [],
  tests: [],
  frontDoors: [],
};
export const NO_COVERAGE = {
  sources: [],
  cleared: [],
  skews: [],
  clockChanges: [],
  expected: [],
  limits: [],
};

export type Fields = Detection["fields"];

export function front(at: string, id: string, more: Fields = {}, rung = "probed"): Detection {
  const fields = {
    "cs-method": "POST",
    "cs-uri-stem": "/autodiscover/autodiscover.json",
    "c-ip": CLIENT,
    RequestId: id,
    Side: "front-end",
    ...more,
  };
  return detection(at, { rung, fields });
}

export function back(at: string, id: string, rung = "executed"): Detection {
  const fields = {
    "cs-method": "POST",
    "cs-uri-stem": "/powershell",
    "c-ip": "127.0.0.1",
    RequestId: id,
    Side: "back-end",
    RpsCatSid: SID,
  };
  return detection(at, { rung, channel: "W3SVC2", fields });
}

export function cmdlet(at: string, name: string, more: Fields = {}, rung?: string): Detection {
  const fields = { Cmdlet: name, CallerSid: SID, ...more };
  const channel = "MSExchange Management";
  return detection(at, { ...(rung === undefined ? {} : { rung }), channel, fields });
}

export function asked(at: string, status: number, rung: string, client = CLIENT): Detection {
  const fields = { "cs-method": "GET", "cs-uri-stem": PAGE, "c-ip": client, "sc-status": status };
  return detection(at, { rung, fields: { ...fields, "time-taken": 900 } });
}

export function shell(at: string, more: Fields, channel: string): Detection {
  return detection(at, {
    rung: "used",
    channel,
    fields: { CommandLine: "cmd /c whoami", ...more },
  });
}

export const WORKER = String.raw`c:\windows\system32\inetsrv\w3wp.exe`;

/** Some detections of a small world, where many names meet. */
export const WORLD = fc.array(
  fc.record({
    kind: fc.constantFrom("front", "back", "cmdlet", "file", "asked", "vain", "shell", "compiled"),
    minute: fc.integer({ min: 0, max: 180 }),
    name: fc.integer({ min: 0, max: 2 }),
    who: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 14 },
);

export function made({
  kind,
  minute,
  name,
  who,
}: {
  kind: string;
  minute: number;
  name: number;
  who: number;
}): Detection {
  const time = new Date(Date.UTC(2021, 7, 13, 0, minute)).toISOString();
  const client = `203.0.113.${who}`;
  const stem = `/owa/auth/${name}.aspx`;
  const file = String.raw`C:\x\V15\FrontEnd\HttpProxy\owa\auth\${name}.aspx`.replace(
    "${name}",
    String(name),
  );
  switch (kind) {
    case "front":
      return front(time, `id-${name}`, { "c-ip": client });
    case "back":
      return back(time, `id-${name}`);
    case "cmdlet":
      return cmdlet(time, "New-MailboxExportRequest", { "Parameters.FilePath": file }, "executed");
    case "file":
      return detection(time, { rung: "executed", fields: { TargetFilename: file } });
    case "shell":
      return shell(
        time,
        { ParentImage: WORKER, ProcessId: String(name + 1) },
        who === 0 ? "Sysmon" : "Security",
      );
    case "compiled":
      return detection(time, {
        fields: {
          Image: WORKER,
          TargetFilename: `C:\\Temporary ASP.NET Files\\owa\\1a\\2b\\${name}.aspx.1a2b.compiled`,
        },
      });
    default: {
      const status = kind === "vain" ? 404 : 200;
      const fields = { "cs-uri-stem": stem, "c-ip": client, "sc-status": status };
      return detection(time, { rung: status === 404 ? "probed" : "used", fields });
    }
  }
}
