/** Mails of the RFCs, malformed ones and others, held against the parse that another reader gives: with LF and with CRLF. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { UNDATED, millisFromTicks, toTicks } from "../../src/base/time.ts";
import { mailReader } from "../../src/engines/formats/mail/read.ts";
import type { Event } from "../../src/model/event.ts";
import { shared } from "../shared.ts";
import { readWhole } from "./trials.ts";

const folder = shared("mail", "stalwart");
const names =
  folder === null
    ? []
    : readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".eml"),
      );

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly tz_before_gmt: boolean;
  readonly tz_hour: number;
  readonly tz_minute: number;
}

/** The expected parse: parts, the header fields of the first by name, and which parts are attachments. */
interface Expected {
  readonly parts: readonly {
    readonly headers: readonly {
      readonly name: unknown;
      readonly value: Readonly<Record<string, unknown>>;
    }[];
    readonly body: string | Readonly<Record<string, unknown>>;
  }[];
  readonly attachments: readonly number[];
}

/** Attachments that differ, and why; in all of them both readers see the same parts. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  // A text without a name behind other parts: to us a body, there a nameless attachment (RFC 8621, section 4.1.4).
  "malformed/001": "0 for 1",
  "malformed/002": "0 for 1",
  "malformed/003": "0 for 1",
  "malformed/004": "0 for 1",
  "malformed/006": "0 for 1",
  "malformed/007": "0 for 1",
  "malformed/008": "0 for 1",
  "malformed/009": "0 for 1",
  "malformed/016": "0 for 1",
  "thirdparty/002": "0 for 1",
  // An outer boundary ends what is open within (RFC 2046, section 5.1.2): so there is one more, or two.
  "malformed/012": "3 for 2",
  "thirdparty/015": "3 for 1",
};

/** Damaged on purpose: `10:00:t <rimap…>` is no time to us. */
const DATES_NOT_READ = ["malformed/019.eml"];

function addressesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  if (typeof value !== "object" || value === null) return [];
  const { address } = value as { readonly address?: unknown };
  if (typeof address === "string") return [address.toLowerCase()];
  return Object.values(value).flatMap(addressesIn);
}

function millisOf(moment: Moment | undefined): number | null {
  if (moment === undefined) return null;
  const { year, month, day, hour, minute, second } = moment;
  const zone = (moment.tz_before_gmt ? 1 : -1) * (moment.tz_hour * 60 + moment.tz_minute) * 60_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + zone;
}

/** The first value of a field of ours; "" where it is missing. */
function first(event: Event | undefined, name: string): string {
  const value = event?.fields[name];
  return String((Array.isArray(value) ? value[0] : value) ?? "");
}

describe.skipIf(folder === null)("mails of a conformance set", () => {
  test("all are there", () => expect(names.length).toBe(52));

  test.each(names.flatMap((name) => [[name, "\n"] as const, [name, "\r\n"] as const]))(
    "%s, lines end with %j",
    (name, end) => {
      const path = join(folder ?? "", name);
      const raw = readFileSync(path)
        .toString("latin1")
        .replaceAll("\r\n", "\n")
        .replaceAll("\n", end);
      const expected: Expected = JSON.parse(
        readFileSync(path.replace(".eml", end === "\n" ? ".json" : ".crlf.json"), "utf8"),
      );
      const { events } = readWhole(
        mailReader,
        memorySource(new Uint8Array(Buffer.from(raw, "latin1"))),
      );
      const [event] = events;
      const values = (field: string) =>
        (expected.parts[0]?.headers ?? [])
          .filter((header) => header.name === field)
          .map(({ value }) => value);
      expect(first(event, "Subject")).toBe(values("subject")[0]?.["Text"] ?? "");
      expect(first(event, "Message-ID").replaceAll(/^<|>$/g, "")).toBe(
        values("message_id")[0]?.["Text"] ?? "",
      );
      expect(first(event, "FromAddress")).toBe(values("from").flatMap(addressesIn)[0] ?? "");
      const recipients = ["to", "cc", "bcc"].flatMap((field) => values(field).flatMap(addressesIn));
      expect(event?.fields["Recipients"] ?? []).toEqual([...new Set(recipients)]);
      const ticks = toTicks(event?.ticks ?? UNDATED);
      const date = values("date")[0]?.["DateTime"] as Moment | undefined;
      expect(ticks === null ? null : millisFromTicks(ticks)).toBe(
        DATES_NOT_READ.includes(name) ? null : millisOf(date),
      );
      const attachments = event?.fields["Attachments"];
      const count = Array.isArray(attachments) ? attachments.length : 0;
      const difference =
        count === expected.attachments.length
          ? undefined
          : `${count} for ${expected.attachments.length}`;
      expect(difference).toBe(ATTACHMENTS[name.replace(".eml", "")]);
    },
  );
});
