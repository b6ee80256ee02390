import { once } from "node:events";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { sendWebhook } from "./webhook.ts";

const MESSAGE = {
  level: "high",
  subject: "s",
  text: "t\n",
  line: "l",
  findings: [],
  more: 0,
} as const;

/** Posts to a server of this test; gives what came back in words. */
async function post(listener: RequestListener, signal = new AbortController().signal) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    return await sendWebhook(`http://127.0.0.1:${port}/services/s3cret?to=board`, MESSAGE, signal);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("one post of JSON, and any 2xx is enough", async () => {
  const seen: unknown[] = [];
  const said = await post((request, response) => {
    void json(request).then((body) => {
      seen.push(request.method, request.url, request.headers["content-type"], body);
      response.writeHead(204).end();
    });
  });
  expect(said).toBe("");
  const body = { level: "high", subject: "s", text: "t\n", findings: [], more: 0 };
  expect(seen).toEqual(["POST", "/services/s3cret?to=board", "application/json", body]);
});

test("a status that is none of success, and a redirect, which is not followed", async () => {
  expect(await post((_, response) => response.writeHead(500).end("no"))).toBe(
    "it answered with status 500",
  );
  let asked = 0;
  const said = await post((_, response) => {
    asked++;
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  expect(said).toBe("it answered with status 307: redirects are not followed");
  expect(asked).toBe(1);
});

test("what is answered is not read: an endless body ends nothing", async () => {
  const said = await post((_, response) => {
    response.writeHead(200);
    const more = () => {
      while (response.write("x".repeat(1 << 16)));
    };
    response.on("drain", more);
    more();
  });
  expect(said).toBe("");
});

test("a server that refuses, cuts off, or says nothing; and no word of the address", async () => {
  const refused = await sendWebhook(
    "http://127.0.0.1:1/s3cret",
    MESSAGE,
    new AbortController().signal,
  );
  expect(refused).toBe("this port belongs to another protocol: no web address has it");
  expect(await post((request) => request.socket.destroy())).toBe(
    "it closed the connection before it answered",
  );
  expect(await post((request) => request.socket.end("hello\r\n\r\n"))).toBe(
    "what it answers is not HTTP",
  );
  expect(await post(() => undefined, AbortSignal.timeout(200))).toMatch(/^no answer within/);
});
