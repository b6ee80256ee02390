/**
 * What the local page answers: the dossier, its data, findings, what became of every update, pages of events. Patient data is behind it and other
 * programs share the machine, so every request needs the token of the printed address, a local Host and, where
 * there is one, the same Origin. Refuses everything else without a hint of what is here.
 */
import { timingSafeEqual, createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { Fault } from "../../base/fault.ts";
import type { EventPage, EventSummary } from "../../casework/index.ts";

/** What the page shows; made by casework. */
export interface Served {
  /** The dossier as it stands now, in both its forms. */
  page(): Promise<{ readonly html: Uint8Array; readonly json: Uint8Array }>;
  /** What `breakwater findings list` prints as JSON. */
  findings(): Promise<readonly unknown[]>;
  /** What `breakwater patches` prints of this case, in parts. */
  patches(): Promise<Iterable<string>>;
  /** One page of the timeline as printed events. Faults: usage. */
  events(question: EventQuestion): Promise<EventPage>;
  /** How many there are, over time, by host and channel. Faults: usage. */
  summary(question: EventQuestion): Promise<EventSummary>;
}

/** A question to /api/events; every part may be absent. */
export interface EventQuestion {
  readonly from: string | null;
  readonly to: string | null;
  readonly host: string | null;
  readonly contains: string | null;
  /** The `next` of the page before. */
  readonly after: string | null;
}

const COOKIE = "breakwater";
/** The page is one file without script; nothing else may load, frame or receive anything. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The HTTP application for one vault, on one port, behind one token. */
export function createApp(served: Served, token: string, port: number): Hono {
  const app = new Hono();
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  app.use(async (context, next) => {
    if (!hosts.includes(context.req.header("host") ?? "")) return refuse(context);
    const origin = context.req.header("origin");
    if (origin !== undefined && !hosts.includes(origin.replace("http://", ""))) {
      return refuse(context);
    }
    const offered = context.req.query("token");
    if (offered !== undefined && same(offered, token)) {
      // The token leaves the address bar, the history and any referrer.
      setCookie(context, COOKIE, token, { httpOnly: true, sameSite: "Strict", path: "/" });
      if (context.req.path === "/") return secured(context.redirect("/"));
    } else if (!allowed(context, token)) return refuse(context);
    await next();
    secured(context.res);
    return undefined;
  });
  app.onError((error, context) => {
    if (!(error instanceof Fault)) throw error;
    return secured(context.json({ error: error.message, hint: error.hint }, 400));
  });
  app.get("/", async (context) => {
    const { html } = await served.page();
    return context.body(Uint8Array.from(html), 200, { "content-type": HTML });
  });
  app.get("/dossier.json", async (context) => {
    const { json } = await served.page();
    return context.body(Uint8Array.from(json), 200, { "content-type": JSON_TYPE });
  });
  app.get("/api/findings", async (context) => context.json(await served.findings()));
  app.get("/api/patches", async (context) => {
    // In parts: thousands of hosts have hundreds of thousands of updates.
    const body = ReadableStream.from(await served.patches()).pipeThrough(new TextEncoderStream());
    return context.body(body, 200, { "content-type": JSON_TYPE });
  });
  app.get("/api/events", async (context) => context.json(await served.events(questionOf(context))));
  app.get("/api/summary", async (context) =>
    context.json(await served.summary(questionOf(context))),
  );
  return app;
}

function questionOf(context: Context): EventQuestion {
  const ask = (name: string) => context.req.query(name) ?? null;
  return {
    from: ask("from"),
    to: ask("to"),
    host: ask("host"),
    contains: ask("contains"),
    after: ask("after"),
  };
}

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

function allowed(context: Context, token: string): boolean {
  const bearer = /^Bearer (.+)$/.exec(context.req.header("authorization") ?? "")?.[1];
  const given = bearer ?? getCookie(context, COOKIE);
  return given !== undefined && same(given, token);
}

/** Compares in constant time, whatever the lengths. */
function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function refuse(context: Context): Response {
  return secured(context.text("open the address that breakwater printed\n", 403));
}

function secured(response: Response): Response {
  response.headers.set("content-security-policy", POLICY);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("cache-control", "no-store");
  response.headers.set("cross-origin-resource-policy", "same-origin");
  return response;
}
