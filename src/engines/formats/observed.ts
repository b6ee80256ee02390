/**
 * What rows of inventories say in one way, whatever their format: product, build, and how the build was seen. Refuses to weigh
 * it: how much each kind proves is knowledge/observations.json.
 */
import type { ObservationKind } from "../../model/observation.ts";

/** Exchange, as every format names it. */
export const EXCHANGE = "Exchange Server";
/** Windows, likewise. */
export const WINDOWS = "Windows";

/** Fields beside those of the source itself. */
export type ObservedFields = readonly (readonly [name: string, value: string])[];

/** A build of a product; nothing where either is "". */
export function observed(product: string, build: string, kind: ObservationKind): ObservedFields {
  if (product === "" || build === "") return [];
  return [
    ["Product", product],
    ["Build", build],
    ["Observation", kind],
  ];
}

const AUDITED_BY = /^([^()]{1,255}?) \((\d{1,2}(?:\.\d{1,6}){3})\)$/;

/** `SRV1 (15.01.2044.004)`: the Exchange server that wrote an audit entry, and its own build, "" where it is not told. */
export function auditedBy(text: string): { readonly server: string; readonly build: string } {
  const [, server = text, build = ""] = AUDITED_BY.exec(text) ?? [];
  return { server, build };
}
