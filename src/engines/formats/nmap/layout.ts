/**
 * The elements of an nmap scan that are read. Refuses ports that are not open, and the measurements of an operating system:
 * they are guesses. Spec: https://nmap.org/book/nmap-dtd.html.
 */
import type { FieldValue } from "../../../model/event.ts";
import { EXCHANGE, type ObservedFields, observed } from "../observed.ts";
import { type XmlElement, attributeOf, childOf, childrenNamed } from "../xml/tree.ts";

/** Elements whose children come one by one; all others are small. */
export const ENTERED: ReadonlySet<string> = new Set(["host", "ports", "hostscript"]);

const SCRIPT_CHARS_MAX = 65_536;
const NAMES_MAX = 256;

/** What a host is known by: gathered from the elements that stand before its ports. */
export class ScannedHost {
  readonly #fields = new Map<string, FieldValue>();
  readonly #addresses: string[] = [];
  readonly #names: string[] = [];

  take(element: XmlElement): void {
    const value = (name: string) => attributeOf(element, name);
    switch (element.name) {
      case "status":
        this.#fields.set("status", value("state")).set("status.reason", value("reason"));
        break;
      case "address":
        if (this.#addresses.length < NAMES_MAX) this.#addresses.push(value("addr"));
        if (value("vendor") !== "") this.#fields.set("vendor", value("vendor"));
        break;
      case "hostnames":
        for (const child of element.children.slice(0, NAMES_MAX - this.#names.length))
          this.#names.push(attributeOf(child, "name"));
        break;
      default:
    }
  }

  /** The first name, else the first address; "" where it has neither. */
  get name(): string {
    return this.#names[0] ?? this.#addresses[0] ?? "";
  }

  fields(): Map<string, FieldValue> {
    const fields = new Map(this.#fields);
    if (this.#addresses.length > 0) fields.set("addr", this.#addresses);
    if (this.#names.length > 0) fields.set("hostname", this.#names);
    return fields;
  }
}

/** The fields of an open port; null where it is not open. */
export function portFields(port: XmlElement, host: ScannedHost): Map<string, FieldValue> | null {
  const state = childOf(port, "state");
  if (state === null || attributeOf(state, "state") !== "open") return null;
  const fields = host.fields();
  const number = Number(attributeOf(port, "portid"));
  fields.set("protocol", attributeOf(port, "protocol"));
  fields.set("portid", Number.isInteger(number) ? number : attributeOf(port, "portid"));
  fields.set("state", "open").set("state.reason", attributeOf(state, "reason"));
  const service = childOf(port, "service");
  if (service !== null) {
    for (const [name, value] of service.attributes) fields.set(`service.${name}`, value);
    const cpes = childrenNamed(service, "cpe").map(({ text }) => text);
    if (cpes.length > 0) fields.set("service.cpe", cpes);
  }
  for (const script of childrenNamed(port, "script")) putScript(fields, script);
  for (const [name, value] of observedBy(fields)) fields.set(name, value);
  return fields;
}

/** What one script said. */
export function putScript(fields: Map<string, FieldValue>, script: XmlElement): void {
  const output = attributeOf(script, "output").slice(0, SCRIPT_CHARS_MAX);
  fields.set(`script.${attributeOf(script, "id")}`, output);
}

const OWA_HEADER = /X-OWA-Version:\s{0,8}(\d{1,2}(?:\.\d{1,6}){2,3})(?![\d.])/i;
const OWA_PATH = /\/(?:owa|ecp)\/(?:auth\/|prem\/)?(1[45](?:\.\d{1,6}){2,3})\//i;

/** What a port tells of the software behind it: a header, a path, or only a greeting. */
function observedBy(fields: ReadonlyMap<string, FieldValue>): ObservedFields {
  const scripts = [...fields]
    .filter(([name]) => name.startsWith("script."))
    .map(([, output]) => String(output));
  const find = (pattern: RegExp) =>
    scripts.map((output) => pattern.exec(output)?.[1]).find((build) => build !== undefined);
  const header = find(OWA_HEADER);
  if (header !== undefined) return observed(EXCHANGE, header, "owa-header");
  const path = find(OWA_PATH);
  if (path !== undefined) return observed(EXCHANGE, path, "owa-path");
  const product = String(fields.get("service.product") ?? "");
  const version = String(fields.get("service.version") ?? "");
  return observed(product, version, "banner");
}
