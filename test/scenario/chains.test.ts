/**
 * Chains against the sample's own truth: each page that an intruder dropped has one chain, whose links are that intruder's steps; tests that
 * are stated, researchers' scans and the administrator's export are in none. Three seeds in every run; BENCH=full scores ten.
 */
import { expect, test } from "vitest";
import { TICKS_PER_HOUR, TICKS_PER_SECOND } from "../../src/base/time.ts";
import { parseCaseFile } from "../../src/casework/case-file.ts";
import type { Chain, ChainLink } from "../../src/model/cause.ts";
import { actorsOf, causeOf } from "../../src/questions/cause/index.ts";
import type { SampleVariant } from "../../src/sample/index.ts";
import { detectedIn } from "./detected.ts";
import { at } from "./investigation.ts";
import { madeSample } from "./made-sample.ts";

const SEEDS =
  process.env["BENCH"] === "full" ? Array.from({ length: 10 }, (_, index) => index + 1) : [1, 7];
/** The logs of the mail server in which its break-in shows. */
const WANTED = /^evidence\/MX1\/.*(?:W3SVC|HttpProxy|MSExchange Management|Windows Defender|MPLog)/;
/** IIS knows times to the second; HttpProxy's come from a machine whose clock may be minutes off. */
const NEAR = 3n * TICKS_PER_SECOND;
const NEAR_OFF_CLOCK = TICKS_PER_HOUR / 6n;

interface Step {
  readonly time: string;
  readonly actor: string;
  readonly kind: string;
  readonly site: string;
  readonly path: string;
  readonly request_id: string | null;
  readonly kept: boolean;
}

interface Shell {
  readonly actor: string;
  readonly url: string;
  readonly file: string;
  readonly written: string;
}

/** The part of the truth that chains are held against. */
interface Truth {
  readonly steps: readonly Step[];
  readonly others: readonly Step[];
  readonly shells: readonly Shell[];
  readonly test_shells: readonly Shell[];
  readonly actors: readonly { readonly name: string; readonly addresses: readonly string[] }[];
}

async function followed(seed: number, variant: SampleVariant) {
  const sample = madeSample(seed, variant);
  const { textOf } = sample;
  const caseFile = parseCaseFile(textOf("case.yaml"));
  const truth: Truth = JSON.parse(textOf("truth.json"));
  const held = [...sample.held((path) => WANTED.test(path))];
  const detections = await detectedIn(held, caseFile);
  const none = {
    sources: [],
    cleared: [],
    skews: [],
    clockChanges: [],
    expected: [],
    limits: [],
  };
  const cause = causeOf({ detections, coverage: none, caseFile });
  const lines = new Map(held.map(({ path, content }) => [path, content]));
  return { cause, truth, detections, caseFile, lines };
}

function isAt(link: ChainLink, step: Step): boolean {
  const near = link.where === "HttpProxy" ? NEAR_OFF_CLOCK : NEAR;
  const time = at(step.time);
  return link.ticks - near <= time && time <= link.last + near && fits(link, step);
}

/** Whether a step of the truth would show in the source of a link. A request that was passed on stands at the front end too. */
function fits({ where }: ChainLink, { site, path }: Step): boolean {
  if (where === "cmdlet") return site === "management";
  if (where === "page") return site === "front" && path.includes(".aspx");
  if (where === "back end") return site === "back";
  return site === "front" || site === "back";
}

function isAbout({ links }: Chain, { url }: Shell): boolean {
  const name = url.toLowerCase();
  return links.some(({ what }) => what.toLowerCase().replaceAll("\\", "/").includes(name));
}

type Told = Awaited<ReturnType<typeof followed>>;

