/** Real Chromium for the tests, where there is one; its absence is a failure only on the build machine. */
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const PATH = PLACES.find((path) => existsSync(path)) ?? null;

/** Whether browser tests are skipped; says so once. Never on the build machine (CI=true): there they fail. */
export const WITHOUT_CHROMIUM = PATH === null && process.env["CI"] !== "true";
if (WITHOUT_CHROMIUM) process.stderr.write(`skipped: no Chromium at ${PLACES.join(", ")}\n`);

/** A headless browser that asks the network for nothing of its own. */
export function launchChromium(): Promise<Browser> {
  if (PATH === null) throw new Error(`no Chromium at ${PLACES.join(", ")}`);
  const quiet = ["background-networking", "component-update", "sync", "gpu", "quic"];
  return chromium.launch({
    executablePath: PATH,
    args: ["--no-sandbox", "--no-first-run", ...quiet.map((what) => `--disable-${what}`)],
  });
}
