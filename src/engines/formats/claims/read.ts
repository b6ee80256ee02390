/**
 * Reads claims (who said what about which host and update, when, with what reference) from CSV, JSON or YAML. Refuses
 * statements that say nothing; one without a speaker or a date is kept and says so. Spec: docs/formats/claims.md.
 */
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { type ReadTime, parseTime } from "../../../base/time.ts";
import type { Claim, Claims } from "../../../model/claim.ts";
import { type Assumption, NO_EVIDENCE } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import {
  type DayReading,
  contradiction,
  dayOrderAssumption,
  decideDayOrder,
  readDateText,
} from "../time/day-order.ts";
import { HEAD_BYTES } from "../format.ts";
import type { Json, NotRead } from "../json/json-value.ts";
import { wholeRange } from "../text/line-reading.ts";
import { layoutOf } from "../table/layout.ts";
import { isRefused, tableRecords } from "../table/reading.ts";
import { type Match, type Table, fold } from "../table/table.ts";
import { viewText } from "../table/text-view.ts";
import { type SizeOf, readYaml } from "./yaml.ts";

/** A statement before it is understood. */
export interface Statement {
  readonly record: string;
  readonly offset: number;
  /** Values by their names in the file; or why there are none. */
  readonly values: ReadonlyMap<string, string> | Omit<NotRead, "kind">;
}

/** More than any provider has ever claimed: the rest is one flaw. */
const CLAIMS_MAX = 100_000;

/** Names of a claim's columns; others are kept as they are. */
const COLUMNS = ["host", "product", "kb", "claim", "by", "at", "reference"] as const;
type Column = (typeof COLUMNS)[number];

/** Reads a file of claims, given whole. Nothing in it throws: what cannot be read is a flaw. */
export function parseClaims(bytes: Uint8Array, file: string): Claims {
  const place = { evidence: NO_EVIDENCE, member: "", file };
  const flaws: Flaw[] = [];
  const flaw = (offset: number, { what, need, have }: Omit<NotRead, "kind">) =>
    flaws.push({ kind: "flaw", place, offset, what, need, have });
  const statements: { place: Statement; values: Named }[] = [];
  for (const statement of statementsOf(bytes)) {
    const { values, offset } = statement;
    if (statements.length === CLAIMS_MAX) {
      flaw(offset, {
        what: "claims",
        need: `at most ${CLAIMS_MAX}`,
        have: "more; they are left out",
      });
      break;
    }
    if ("what" in values) flaw(offset, values);
    else statements.push({ place: statement, values: named(values) });
  }
  const order = decideDayOrder(
    statements.map(({ values }) => values.known.at),
    { order: "day-first", why: "the day is taken to stand first" },
    {},
  );
  const claims: Claim[] = [];
  for (const { place: at, values } of statements) {
    const claim = claimOf(values, at, order, file, (why) => flaw(at.offset, why));
    if (claim !== null) claims.push(claim);
  }
  return { claims, flaws, assumptions: assumptionsOf(file, statements, order) };
}

/** The table that a file of claims is. */
const CLAIMS_TABLE: Table = {
  id: "claims",
  product: "Claims",
  what: "What people say about hosts and updates",
  needs: ["claim"],
  channel: "Claims",
  provider: "",
  time: null,
  host: [],
  also: {},
  constants: {},
  source: "docs/formats/claims.md",
  confidence: "documented",
  asOf: "2026-11-22",
};

const matchClaims: Match = (names) => {
  const given = new Set(names.map(fold));
  const isAbout = ["host", "product", "kb"].some((name) => given.has(name));
  return given.has("claim") && isAbout ? CLAIMS_TABLE : null;
};

