/**
 * Updates that a catalogue knows by number alone: a list that names one of them, or one that came instead of it, shows it weakly.
 * Refuses to read anything into a list that does not name it.
 */
import type { Day } from "../../base/day.ts";
import type {
  Catalogue,
  NumberedUpdate,
  Product,
  Vulnerability,
  VulnerabilityId,
} from "../../model/catalogue.ts";
import type { Observation } from "../../model/observation.ts";
import type { PatchItem, VulnerabilityState } from "../../model/patch.ts";
import { readClaim } from "./claim-words.ts";
import { factsOf, inOrder } from "./exposure.ts";
import { type HostClaims, byMaking } from "./host-case.ts";
import { worstOf } from "./judge.ts";

/** Updates that fix the same vulnerabilities, and what came instead of them. */
export interface NumberedGroup {
  readonly updates: readonly NumberedUpdate[];
  readonly fixes: readonly Vulnerability[];
  /** The numbers of these updates. */
  readonly kbs: readonly string[];
  /** With those that came instead of them. */
  readonly all: ReadonlySet<string>;
}

/** One host whose lists of updates are looked at. */
export interface ListCase {
  readonly host: string;
  /** Null: no build says which product it is; then only what is listed or claimed is told. */
  readonly product: Product | null;
  readonly lists: readonly Observation[];
  readonly claims: readonly HostClaims[];
  readonly asOf: Day;
}

/** The updates of a product. */
export function groupNumbered(catalogue: Catalogue, product: Product): readonly NumberedGroup[] {
  return groupsOf(catalogue, (update) => isMeant(product, update));
}

/** The updates that lists or claims name. */
export function groupsNamed(
  catalogue: Catalogue,
  lists: readonly Observation[],
  claims: readonly HostClaims[],
): readonly NumberedGroup[] {
  const listed = new Set(lists.map(({ kb }) => kb.toUpperCase()));
  const isNamed = ({ kb }: NumberedUpdate) =>
    listed.has(kb) || claims.some(({ named }) => named.has(kb));
  return catalogue.updates.some(isNamed) ? groupsOf(catalogue, isNamed) : [];
}

function groupsOf(
  catalogue: Catalogue,
  isWanted: (update: NumberedUpdate) => boolean,
): NumberedGroup[] {
  const byVulnerability = new Map<VulnerabilityId, NumberedUpdate[]>();
  for (const update of catalogue.updates.filter(isWanted))
    for (const id of update.fixes) {
      const fixing = byVulnerability.get(id);
      if (fixing === undefined) byVulnerability.set(id, [update]);
      else fixing.push(update);
    }
  const told = [...byVulnerability].flatMap(([id, updates]) => {
    const vulnerability = catalogue.vulnerabilities.get(id);
    return vulnerability === undefined ? [] : [{ updates, vulnerability }];
  });
  const groups = Map.groupBy(told, ({ updates }) => updates.map(({ kb }) => kb).join(" "));
  return [...groups.values()].map((group) => {
    const updates = group[0]?.updates ?? [];
    const kbs = updates.map(({ kb }) => kb);
    const successors = catalogue.updates.filter(({ supersedes }) =>
      supersedes.some((kb) => kbs.includes(kb)),
    );
    const all = new Set([...kbs, ...successors.map(({ kb }) => kb)]);
    return { updates, fixes: group.map(({ vulnerability }) => vulnerability), kbs, all };
  });
}

/** The items of a host by numbers of updates: one for each group. */
export function numberedItems(listCase: ListCase, groups: readonly NumberedGroup[]): PatchItem[] {
  return groups.flatMap((group) => itemOf(listCase, group));
}

/** Catalogues write `Windows Server 2016 (Server Core installation)`; a name that is only a family's is too little. */
function isMeant({ name, names }: Product, { products }: NumberedUpdate): boolean {
  const own = [name, ...names].filter((each) => /\d/.test(each));
  return products.some((given) =>
    own.some((each) => given === each || given.startsWith(`${each} `)),
  );
}

function itemOf(
  { host, product, lists, claims, asOf }: ListCase,
  { updates, fixes, kbs, all }: NumberedGroup,
): PatchItem[] {
  const listed = lists.filter(
    ({ kb, strength }) => strength !== "none" && all.has(kb.toUpperCase()),
  );
  const said = claims
    .flatMap(({ named }) => (named.size === 0 ? [] : [...all].flatMap((kb) => named.get(kb) ?? [])))
    .sort(byMaking);
  const wasOut = updates.some(({ notAfter }) => notAfter === null || notAfter <= asOf);
  if (!wasOut && listed.length === 0 && said.length === 0) return [];
  const isClaimed = said.some(({ claim }) => readClaim(claim, "named").says === "installed");
  const [first] = listed.toSorted((a, b) => Number(isOwnList(b)) - Number(isOwnList(a)));
  const isThere = first !== undefined && isOwnList(first);
  const verdict = isThere ? "fixed" : first !== undefined || isClaimed ? "unverified" : "unknown";
  const why =
    first !== undefined
      ? `${first.source} lists ${first.kb}${isThere ? "" : "; what a console or a server of updates says is no list of the system itself"}`
      : "No list here names it, and the absence proves nothing: a later update may hold it. The build of the system, with a catalogue of the maker, would tell";
  const severity = worstOf(fixes.flatMap(({ severities }) => severities));
  const states = fixes.map((vulnerability): VulnerabilityState => {
    const { id, alias, severities, requires, epss } = vulnerability;
    const own = worstOf(severities);
    const state = isThere ? "fixed" : "unknown";
    return {
      id,
      alias,
      state,
      severity: own,
      rank: own,
      lentBy: "",
      why,
      requires: requires?.text ?? "",
      disputed: "",
      epss: epss !== null && epss.day <= asOf ? epss : null,
    };
  });
  return [
    {
      host,
      product: product?.name ?? first?.product ?? said[0]?.product ?? "",
      build: "",
      observedAt: null,
      strength: first === undefined ? null : "weak",
      kb: first?.kb ?? kbs[0] ?? "",
      kbs,
      update: "",
      vulnerabilities: states,
      severity,
      rank: severity,
      released: null,
      verdict,
      requires: [...new Set(states.map(({ requires }) => requires))].filter((text) => text !== ""),
      claims: said,
      excuses: [],
      exposure: null,
      known: inOrder(fixes.flatMap(factsOf).filter(({ day }) => day <= asOf)),
      deadline: null,
      why,
      at: listed.slice(0, 3).map(({ last }) => last.at),
    },
  ];
}

/** The system's own list of what it has installed, or its own word of an installation. */
function isOwnList({ kind }: Observation): boolean {
  return kind === "hotfix-list" || kind === "update-history";
}
