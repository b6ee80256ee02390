import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { ticksFromMillis } from "../../base/time.ts";
import type { CustodyForm } from "../../model/custody.ts";
import type { EvidenceHash } from "../../model/evidence.ts";
import { renderCustodyHtml } from "./custody.ts";

const AT = known(ticksFromMillis(Date.UTC(2022, 2, 1)), "a time");
const HASH = "a".repeat(64) as EvidenceHash;

function pageOf(form: Partial<CustodyForm>): string {
  const whole = {
    vault: "0f".repeat(16),
    program: "test",
    at: AT,
    by: "Ann",
    reason: "",
    items: [],
  };
  return new TextDecoder().decode(renderCustodyHtml({ ...whole, ...form }));
}

const item = {
  name: "evidence/a.log",
  absent: "",
  file: "logs/a.log",
  hash: HASH,
  sha256: HASH,
  sizeBytes: 18,
  steps: [
    { entry: 1, what: "taken in", at: AT, by: "Bo", reason: "" },
    { entry: null, what: "exported", at: AT, by: "Ann", reason: "for the police" },
  ],
};

test("a form shows each evidence, its history, and lines to sign", () => {
  const page = pageOf({ items: [item, { ...item, name: null, absent: "destroyed" }] });
  for (const text of [HASH, "evidence/a.log", "taken in", "for the police", "this export"])
    expect(page).toContain(text);
  expect(page).toContain("not in this folder: destroyed");
  expect(page).toContain("1 file, 18 bytes");
  expect(page.match(/Received by/g)).toHaveLength(2);
});

test("no script, nothing remote, and only its own styles are allowed", () => {
  const hostile = '</td><script>alert(1)</script><img src=x onerror="x">\u202e';
  const page = pageOf({
    by: hostile,
    reason: hostile,
    items: [{ ...item, file: hostile, name: hostile }],
  });
  expect(page).not.toMatch(/<script|<img|<link|https?:|\u202e/);
  const styles = [...page.matchAll(/<style>([^<]*)<\/style>/g)].map(([, text = ""]) =>
    createHash("sha256").update(text).digest("base64"),
  );
  expect(styles).toHaveLength(2);
  const [policy = ""] = /content="default-src [^"]*"/.exec(page) ?? [];
  expect(policy).toContain("default-src &#39;none&#39;");
  for (const hash of styles) expect(policy).toContain(`sha256-${hash}`);
});

test("of a long list the first are shown, and where the others are is said", () => {
  const page = pageOf({ items: Array.from({ length: 1500 }, () => item) });
  expect(page).toContain(
    "The first 1,000 of 1,500 files; manifest.json beside this page lists every file.",
  );
});