function* statementsOf(bytes: Uint8Array): Generator<Statement> {
  const layout = layoutOf(bytes.subarray(0, HEAD_BYTES), matchClaims);
  const source = memorySource(bytes);
  const view = viewText(source);
  if (layout === null) {
    const { start, units, unitBytes } = view;
    const text = view.textOf(start, units.byteLength);
    // UTF-16, UTF-8, or the code page of which each character is a byte.
    const isUtf8 = utf8(text).length === bytes.length - start;
    const sizeOf: SizeOf = (part) =>
      unitBytes === 2 ? part.length * 2 : isUtf8 ? utf8(part).length : part.length;
    yield* readYaml(text, view.offsetOf(start), sizeOf);
    return;
  }
  for (const { offset, record, columns } of tableRecords(
    view,
    layout,
    view.rangeOf(wholeRange(source)),
  )) {
    if (isRefused(columns)) {
      yield { offset, record, values: columns };
      continue;
    }
    const { names, values } = columns;
    const cells = names.map((name, at) => [name, textOf(values[at])] as const);
    yield { offset, record, values: new Map(cells) };
  }
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Values by the columns that are known, and the rest by their own names. */
interface Named {
  readonly known: Readonly<Record<Column, string>>;
  readonly more: Readonly<Record<string, string>>;
}

function named(values: ReadonlyMap<string, string>): Named {
  const known = { host: "", product: "", kb: "", claim: "", by: "", at: "", reference: "" };
  const more: Record<string, string> = Object.create(null);
  for (const [name, text] of values) {
    const column = COLUMNS.find((each) => each === fold(name));
    if (column !== undefined && known[column] === "") known[column] = text.trim();
    else if (text !== "") more[name] = text;
  }
  return { known, more };
}

function claimOf(
  { known, more }: Named,
  { record, offset }: Statement,
  order: DayReading,
  file: string,
  refuse: (why: Omit<NotRead, "kind">) => void,
): Claim | null {
  const { host, product, claim, reference } = known;
  const isEmpty = COLUMNS.every((column) => known[column] === "");
  if (claim === "" && known.kb === "" && product === "") {
    const have = isEmpty ? "an empty row" : "none";
    refuse({ what: "claim", need: "what is claimed, or about which product or update", have });
    return null;
  }
  const time = timeOf(known.at, order, refuse);
  const lacks = [
    ...(known.by === "" ? ["who said it"] : []),
    ...(time === null ? ["when it was said"] : []),
    ...(claim === "" ? ["what is claimed"] : []),
  ];
  return {
    host,
    product,
    kb: kbOf(known.kb),
    claim,
    by: known.by === "" ? null : known.by,
    at: time?.ticks ?? null,
    digits: time?.digits ?? 0,
    atText: known.at,
    reference,
    lacks,
    more,
    file,
    record,
    offset,
  };
}

function timeOf(
  text: string,
  order: DayReading,
  refuse: (why: Omit<NotRead, "kind">) => void,
): ReadTime | null {
  if (text === "") return null;
  const read = readDateText(text, order.order);
  const time = read.kind === "read" ? parseTime(read.iso) : null;
  if (read.kind === "contradicts") refuse(contradiction(text, order));
  else if (time === null) refuse({ what: "time", need: "a date", have: text });
  return time;
}

/** `5001779`, `kb 5001779` and `KB5001779` are one update. */
function kbOf(text: string): string {
  const number = /^(?:KB)?[ -]?(\d{6,8})$/i.exec(text)?.[1];
  return number === undefined ? text : `KB${number}`;
}

function assumptionsOf(
  file: string,
  statements: readonly { readonly values: Named }[],
  order: DayReading,
): readonly Assumption[] {
  const day = dayOrderAssumption(file, order);
  const isUnzoned = statements.some(({ values: { known } }) => {
    const read = readDateText(known.at, order.order);
    return read.kind === "read" && parseTime(read.iso)?.zoned === false;
  });
  const why = "times of claims without a zone are taken as UTC";
  return [
    ...(isUnzoned ? [{ file, what: "zone" as const, value: "UTC", why }] : []),
    ...(day === null ? [] : [day]),
  ];
}
