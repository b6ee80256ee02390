/** A finding that nobody answers gets louder until a named person answers; messages that fail are findings themselves. */
import { writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer as createWebServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { expect, test, vi } from "vitest";
import { known } from "../../src/base/assert.ts";
import { TICKS_PER_HOUR, type Ticks, toTicks } from "../../src/base/time.ts";
import {
  Pace,
  type Vault,
  answerFinding,
  dossierOf,
  escalate,
  investigate,
  keepEscalating,
  listFindings,
  rebuildDerived,
  reopenFinding,
  tellMessage,
  withVault,
} from "../../src/casework/index.ts";
import { at, inFolder, settingsIn } from "./investigation.ts";

const PROBE =
  "/autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example 443 - 198.51.100.7 python-requests/2.25.1 - 200 0 0 312";
const LOG = [
  "#Software: Microsoft Internet Information Services 10.0",
  "#Version: 1.0",
  "#Date: 2021-08-13 00:00:00",
  "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
  `2021-08-13 04:12:07 10.0.0.5 GET ${PROBE}`,
  "",
].join("\r\n");

const ANSWER = {
  determination: "malicious",
  checked: { scope: "found", entry: "found", persistence: "not-looked-at" },
  evidence: [],
} as const;

/** The provider's mail server, and the address that its chat listens at. */
interface Surroundings {
  readonly mails: { readonly to: string; readonly mail: string }[];
  readonly posts: unknown[];
  /** While false the mail server takes nothing. */
  takes: boolean;
  /** What the chat waits for before it answers. */
  hold: () => Promise<void>;
}

/** A vault with one finding, a clock that the test moves, and whoever hears. */
interface Situation extends Surroundings {
  /** `hours` after the run that told of the finding. */
  readonly moveTo: (hours: number) => void;
  /** One pass, as cron would have it: the vault is opened and closed. Gives what was told, a line each. */
  readonly pass: () => Promise<readonly string[]>;
  readonly inVault: <T>(work: (vault: Vault, pace: Pace) => Promise<T>) => Promise<T>;
  /** The moment of the clock. */
  readonly now: () => Ticks;
}

const START = at("2021-12-01T12:00:00Z");

async function inSituation(work: (situation: Situation) => Promise<void>): Promise<void> {
  const around: Surroundings = { mails: [], posts: [], takes: true, hold: async () => {} };
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: (_, __, callback) => callback(around.takes ? null : new Error("mailbox full")),
    onData(stream, { envelope }, callback) {
      const to = envelope.rcptTo.map(({ address }) => address).join();
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => void pieces.push(piece));
      stream.on("end", () => {
        around.mails.push({ to, mail: String(Buffer.concat(pieces)) });
        callback();
      });
    },
  });
  const web = createWebServer((request, response) => {
    void json(request).then(async (post) => {
      around.posts.push(post);
      await around.hold();
      response.end("thank you");
    });
  });
  const mailPort = await new Promise<number>((resolve) => {
    const listening = smtp.listen(0, "127.0.0.1", () =>
      resolve((listening.address() as AddressInfo).port),
    );
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  const webPort = (web.address() as AddressInfo).port;
  try {
    await inFolder(async (folder) => {
      let now = START;
      const settings = { ...settingsIn(folder), clock: () => now };
      const mode = { createBy: "Ann Le Page" };
      const inVault = <T>(act: (vault: Vault, pace: Pace) => Promise<T>) =>
        withVault(join(folder, "vault"), settings, mode, (vault) => act(vault, new Pace()));
      writeFileSync(join(folder, "u_ex210813.log"), LOG);
      await inVault((vault, pace) =>
        investigate(vault, requestOf(join(folder, "u_ex210813.log"), mailPort, webPort), pace),
      );
      const signal = new AbortController().signal;
      await work(
        Object.assign(around, {
          moveTo: (hours: number) => {
            now = known(toTicks(START + BigInt(hours * 60) * (TICKS_PER_HOUR / 60n)), "a time");
          },
          pass: () =>
            inVault(async (vault, pace) => {
              const request = { by: "the task scheduler", now, signal, dryRun: false };
              return (await escalate(vault, request, pace)).map(tellMessage);
            }),
          inVault,
          now: () => now,
        }),
      );
    });
  } finally {
    web.closeAllConnections();
    web.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  }
}

function requestOf(path: string, mailPort: number, webPort: number) {
  const caseFile = `
name: Island Clinic
escalation:
  mail: { host: 127.0.0.1, port: ${mailPort}, security: plain, from: breakwater@clinic.example }
  steps:
    - level: medium
      after_hours: 1
      every_hours: 24
      to: [{ mail: it@clinic.example }]
    - level: medium
      after_hours: 72
      to: [{ mail: board@clinic.example }, { webhook: "http://127.0.0.1:${webPort}/s3cret" }]
`;
  return {
    paths: [path],
    by: "Ann Le Page",
    rules: null,
    caseFile,
    asOf: START,
    from: null,
    to: null,
    byReference: false,
    passwords: null,
    claims: null,
  };
}

test("a finding that nobody answers: IT after an hour and every day, the board after three; nobody once Ann has answered", () =>
  inSituation(async (situation) => {
    const { mails, posts, moveTo, pass, inVault } = situation;
    expect(await pass()).toEqual([]);
    moveTo(1);
    expect(await pass()).toEqual(["sent: mail to it@clinic.example, 1 finding"]);
    // The vault is closed and opened with every pass: nothing that was sent is sent again.
    expect(await pass()).toEqual([]);
    moveTo(24);
    expect(await pass()).toEqual([]);
    moveTo(25);
    expect(await pass()).toEqual(["sent: mail to it@clinic.example, 1 finding"]);
    moveTo(72);
    expect(await pass()).toEqual([
      "sent: mail to it@clinic.example, 1 finding",
      "sent: mail to board@clinic.example, 1 finding",
      expect.stringMatching(/^sent: webhook http:\/\/127\.0\.0\.1:\d+\/…, 1 finding$/),
    ]);
    expect(mails.map(({ to }) => to)).toEqual([
      "it@clinic.example",
      "it@clinic.example",
      "it@clinic.example",
      "board@clinic.example",
    ]);
    expect(mails.at(-1)?.mail).toContain("Autodiscover request that hides a back-end path");
    expect(mails.at(-1)?.mail).not.toContain("198.51.100.7");
    expect(posts).toMatchObject([{ level: "medium", findings: [{ state: "open" }], more: 0 }]);

    const [found] = await inVault((vault, pace) => listFindings(vault, pace));
    const word = known(found, "a finding").id;
    await inVault((vault, pace) =>
      answerFinding(vault, { word, by: "Ann Le Page", reason: "the first probe", ...ANSWER }, pace),
    );
    moveTo(1000);
    expect(await pass()).toEqual([]);

    // Opened again, it begins anew: the board hears of it, though it was told once before.
    await inVault((vault, pace) =>
      reopenFinding(vault, { word, by: "Bea", reason: "the client came back" }, pace),
    );
    expect(await pass()).toHaveLength(3);
    expect(await pass()).toEqual([]);
  }));

test("messages that fail are a finding: open until a person answers, open again with the next, and no part of the run", () =>
  inSituation(async (situation) => {
    const { moveTo, pass, inVault } = situation;
    const failures = async () =>
      (await inVault((vault, pace) => listFindings(vault, pace))).filter(
        ({ kind }) => kind === "delivery",
      );
    situation.takes = false;
    moveTo(1);
    expect(await pass()).toEqual([
      "failed: mail to it@clinic.example, 1 finding (Can't send mail - all recipients were rejected: 550 mailbox full)",
    ]);
    expect(await pass()).toEqual([]);
    moveTo(1 + 1 / 60);
    expect(await pass()).toHaveLength(1);
    const [failure] = await failures();
    expect(failure).toMatchObject({
      title: "Messages fail: mail to it@clinic.example",
      level: "high",
      state: "open",
      opened: at("2021-12-01T13:00:00Z"),
      due: at("2021-12-04T13:00:00Z"),
      counts: { messages: 2 },
    });
    expect(failure?.why).toMatch(/mailbox full; none has ever got through$/);

    const word = known(failure, "a finding").id;
    await inVault((vault, pace) =>
      answerFinding(
        vault,
        { word, by: "Ann", reason: "quota raised", ...ANSWER, determination: "fixed" },
        pace,
      ),
    );
    expect((await failures())[0]).toMatchObject({ state: "answered" });
    moveTo(2);
    expect(await pass()).toHaveLength(1);
    expect((await failures())[0]).toMatchObject({
      state: "reopened",
      stateWhy: "1 detection came that no answer covers",
    });

    // When the server takes mail again, both the probe and the failure are told, in one mail.
    situation.takes = true;
    moveTo(4);
    expect(await pass()).toEqual(["sent: mail to it@clinic.example, 2 findings"]);
    expect((await failures())[0]?.why).toMatch(/a later one got through on 2021-12-01T16:00:00Z$/);

    const dossier = await inVault((vault, pace) => dossierOf(vault, situation.now(), pace));
    expect(dossier.deliveries.map(({ outcome }) => outcome)).toEqual([
      "failed",
      "failed",
      "failed",
      "sent",
      "sent",
    ]);
    expect(dossier.findings.map(({ kind }) => kind)).toEqual(["rule", "delivery"]);
    const replay = await inVault((vault, pace) => rebuildDerived(vault, "Ann", pace));
    expect(replay).toMatchObject({ sameVersion: true, identical: true });
    expect(replay?.difference).toEqual({ added: [], removed: [], changed: [] });
  }));

test("a recipient that hangs keeps nobody else's message from the journal", () =>
  inSituation((situation) =>
    situation.inVault(async (vault, pace) => {
      situation.moveTo(72);
      const sent = () => vault.entries().filter(({ kind }) => kind === "escalation-sent").length;
      let before = -1;
      situation.hold = async () => {
        for (let waits = 0; sent() < 2 && waits < 300; waits++)
          await new Promise((resolve) => setTimeout(resolve, 10));
        before = sent();
      };
      const { signal } = new AbortController();
      await escalate(vault, { by: "cron", now: situation.now(), signal, dryRun: false }, pace);
      expect([before, sent()]).toEqual([2, 3]);
    }),
  ));

test("an answer that answers nothing begins nothing anew: who was told once is not told again", () =>
  inSituation(async ({ moveTo, pass, inVault }) => {
    const [found] = await inVault((vault, pace) => listFindings(vault, pace));
    const word = known(found, "a finding").id;
    const answer = (determination: "malicious" | "unknown") =>
      inVault((vault, pace) =>
        answerFinding(
          vault,
          { word, by: "Ann", reason: "looked at", ...ANSWER, determination },
          pace,
        ),
      );
    await answer("malicious");
    moveTo(72);
    await inVault((vault, pace) => reopenFinding(vault, { word, by: "Bea", reason: "new" }, pace));
    expect(await pass()).toHaveLength(3);
    moveTo(73);
    await answer("unknown");
    expect(await pass()).toEqual([]);
  }));

test("every act is opened once, however often somebody asks how things stand", () =>
  inSituation(({ inVault, moveTo, now }) =>
    inVault(async (vault, pace) => {
      moveTo(72);
      const { signal } = new AbortController();
      const [found] = await listFindings(vault, pace);
      const { id: word } = known(found, "a finding");
      await escalate(vault, { by: "cron", now: now(), signal, dryRun: false }, pace);
      const read = vi.spyOn(vault, "readBody");
      await answerFinding(vault, { word, by: "Ann", reason: "looked at", ...ANSWER }, pace);
      const kinds = () => read.mock.calls.map(([{ kind }]) => kind).sort();
      expect(kinds()).toEqual([...Array(3).fill("escalation-sent"), "finding-answered", "run"]);
      read.mockClear();
      await listFindings(vault, pace);
      expect(kinds()).toEqual(["run"]);
    }),
  ));

test("while a vault is served the passes go on beside it, and end with it", () =>
  inSituation(({ inVault, moveTo, now, mails }) =>
    inVault(async (vault, pace) => {
      const end = new AbortController();
      const notices: string[] = [];
      const going = keepEscalating(
        vault,
        {
          by: () => "Ann",
          clock: now,
          notice: (line) => void notices.push(line),
          signal: end.signal,
          passMillis: 20,
          turn: (work) => work(),
        },
        pace,
      );
      const until = async (count: number) => {
        while (notices.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      moveTo(1);
      await until(1);
      moveTo(25);
      await until(2);
      await new Promise((resolve) => setTimeout(resolve, 100));
      end.abort();
      await going;
      expect(notices).toEqual(
        Array(2).fill("escalation: sent: mail to it@clinic.example, 1 finding"),
      );
      expect(mails).toHaveLength(2);
    }),
  ));