/** Recall and precision, of chains by the pages that they lead to, and of links by the steps that the truth has. */
function score({ cause: { chains }, truth }: Told) {
  // A page that nothing kept ever asked for has one kind of record at most: there is nothing to follow.
  const shells = truth.shells.filter(({ url }) =>
    truth.steps.some(({ path, kept }) => kept && path.startsWith(url)),
  );
  const found = shells.map((shell) => chains.filter((chain) => isAbout(chain, shell)));
  const right = chains.filter((chain) => truth.shells.some((shell) => isAbout(chain, shell)));

  // Steps of the run that dropped a page, and everything that was later asked of it.
  const steps = shells.flatMap((shell, index) => {
    const links = (found[index] ?? []).flatMap((chain) => chain.links);
    return stepsOf(truth, shell).map((step) => links.some((link) => isAt(link, step)));
  });
  const links = right.flatMap((chain) => {
    const actors = truth.shells.filter((shell) => isAbout(chain, shell)).map(({ actor }) => actor);
    const own = truth.steps.filter(({ actor }) => actors.includes(actor));
    return chain.links
      .filter(({ where }) => where !== "file")
      .map((link) => own.some((step) => isAt({ ...link, last: link.ticks }, step)));
  });
  return {
    once: found.filter((own) => own.length === 1).length / shells.length,
    precision: right.length / chains.length,
    steps,
    links,
  };
}

function stepsOf({ steps }: Truth, { actor, url, written }: Shell): readonly Step[] {
  const until = at(written);
  return steps.filter(
    (step) =>
      step.kept &&
      step.site !== "web" &&
      step.actor === actor &&
      step.kind !== "probe-refused" &&
      (step.path.startsWith(url) ||
        (at(step.time) >= until - TICKS_PER_HOUR / 4n && at(step.time) <= until)),
  );
}

function share(right: readonly boolean[]): number {
  return right.filter((is) => is).length / right.length;
}

/** Nothing innocent is in any chain: not by its request id, not by its page, not by its export. */
function expectNobodyElse({ cause: { chains }, truth, lines }: Told): void {
  const theirs = truth.others.flatMap(({ request_id }) => request_id ?? []);
  const cited = chains.flatMap((chain) => chain.links.flatMap((link) => link.at));
  const texts = cited.map(({ file, offset }) =>
    Buffer.from(lines.get(file)?.subarray(offset, offset + 4096) ?? [])
      .toString("latin1")
      .split("\n", 1)
      .join(),
  );
  // Without the text of what is cited nothing could be looked for in it.
  expect(texts.some((text) => text !== "")).toBe(texts.length > 0);
  expect(theirs.filter((id) => texts.some((text) => text.includes(id)))).toEqual([]);
  expect(
    truth.test_shells.filter((shell) => chains.some((chain) => isAbout(chain, shell))),
  ).toEqual([]);
  const links = chains.flatMap((chain) => chain.links);
  expect(links.filter(({ what }) => /\.pst\b/i.test(what))).toEqual([]);
}

test.each(SEEDS)("exchange, seed %i: the chains are the intruders' own", async (seed) => {
  const told = await followed(seed, "exchange");
  const { truth, detections, caseFile } = told;
  const { once, precision, steps, links } = score(told);
  process.stderr.write(
    `seed ${seed}: chains: recall ${once.toFixed(3)}, precision ${precision.toFixed(3)} of ${told.cause.chains.length}; ` +
      `links: recall ${share(steps).toFixed(3)} of ${steps.length} steps, precision ${share(links).toFixed(3)} of ${links.length}\n`,
  );
  expect([once, precision]).toEqual([1, 1]);
  expect(share(steps)).toBeGreaterThan(0.95);
  expect(share(links)).toBeGreaterThan(0.95);
  expectNobodyElse(told);

  // The addresses that used the pages are the intruders'.
  const addresses = truth.actors.flatMap((actor) => actor.addresses);
  const pages = truth.shells.map(({ file }) => file);
  const clients = actorsOf({ detections, caseFile }, pages);
  expect(clients.filter((client) => !addresses.includes(client))).toEqual([]);
});

test("benign: nothing is joined to anything", async () => {
  const { cause } = await followed(1, "benign");
  expect(cause.chains).toEqual([]);
});
