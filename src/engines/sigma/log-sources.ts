/**
 * Where the log source of a rule is found in what our readers give: knowledge/sigma-logsources.json, read and
 * checked once, then asked for each rule. Refuses to guess: a log source without a row is not applicable here.
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../base/knowledge.ts";
import { FORMAT_IDS, type FormatId } from "../../model/evidence.ts";
import type { LogSource } from "./rule.ts";

const NAMES = z.array(z.string().min(1));

const ROW = z.strictObject({
  product: NAMES,
  category: z.string().optional(),
  service: z.string().optional(),
  reads: z.string(),
  channels: NAMES.optional(),
  eventIds: z.array(z.int().min(0)).optional(),
  where: z.record(z.string(), NAMES).optional(),
  fields: z.record(z.string(), NAMES).optional(),
  constants: z.record(z.string(), z.string()).optional(),
  note: z.string().optional(),
  source: z.string(),
});

const UNREAD = z.strictObject({
  product: NAMES,
  category: z.string().optional(),
  service: z.string().optional(),
  why: z.string(),
  source: z.string(),
});

const FILE = z.strictObject({
  about: z.string(),
  sources: z.record(
    z.string(),
    z.strictObject({
      title: z.string(),
      url: z.string(),
      date: z.string(),
      confidence: z.string(),
    }),
  ),
  formats: z.record(z.string(), z.array(z.enum(FORMAT_IDS))),
  rows: z.array(ROW),
  unread: z.array(UNREAD),
});

/** One place where events of a log source are found. */
export interface Target {
  /** What it is, for people, each log by itself: `Security 4688`, `HttpProxy`, `logs of iis`. */
  readonly titles: readonly string[];
  readonly formats: readonly FormatId[];
  /** Lower case; null: every channel. */
  readonly channels: readonly string[] | null;
  /** Null: every event id. */
  readonly eventIds: readonly number[] | null;
  /** Fields that must hold one of these values for an event to belong to the log source. */
  readonly where: ReadonlyMap<string, readonly string[]>;
  /**
   * Names that rules use, and the names here, of which any may match; `UrlStem ? UrlQuery` is two with a mark between
   * them. An empty list: the field is never there.
   */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Names that rules use, and what each says of every event here, though no field does. */
  readonly constants: ReadonlyMap<string, string>;
}

interface Row {
  readonly products: readonly string[];
  readonly category: string | null;
  readonly service: string | null;
  readonly target: Target;
}

/** The mapping as a whole, checked. */
export interface LogSources {
  readonly rows: readonly Row[];
  readonly unread: readonly { readonly row: Omit<Row, "target">; readonly why: string }[];
}

/** Checks the parsed JSON of knowledge/sigma-logsources.json. Faults: knowledge-invalid. */
export function parseLogSources(json: unknown): LogSources {
  const { rows, unread, formats, sources } = checkKnowledge("sigma-logsources.json", FILE, json);
  for (const { source } of [...rows, ...unread]) {
    if (sources[source] === undefined)
      throw knowledgeFault("sigma-logsources.json", `the source '${source}' is not described`);
  }
  return {
    rows: rows.map((row) => ({ ...keyOf(row), target: targetOf(row, formats[row.reads]) })),
    unread: unread.map((row) => ({ row: keyOf(row), why: row.why })),
  };
}

function keyOf(row: z.infer<typeof ROW> | z.infer<typeof UNREAD>): Omit<Row, "target"> {
  return {
    products: row.product,
    category: row.category ?? null,
    service: row.service ?? null,
  };
}

function targetOf(row: z.infer<typeof ROW>, formats: readonly FormatId[] | undefined): Target {
  if (formats === undefined)
    throw knowledgeFault("sigma-logsources.json", `the formats '${row.reads}' are not described`);
  return {
    titles: titlesOf(row),
    formats,
    channels: row.channels?.map((channel) => channel.toLowerCase()) ?? null,
    eventIds: row.eventIds ?? null,
    where: new Map(Object.entries(row.where ?? {})),
    fields: new Map(Object.entries(row.fields ?? {})),
    constants: new Map(Object.entries(row.constants ?? {})),
  };
}

function titlesOf({ reads, channels, eventIds }: z.infer<typeof ROW>): readonly string[] {
  const ids = eventIds === undefined ? "" : ` ${eventIds.join(", ")}`;
  return (channels ?? [`logs of ${reads}`]).map((where) => `${where}${ids}`);
}

/** Where a rule's log source is found: targets, or why there is none. */
export function findTargets(sources: LogSources, wanted: LogSource): readonly Target[] | string {
  const { product, category, service } = wanted;
  const ofProduct = ({ products }: { readonly products: readonly string[] }): boolean =>
    product === null || products.includes(product);
  const rows = sources.rows.filter(ofProduct);
  const find = (part: "category" | "service", name: string | null): readonly Target[] =>
    rows.filter((row) => row[part] === name).map(({ target }) => target);

  const targets =
    category === null
      ? service === null
        ? rows.filter((row) => row.category === null && row.service === null).map((r) => r.target)
        : find("service", service)
      : service === null
        ? find("category", category)
        : narrowed(find("category", category), find("service", service));
  if (targets.length > 0) return targets;

  const known = sources.unread.find(
    ({ row }) => ofProduct(row) && row.category === category && row.service === service,
  );
  return `log source ${describe(wanted)}: ${known?.why ?? "no reader for it"}`;
}

/** Targets of a category, within the channels of a service. */
function narrowed(categories: readonly Target[], services: readonly Target[]): readonly Target[] {
  return categories.flatMap((target) =>
    services.flatMap((service) => {
      const formats = target.formats.filter((format) => service.formats.includes(format));
      const channels =
        service.channels === null
          ? target.channels
          : (target.channels?.filter((name) => service.channels?.includes(name)) ??
            service.channels);
      return formats.length === 0 || channels?.length === 0
        ? []
        : [{ ...target, formats, channels }];
    }),
  );
}

/** `windows/process_creation/-`: product, category and service, for people. */
export function describe({ product, category, service }: LogSource): string {
  return [product, category, service].map((part) => part ?? "-").join("/");
}
