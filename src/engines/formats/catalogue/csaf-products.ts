/**
 * The products of a CSAF advisory by their ids: branches of vendor, name and version; full names; what is installed on what;
 * groups. Refuses nothing: a product without a version is one of which only the name is known. Spec: CSAF 2.0, 3.2.2.
 */
import { listOf, textOf, within } from "./json-tree.ts";

/** A product as an advisory speaks of it. */
export interface AdvisoryProduct {
  /** The line of it: the nearest name above the version; or the full name. */
  readonly line: string;
  /** The version itself, "" where the advisory gives none, or a range. */
  readonly version: string;
  /** The first version behind a range that ends before it (`<15.1.2176.12`); "" for anything else. */
  readonly before: string;
}

/** Products and groups by their ids. */
export interface AdvisoryProducts {
  readonly byId: ReadonlyMap<string, AdvisoryProduct>;
  /** The ids of the products that an entry names, itself or through groups. */
  idsOf(entry: unknown): readonly string[];
}

/** A range with one upper end, in words of the vers specification or without them. */
const BEFORE = /(?:^|[|/\s])<\s*v?([\w.+-]{1,80})$/i;

/** The products of an advisory. */
export function productsOf(advisory: unknown): AdvisoryProducts {
  const tree = within(advisory, "product_tree");
  const byId = new Map<string, AdvisoryProduct>();
  const add = (product: unknown, described: AdvisoryProduct) => {
    const id = textOf(within(product, "product_id"));
    if (id !== "" && !byId.has(id)) byId.set(id, described);
  };
  const walk = (branches: unknown, above: string) => {
    for (const branch of listOf(branches)) {
      const category = textOf(within(branch, "category"));
      const name = textOf(within(branch, "name"));
      const product = within(branch, "product");
      const isVersion = category === "product_version" || category === "product_version_range";
      const line = isVersion || name === "" || category === "vendor" ? above : name;
      const version = category === "product_version" ? name : "";
      const before = category === "product_version_range" ? (BEFORE.exec(name)?.[1] ?? "") : "";
      add(product, { line: line || textOf(within(product, "name")), version, before });
      // Depth is bounded by readJson.
      walk(within(branch, "branches"), line);
    }
  };
  walk(within(tree, "branches"), "");
  for (const product of listOf(within(tree, "full_product_names")))
    add(product, { line: textOf(within(product, "name")), version: "", before: "" });
  for (const relation of listOf(within(tree, "relationships"))) {
    const part = byId.get(textOf(within(relation, "product_reference")));
    const product = within(relation, "full_product_name");
    add(product, part ?? { line: textOf(within(product, "name")), version: "", before: "" });
  }
  return { byId, idsOf: makeIdsOf(within(tree, "product_groups")) };
}

function makeIdsOf(groups: unknown): AdvisoryProducts["idsOf"] {
  const members = new Map<string, readonly string[]>();
  for (const group of listOf(groups))
    members.set(textOf(within(group, "group_id")), textsOf(within(group, "product_ids")));
  return (entry) => [
    ...textsOf(within(entry, "product_ids")),
    ...textsOf(within(entry, "group_ids")).flatMap((id) => members.get(id) ?? []),
  ];
}

/** The texts of a list that are not empty. */
export function textsOf(list: unknown): readonly string[] {
  return listOf(list)
    .map(textOf)
    .filter((text) => text !== "");
}
