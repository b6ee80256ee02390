import { expect, test } from "vitest";
import { Fault } from "../../base/fault.ts";
import { createApp } from "./app.ts";

const TOKEN = "the-token-of-the-printed-address";
const PORT = 4480;
const encode = (text: string) => new TextEncoder().encode(text);
const app = createApp(
  {
    page: async () => ({
      html: encode("<!doctype html><title>dossier</title>"),
      json: encode("{}"),
    }),
    findings: async () => [{ id: "f1", state: "open" }],
    patches: async () => ['{"as_of":"2021-08-20",', '"hosts":[]}\n'],
    summary: async ({ host }) => ({
      events: 3,
      undated: 0,
      hours: [],
      hosts: [{ value: host ?? "", events: 3 }],
      channels: [],
    }),
    events: async (question) => {
      if (question.from === "never") throw new Fault("usage", "that is no time", "write it so");
      return { events: [question.host], next: null };
    },
  },
  TOKEN,
  PORT,
);

function ask(path: string, headers: Record<string, string> = {}) {
  return app.request(`http://127.0.0.1:${PORT}${path}`, {
    headers: { host: `127.0.0.1:${PORT}`, ...headers },
  });
}

test("the printed address opens the page and takes the token out of the address bar", async () => {
  const first = await ask(`/?token=${TOKEN}`);
  expect(first.status).toBe(302);
  expect(first.headers.get("location")).toBe("/");
  const cookie = first.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  const page = await ask("/", { cookie: cookie.split(";")[0] ?? "" });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("dossier");
});

test("without the token nothing is shown, on any path", async () => {
  for (const path of [
    "/",
    "/dossier.json",
    "/api/events",
    "/api/findings",
    "/api/patches",
    "/?token=wrong",
    "/nothing",
  ]) {
    const answer = await ask(path);
    expect([path, answer.status]).toEqual([path, 403]);
    expect(await answer.text()).not.toContain("dossier");
  }
});

test("a script of the owner uses the token as a bearer", async () => {
  const answer = await ask("/api/events?host=MX1", { authorization: `Bearer ${TOKEN}` });
  expect(await answer.json()).toEqual({ events: ["MX1"], next: null });
  const counts = await ask("/api/summary?host=MX1", { authorization: `Bearer ${TOKEN}` });
  expect(await counts.json()).toMatchObject({ events: 3, hosts: [{ value: "MX1", events: 3 }] });
});

test("findings come as the command prints them", async () => {
  const answer = await ask("/api/findings", { authorization: `Bearer ${TOKEN}` });
  expect(await answer.json()).toEqual([{ id: "f1", state: "open" }]);
});

test("updates come as one JSON document, in whatever parts it is printed", async () => {
  const answer = await ask("/api/patches", { authorization: `Bearer ${TOKEN}` });
  expect(answer.headers.get("content-type")).toContain("application/json");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toEqual({ as_of: "2021-08-20", hosts: [] });
});

test("another name for this machine (DNS rebinding) is refused even with the token", async () => {
  const answer = await ask(`/?token=${TOKEN}`, { host: `evil.example:${PORT}` });
  expect(answer.status).toBe(403);
});

test("a page of another origin is refused even with the cookie", async () => {
  const cookie = `breakwater=${TOKEN}`;
  expect((await ask("/", { cookie, origin: "http://evil.example" })).status).toBe(403);
  expect((await ask("/", { cookie, origin: `http://127.0.0.1:${PORT}` })).status).toBe(200);
});

test("every answer forbids script, frames, sniffing and caching", async () => {
  for (const path of ["/", `/?token=${TOKEN}`]) {
    const { headers } = await ask(path);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  }
});

test("a question that cannot be read is answered with what is wrong and a hint", async () => {
  const answer = await ask("/api/events?from=never", { authorization: `Bearer ${TOKEN}` });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: "that is no time", hint: "write it so" });
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
});
