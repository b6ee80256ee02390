/**
 * The dossier in a real browser: accessible, self-contained, usable on a phone and on paper,
 * and deaf to everything that evidence may try (abuse cases 23, 25, 26, 27, 29).
 */
import { readFileSync } from "node:fs";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderDossierHtml } from "../../src/engines/dossier/index.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import { shared } from "../shared.ts";
import { launchChromium, WITHOUT_CHROMIUM } from "./chromium.ts";
import { everywhere, largeDossier } from "./case-variants.ts";
import { inventedDossier } from "./invented-case.ts";

const ADDRESS = "http://dossier.invalid/dossier.html";

function textOf(dossier: Dossier): string {
  return new TextDecoder().decode(renderDossierHtml(dossier));
}

/** Opens a page of a dossier; the list fills with everything that it asks for or complains about. */
async function open(dossier: Dossier, options: Parameters<Browser["newPage"]>[0] = {}) {
  const page = await browser.newPage(options);
  const trouble: string[] = [];
  page.on("console", (message) => trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url === ADDRESS) return route.fulfill({ contentType: "text/html", body: textOf(dossier) });
    trouble.push(`request ${url}`);
    return route.abort();
  });
  await page.goto(ADDRESS);
  return { page, trouble };
}

/** Tags and attribute names in document order: what text can never change. */
const SKELETON = `(text) => [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("*")]
  .map((element) => element.localName + "[" + element.getAttributeNames().join(",") + "]").join("\\n")`;

function skeleton(page: Page, text: string): Promise<unknown> {
  return page.evaluate(`(${SKELETON})(${JSON.stringify(text)})`);
}

/** What may not exist on the page, whatever the evidence says. */
const FORBIDDEN = `[
  ...document.querySelectorAll("script, iframe, object, embed, form, input, link, base, img, image, use, foreignObject, animate, set, video, audio"),
  ...[...document.querySelectorAll("a")].filter((link) => !(link.getAttribute("href") ?? "").startsWith("#")),
  ...[...document.querySelectorAll("*")].filter((element) => element.getAttributeNames().some((name) => name.startsWith("on") || name === "style")),
].map((element) => element.outerHTML)`;

const PAYLOADS = [
  "<script>alert(1)</script>",
  "</style><script>alert(1)</script>",
  "</title></svg></desc><img src=x onerror=alert(1)>",
  '"><svg/onload=alert(1)>',
  "' onfocus='alert(1)' autofocus='",
  '" style="background:url(//evil.invalid)" x="',
  "javascript:alert(1)",
  "`${alert(1)}`",
  "-->]]><!--<foreignObject><iframe src=//evil.invalid>",
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  "<a href=https://evil.invalid>look</a>",
  "&lt;script&gt;&#x3c;script>",
  "\u202e\u2066gnp.exe\u200b\ufeff\u061c",
  "\u0000\u001b[2J\u009b31m\r\n",
  "\ud800 lone \udc00",
  "=cmd|' /C calc'!A0",
  "<".repeat(300),
];

let browser: Browser;
beforeAll(async () => {
  if (!WITHOUT_CHROMIUM) browser = await launchChromium();
});
afterAll(() => browser?.close());

