/**
 * Reads nmap scans: one row for each host, each open port, and each script that spoke of a host. Refuses what is not well formed
 * from there on; what stands before is read. One range: a port means nothing without its host. Spec: docs/formats/nmap.md.
 */
import { UNDATED, ticksFromMillis, toTicks } from "../../../base/time.ts";
import type { Source } from "../../../base/source.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Reader } from "../format.ts";
import { wholeRange } from "../text/line-reading.ts";
import { skewTicks } from "../time/moment.ts";
import { Rows } from "../rows.ts";
import { type XmlStep, xmlSteps } from "../xml/steps.ts";
import { type XmlElement, attributeOf } from "../xml/tree.ts";
import { ENTERED, ScannedHost, portFields, putScript } from "./layout.ts";

/** Reads nmap's XML. */
export const nmapReader: Reader = {
  read: (source, setting) => readScan(source, setting),
  *ranges(source, _, after) {
    if (after === null || after.end < source.byteLength) yield wholeRange(source);
  },
  // Times are seconds since 1970: no zone has to be assumed, and none can be set.
  assumptions: (_, setting) => assumptionsOfSetting({ ...setting, zone: null }, false),
};

function* readScan(source: Source, setting: Setting): Generator<Piece> {
  const rows = new Rows("nmap", setting.place);
  const scan = new Scan(rows, setting);
  for (const step of xmlSteps(source, (name) => ENTERED.has(name))) {
    scan.take(step);
    if (rows.isFull) yield* rows.pieces();
  }
  scan.end();
  yield* rows.pieces();
}

/** A host while its elements come. */
interface OpenHost {
  readonly offset: number;
  readonly host: ScannedHost;
  readonly startedAt: string;
  readonly endedAt: string;
  isTold: boolean;
}

/** The rows of one scan, in the order of the document. */
class Scan {
  readonly #rows: Rows;
  readonly #setting: Setting;
  #open: OpenHost | null = null;
  #count = 0;

  constructor(rows: Rows, setting: Setting) {
    this.#rows = rows;
    this.#setting = setting;
  }

  take(step: XmlStep): void {
    switch (step.kind) {
      case "not":
        this.end();
        this.#rows.flaw(step.offset, step);
        break;
      case "enter":
        this.#enter(step.element, step.offset);
        break;
      case "leave":
        if (step.name === "host") this.end();
        break;
      case "whole":
        this.#take(step.element, step.offset, step.sizeBytes);
    }
  }

  /** A host without ports, or one that is cut, is told all the same. */
  end(): void {
    this.#tellHost();
    this.#open = null;
  }

  #enter(element: XmlElement, offset: number): void {
    if (element.name !== "host") {
      // All that names a host stands before its ports.
      this.#tellHost();
      return;
    }
    this.end();
    this.#open = {
      offset,
      host: new ScannedHost(),
      startedAt: attributeOf(element, "starttime"),
      endedAt: attributeOf(element, "endtime"),
      isTold: false,
    };
  }

  #take(element: XmlElement, offset: number, sizeBytes: number): void {
    const open = this.#open;
    if (open === null) return;
    if (element.name === "port" || element.name === "script") this.#tellHost();
    if (element.name === "port") {
      const fields = portFields(element, open.host);
      if (fields !== null) this.#row(offset, sizeBytes, open.endedAt, fields, open.host.name);
    } else if (element.name === "script") {
      const fields = open.host.fields();
      putScript(fields, element);
      this.#row(offset, sizeBytes, open.endedAt, fields, open.host.name);
    } else if (!open.isTold) open.host.take(element);
  }

  #tellHost(): void {
    const open = this.#open;
    if (open === null || open.isTold) return;
    open.isTold = true;
    this.#row(open.offset, 0, open.startedAt || open.endedAt, open.host.fields(), open.host.name);
  }

  #row(
    offset: number,
    sizeBytes: number,
    seconds: string,
    fields: ReadonlyMap<string, FieldValue>,
    host: string,
  ): void {
    const at = /^\d{1,11}$/.test(seconds) ? ticksFromMillis(Number(seconds) * 1_000) : null;
    const skew = skewTicks(this.#setting);
    const row = {
      offset,
      record: String(++this.#count),
      ticks: (at === null ? null : toTicks(at - skew)) ?? UNDATED,
      digits: 0,
      zoneAssumed: null,
      host: this.#setting.host ?? host,
      channel: "nmap",
      eventId: -1,
      provider: "",
      fields,
    };
    this.#rows.add(row, sizeBytes);
  }
}
