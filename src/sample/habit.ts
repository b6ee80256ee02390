/** Lines that a server writes again and again, as shapes that only lack a time, a request id and a duration. */
import { withRequestId } from "./plan.ts";

/** The default fields of IIS, in their order. */
export const IIS_FIELDS = [
  "date",
  "time",
  "s-ip",
  "cs-method",
  "cs-uri-stem",
  "cs-uri-query",
  "s-port",
  "cs-username",
  "c-ip",
  "cs(User-Agent)",
  "cs(Referer)",
  "sc-status",
  "sc-substatus",
  "sc-win32-status",
  "time-taken",
] as const;

/** The columns that change from request to request; this one holds the date. */
export const DATE = 0;
/** Column of the time. */
export const TIME = 1;
/** Column of the query. */
export const QUERY = 5;
/** Column of the milliseconds that the request took. */
export const TAKEN = 14;

/** A line of one log: filled in and written before the next one is filled in. */
export interface Shape {
  readonly line: (string | number | null)[];
  /** The query up to the request id and after it; null where the query never changes. */
  readonly around: readonly [string, string] | null;
}

/** Something that happens again and again. */
export interface Habit {
  /** People follow the clock of the clinic; machines do not. */
  readonly by: "people" | "machines";
  readonly weight: number;
  readonly front: Shape;
  readonly back: Shape | null;
  readonly takenLeast: number;
  readonly takenMost: number;
}

/** What a line says, before it is put into columns. */
export interface Words {
  readonly method: string;
  readonly stem: string;
  readonly query?: string;
  readonly user?: string;
  readonly client: string;
  readonly agent: string;
  readonly referer?: string;
  readonly status?: readonly [number, number, number];
}

const ID_SLOT = "{id}";

/** The shape of a line; `withId` where Exchange appends its request id. */
export function shapeOf(server: string, port: number, words: Words, withId: boolean): Shape {
  const [status, substatus, win32] = words.status ?? [200, 0, 0];
  const query = withId ? withRequestId(words.query ?? "", ID_SLOT) : (words.query ?? "-");
  const [before = "", after] = query.split(ID_SLOT);
  return {
    line: [
      "",
      "",
      server,
      words.method,
      words.stem,
      query,
      port,
      words.user ?? "-",
      words.client,
      words.agent,
      words.referer ?? "-",
      status,
      substatus,
      win32,
      0,
    ],
    around: after === undefined ? null : [before, after],
  };
}

/** A browser of the year, as IIS writes it. */
export const CHROME =
  "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/91.0.4472.124+Safari/537.36";
/** Another browser, by another vendor. */
export const EDGE = `${CHROME}+Edg/91.0.864.59`;
