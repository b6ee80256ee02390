/** The whole way in a real browser: evidence on disk, investigated, served, clicked, and back to the very byte. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WITHOUT_CHROMIUM, launchChromium } from "./chromium.ts";

const PROGRAM = resolve("bin/breakwater");
const HOSTILE = "<img/src=x/onerror=document.title='owned'>";
const LINES = [
  "#Software: Microsoft Internet Information Services 10.0",
  "#Fields: date time cs-method cs-uri-stem cs-uri-query s-port c-ip cs(User-Agent) sc-status time-taken",
  `2021-08-13 04:12:07 GET /autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example 443 198.51.100.7 ${HOSTILE} 200 312`,
  "",
];

const home = mkdtempSync(join(tmpdir(), "breakwater-served-"));
const env = { PATH: process.env["PATH"], HOME: home };
const log = join(home, "u_ex210813.log");
let server: ChildProcess | null = null;
let browser: Browser | null = null;
let url = "";

beforeAll(async () => {
  if (WITHOUT_CHROMIUM) return;
  writeFileSync(log, LINES.join("\r\n"));
  const vault = join(home, "vault");
  spawnSync(PROGRAM, ["investigate", log, "--vault", vault, "--by", "A"], { env });
  server = spawn(PROGRAM, ["serve", "--vault", vault, "--port", "0"], { env });
  url = await new Promise((done, fail) => {
    let printed = "";
    server?.stdout?.on("data", (bytes: Buffer) => {
      printed += bytes.toString();
      if (printed.includes("\n")) done(printed.trim());
    });
    server?.on("exit", (code) => fail(new Error(`serve ended with ${code}`)));
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  server?.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
});

test.skipIf(WITHOUT_CHROMIUM)(
  "a click on a statement leads to its record, and the record to its byte",
  async () => {
    const page = await browser?.newPage();
    if (page === undefined) throw new Error("no browser");
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith("http://127.0.0.1:")) elsewhere.push(request.url());
    });
    await page.goto(url);
    expect(page.url()).not.toContain("token");
    await page.locator("#question-2 a.chip").first().click();
    const record = page.locator(":target");
    await record.waitFor();
    const text = await record.innerText();
    expect(text).toContain(log);
    const offset = Number(/Byte\s+(\d+)/.exec(text)?.[1]);
    expect(readFileSync(log).subarray(offset).toString()).toBe(`${LINES[2]}\r\n`);
    // The log's own markup is text on the page, and nothing was asked of anybody else.
    expect(text).toContain(HOSTILE);
    expect(await page.title()).not.toContain("owned");
    expect(await page.locator("img, script").count()).toBe(0);
    expect(elsewhere).toEqual([]);
  },
);

test.skipIf(WITHOUT_CHROMIUM)("without the token the browser is shown nothing", async () => {
  const page = await browser?.newPage();
  const answer = await page?.goto(url.split("?")[0] ?? "");
  expect(answer?.status()).toBe(403);
});
