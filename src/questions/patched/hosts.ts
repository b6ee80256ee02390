/** Hosts and products by the names that evidence, claims and catalogue have for them. Refuses to join two names that only look alike. */
import type { Product } from "../../model/catalogue.ts";

/** Whether what an observation or a claim calls a product may be this one; "" may be any. */
export function namesProduct(product: Product, name: string): boolean {
  const said = folded(name);
  if (said === "") return true;
  return [product.name, ...product.names].some((own) => {
    const known = folded(own);
    return said === known || said.startsWith(`${known} `);
  });
}

function folded(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^microsoft /, "")
    .replaceAll(/\s+/g, " ");
}

/** The product that a build belongs to: of those whose names and numbers fit the one with the longest prefix. */
export function lineOf(
  products: readonly Product[],
  numbers: readonly number[],
  name: string,
): Product | null {
  const fitting = products.filter(
    (product) =>
      namesProduct(product, name) && product.prefix.every((part, at) => numbers[at] === part),
  );
  return fitting.reduce<Product | null>(
    (best, product) =>
      best === null || product.prefix.length > best.prefix.length ? product : best,
    null,
  );
}

/** Pairs of names of which one is the first label of the other: they may be one host, and only the case file can say so. */
export function likeNames(names: readonly string[]): readonly (readonly [string, string])[] {
  const byLabel = new Map<string, string[]>();
  for (const name of names) {
    const label = name.split(".")[0]?.toLowerCase() ?? "";
    if (label === "" || /^\d+$/.test(label)) continue;
    const alike = byLabel.get(label);
    if (alike === undefined) byLabel.set(label, [name]);
    else alike.push(name);
  }
  return [...byLabel].flatMap(([label, group]) => {
    const short = group.find((name) => name.toLowerCase() === label);
    return short === undefined
      ? []
      : group.filter((name) => name !== short).map((long) => [short, long] as const);
  });
}