describe.skipIf(WITHOUT_CHROMIUM)("the dossier for everybody", () => {
  test.each([
    ["a desk", { viewport: { width: 1280, height: 900 } }],
    ["a phone", { viewport: { width: 360, height: 780 } }],
    ["the dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" as const }],
  ])("axe finds nothing to object to on %s", async (_, options) => {
    const { page, trouble } = await open(inventedDossier(), options);
    await page.evaluate(axe.source);
    const found = await page.evaluate<string[]>(
      `axe.run().then(({ violations }) => violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html).join(" | ")))`,
    );
    expect(found).toEqual([]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("headings are in order, ids are unique, and every link has its target", async () => {
    const { page } = await open(inventedDossier());
    const levels = await page.evaluate<number[]>(
      `[...document.querySelectorAll("h1, h2, h3, h4, h5")].map((head) => Number(head.localName.slice(1)))`,
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
    const ids = await page.evaluate<string[]>(
      `[...document.querySelectorAll("[id]")].map((one) => one.id)`,
    );
    expect(ids).toHaveLength(new Set(ids).size);
    const dead = await page.evaluate<string[]>(
      `[...document.querySelectorAll("a")].map((link) => link.getAttribute("href").slice(1)).filter((id) => document.getElementById(id) === null)`,
    );
    expect(dead).toEqual([]);
    await page.close();
  });

  test("a statement leads to its record, and the record leads back", async () => {
    const { page } = await open(inventedDossier());
    await page.locator("#statement-3-1 a.chip").click();
    const target = page.locator(":target");
    expect(await target.innerText()).toContain("a".repeat(64));
    expect(await target.innerText()).toContain("breakwater events evidence/W3SVC1/u_ex210813.log");
    await target.locator(".cited a", { hasText: "3.1" }).click();
    expect(await page.evaluate("location.hash")).toBe("#statement-3-1");
    await page.close();
  });

  test("everything is reached by keyboard, in the order of the page", async () => {
    const { page } = await open(inventedDossier());
    const expected = await page.evaluate<number>(
      `document.querySelectorAll("a[href], [tabindex='0']").length`,
    );
    const seen = new Set<string>();
    for (let press = 0; press < expected; press++) {
      await page.keyboard.press("Tab");
      seen.add(
        await page.evaluate<string>(
          `String([...document.querySelectorAll("a[href], [tabindex='0']")].indexOf(document.activeElement))`,
        ),
      );
    }
    expect([...seen]).toEqual(Array.from({ length: expected }, (_, at) => String(at)));
    await page.close();
  });
});

/** The least contrast between a day's number and its cell, over all days that show something (WCAG 2.2, 1.4.3). */
const LEAST_CONTRAST = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const luminance = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const paper = channels(getComputedStyle(document.body).backgroundColor);
  return Math.min(...[...document.querySelectorAll(".months .day-wash")].map((wash) => {
    const style = getComputedStyle(wash);
    const cell = channels(style.fill).map((c, at) => c * style.opacity + paper[at] * (1 - style.opacity));
    const number = channels(getComputedStyle(wash.parentElement.parentElement.querySelector(".told")).fill);
    const [dark, light] = [luminance(cell), luminance(number)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }));
})()`;

describe.skipIf(WITHOUT_CHROMIUM)("the calendar of missed signals", () => {
  test.each(["light", "dark"] as const)(
    "its numbers can be read on every cell, %s",
    async (scheme) => {
      const { page } = await open(inventedDossier(), { colorScheme: scheme });
      expect(await page.evaluate(LEAST_CONTRAST)).toBeGreaterThan(4.5);
      await page.close();
    },
  );

  test("a day leads to its finding, and to the record, which leads back to the day", async () => {
    const { page } = await open(inventedDossier());
    const day = page.locator("#day-2021-08-13");
    await day.locator("a", { hasText: "finding 1" }).first().click();
    expect(await page.locator(":target").innerText()).toContain("Web shell written and used");
    await day.locator("a.chip").first().click();
    await page.locator(":target .cited a", { hasText: "visible on 2021-08-13" }).click();
    expect(await page.evaluate("location.hash")).toBe("#day-2021-08-13");
    await page.close();
  });

  test("months stand two by two on a phone, and nothing of them is cut", async () => {
    const { page } = await open(inventedDossier(), { viewport: { width: 360, height: 780 } });
    const boxes = await page.evaluate<readonly { left: number; right: number; top: number }[]>(
      `[...document.querySelectorAll(".months > li")].map((one) => { const { left, right, top } = one.getBoundingClientRect(); return { left, right, top }; })`,
    );
    expect(new Set(boxes.map(({ top }) => top)).size).toBe(Math.ceil(boxes.length / 2));
    expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThanOrEqual(360);
    expect(Math.min(...boxes.map(({ left }) => left))).toBeGreaterThanOrEqual(0);
    await page.close();
  });
});

describe.skipIf(WITHOUT_CHROMIUM)("the dossier on a phone and on paper", () => {
  test("a phone scrolls down, never sideways", async () => {
    const options = { viewport: { width: 360, height: 780 } };
    for (const dossier of [inventedDossier(), everywhere(inventedDossier(), "W".repeat(400))]) {
      const { page } = await open(dossier, options);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      await page.close();
    }
  });

  test("print is light, and a PDF comes out of it", async () => {
    const { page } = await open(inventedDossier(), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const paper = await page.evaluate(`getComputedStyle(document.body).backgroundColor`);
    expect(paper).toBe("rgb(255, 255, 255)");
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await page.close();
  });
});

describe.skipIf(WITHOUT_CHROMIUM)("the dossier of hostile evidence", () => {
  test("all payloads at once, in every field: nothing runs, loads, links or asks", async () => {
    const { page, trouble } = await open(everywhere(inventedDossier(), PAYLOADS.join(" ")));
    expect(await page.evaluate(FORBIDDEN)).toEqual([]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test("no payload and no naughty string changes a tag or an attribute name", async () => {
    const path = shared("hostile", "blns", "blns.json");
    const naughty: readonly string[] = path === null ? [] : JSON.parse(readFileSync(path, "utf8"));
    const page = await browser.newPage();
    const dossier = inventedDossier();
    const still = await skeleton(page, textOf(everywhere(dossier, "plain")));
    const spoilt: string[] = [];
    for (const text of [...PAYLOADS, ...inGroups(naughty, 16)]) {
      if ((await skeleton(page, textOf(everywhere(dossier, text)))) !== still) spoilt.push(text);
    }
    expect(spoilt).toEqual([]);
    await page.close();
  });

  test("the case of a bad year opens and can be walked", async () => {
    const { page, trouble } = await open(largeDossier());
    await page.locator("#timeline-500 a.chip").click();
    expect(await page.locator(":target h3").innerText()).toMatch(/^R\d+/);
    expect(await page.locator("#records article").count()).toBe(3000);
    expect(trouble).toEqual([]);
    await page.close();
  });
});

/** Texts joined so many at a time. */
function inGroups(texts: readonly string[], size: number): string[] {
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, at) =>
    texts.slice(at * size, (at + 1) * size).join(" "),
  );
}
