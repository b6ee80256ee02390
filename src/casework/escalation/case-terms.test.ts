import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Fault } from "../../base/fault.ts";
import { parseCaseFile } from "../case-file.ts";

const MAIL =
  "mail: { host: mail.clinic.example, port: 587, security: starttls, from: b@clinic.example }";

/** A case file with this mail server and these recipients. */
function caseFile(to: string, mail = MAIL, step = "level: high, after_hours: 4"): string {
  return `name: x\nescalation:\n  ${mail}\n  steps:\n    - { ${step}, to: [${to}] }\n`;
}

test("who is told, when and how", () => {
  const { escalation } = parseCaseFile(
    caseFile(
      '{ mail: it@clinic.example }, { webhook: "https://alerts.clinic.example/x" }, { syslog: "[::1]:6514", transport: tls }',
      "mail: { host: 127.0.0.1, port: 25, security: plain, from: b@clinic.example, user: b, password_file: /etc/p }",
      "level: critical, after_hours: 0.5, every_hours: 24",
    ),
  );
  expect(escalation).toEqual({
    mail: {
      host: "127.0.0.1",
      port: 25,
      security: "plain",
      from: "b@clinic.example",
      user: "b",
      passwordFile: "/etc/p",
    },
    steps: [
      {
        level: "critical",
        afterHours: 0.5,
        everyHours: 24,
        to: [
          { kind: "mail", to: "it@clinic.example" },
          { kind: "webhook", url: "https://alerts.clinic.example/x" },
          { kind: "syslog", host: "::1", port: 6514, transport: "tls" },
        ],
      },
    ],
  });
});

test("without the key nobody is told", () => {
  expect(parseCaseFile("name: x").escalation).toBeNull();
  expect(parseCaseFile("name: x\nescalation: null").escalation).toBeNull();
});

test.each(["http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]/x"])(
  "%s does not leave this machine, and may be http",
  (url) => {
    const [step] = parseCaseFile(caseFile(`{ webhook: "${url}" }`)).escalation?.steps ?? [];
    expect(step?.to).toEqual([{ kind: "webhook", url }]);
  },
);

test.each([
  ['{ webhook: "http://alerts.clinic.example/x" }', /http crosses the network in the open/],
  ['{ webhook: "http://127.0.0.1.evil.example/x" }', /http crosses the network in the open/],
  ['{ webhook: "http://localhost.evil.example/x" }', /http crosses the network in the open/],
  ['{ webhook: "https://ann:pw@alerts.clinic.example/" }', /no user and no password/],
  ['{ webhook: "file:///etc/passwd" }', /a webhook is https/],
  ['{ webhook: "alerts" }', /not an address/],
  ["{ mail: ann }", /not a mail address/],
  ['{ mail: "ann@clinic.example, thief@evil.example" }', /not a mail address/],
  ['{ mail: "ann@clinic.example\\r\\nBcc: x@y" }', /not a mail address/],
  ['{ mail: "" }', /not a mail address/],
  ["{ syslog: siem.clinic.example, transport: tls }", /not host:port/],
  ['{ syslog: ":514", transport: udp }', /not host:port/],
  ['{ syslog: "siem:99999", transport: udp }', /not host:port/],
  ['{ syslog: "siem:514" }', /udp, tcp or tls/],
  ['{ syslog: "siem:514", transport: smoke }', /transport/],
  ["{ mail: ann@clinic.example, transport: tls }", /transport belongs to syslog/],
  ['{ mail: ann@clinic.example, webhook: "https://x.example" }', /one of mail, webhook and syslog/],
  ["{}", /one of mail, webhook and syslog/],
  ["{ fax: 1 }", /fax/],
  ["", /nobody is told/],
])("a recipient that nothing reaches is refused: %s", (to, message) => {
  expect(() => parseCaseFile(caseFile(to))).toThrow(Fault);
  expect(() => parseCaseFile(caseFile(to))).toThrow(message);
});

test.each([
  ["mail: null", undefined, /no mail server is named/],
  ["mail: { host: m, port: 25, security: plain }", undefined, /mail\.from/],
  ["mail: { host: m, port: 25, security: none, from: a@b }", undefined, /mail\.security/],
  ["mail: { host: 'm m', port: 25, security: plain, from: a@b }", undefined, /mail\.host/],
  ["mail: { host: m, port: 0, security: plain, from: a@b }", undefined, /mail\.port/],
  ["mail: { host: m, port: 25, security: tls, from: a@b, password: x }", undefined, /password/],
  ["mail: { host: m, port: 25, security: tls, from: a@b, user: x }", undefined, /go together/],
  [
    "mail: { host: m, port: 25, security: tls, from: a@b, user: x, password_file: p }",
    undefined,
    /not a whole path/,
  ],
  [
    "mail: { host: m, port: 25, security: plain, from: a@b, user: x, password_file: /p }",
    undefined,
    /a password is sent over tls or starttls only/,
  ],
  [MAIL, "level: grave, after_hours: 1", /level/],
  [MAIL, "level: high, after_hours: -1", /after_hours/],
  [MAIL, "level: high, after_hours: 1, every_hours: 0", /every_hours/],
  [MAIL, "level: high", /after_hours/],
])("a server or a step that cannot be meant is refused: %s %s", (mail, step, message) => {
  expect(() => parseCaseFile(caseFile("{ mail: a@b }", mail, step))).toThrow(message);
});

test("a ladder without steps is refused, and a password stands nowhere in it", () => {
  expect(() => parseCaseFile("name: x\nescalation: { steps: [] }")).toThrow(
    /no step tells anybody/,
  );
  expect(() => parseCaseFile("name: x\nescalation: { step: [] }")).toThrow(/step/);
});

test("what the page of the formats shows, and the sample as a comment, is what is read", () => {
  const page = readFileSync("docs/formats/case-file.md", "utf8");
  const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? "";
  expect(parseCaseFile(example).escalation?.steps).toHaveLength(2);
  const comment =
    /^# escalation:\n(?:# .*\n)+/m.exec(readFileSync("src/sample/case-papers.ts", "utf8"))?.[0] ??
    "";
  const shown = comment.replace(/^# /gm, "");
  expect(parseCaseFile(`name: x\n${shown}`).escalation?.steps).toHaveLength(2);
});
