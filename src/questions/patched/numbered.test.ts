/** Updates of Windows, which are known by their numbers alone. */
import { expect, test } from "vitest";
import type { Catalogue } from "../../model/catalogue.ts";
import { SHIPPED, ask, claimOf, itemOf, seen } from "./patched.test-data.ts";

const WINDOWS = seen("10.0.14393.4000", "2021-08-20", "registry-key", { product: "Windows" });
const listed = (kb: string, at = "2021-08-20") =>
  seen("", at, "hotfix-list", { kb, product: "Windows" });
/** EternalBlue; of Windows Server 2016 in KB4013429. */
const OLD = "2017-0144";

test("a list that names the update shows it, weakly", () => {
  const report = ask([WINDOWS, listed("KB4013429")]);
  expect(itemOf(report, OLD)).toMatchObject({
    verdict: "fixed",
    strength: "weak",
    kb: "KB4013429",
    why: "hotfix-list lists KB4013429",
  });
});

test("a list that does not name it proves nothing", () => {
  const item = itemOf(ask([WINDOWS, listed("KB5001347")]), OLD);
  expect(item).toMatchObject({ verdict: "unknown", strength: null });
  expect(item.why).toContain("the absence proves nothing");
});

test("what came instead of it shows it as well", () => {
  const [first] = SHIPPED.updates.filter(({ kb }) => kb === "KB4013429");
  expect(first).toBeDefined();
  const later = {
    kb: "KB4019472",
    products: first?.products ?? [],
    fixes: [],
    supersedes: ["KB4013429"],
    notAfter: null,
    sources: [],
  };
  const catalogue: Catalogue = { ...SHIPPED, updates: [...SHIPPED.updates, later] };
  expect(itemOf(ask([WINDOWS, listed("KB4019472")], { catalogue }), OLD)).toMatchObject({
    verdict: "fixed",
    kb: "KB4019472",
  });
});

test("a claim of it is unverified, and a list of a later day does not count", () => {
  const claims = [claimOf("KB4013429", "installed", "2021-05-01", { product: "Windows" })];
  expect(itemOf(ask([WINDOWS], { claims }), OLD).verdict).toBe("unverified");
  expect(itemOf(ask([WINDOWS, listed("KB4013429", "2021-08-21")]), OLD).verdict).toBe("unknown");
});

test("Exchange's own updates do not stand in such lists: their absence there has no weight", () => {
  const exchange = seen("15.1.2308.14", "2021-08-20");
  const verdicts = (lists: ReturnType<typeof listed>[]) =>
    ask([exchange, ...lists])
      .items.filter(({ product }) => product.startsWith("Exchange"))
      .map(({ kb, verdict }) => `${kb} ${verdict}`);
  expect(verdicts([listed("KB5001347")])).toEqual(verdicts([]));
  // Nor does a list that names one prove it against the build.
  const lacking = ask([
    seen("15.1.2176.9", "2021-08-20"),
    seen("", "2021-08-20", "wsus", { kb: "KB5001779" }),
  ]);
  expect(itemOf(lacking, "2021-34473")).toMatchObject({ verdict: "missing" });
  expect(itemOf(lacking, "2021-34473").why).toContain(
    "a list of updates names it, which proves nothing",
  );
});

test("an update that was not out yet is nobody's to install", () => {
  const before = seen("10.0.14393.4000", "2017-03-01", "registry-key", { product: "Windows" });
  const of = (asOf: string) => ask([before], { asOf }).items.map(({ kb }) => kb);
  expect(of("2017-03-13")).not.toContain("KB4013429");
  expect(of("2017-03-14")).toContain("KB4013429");
});
