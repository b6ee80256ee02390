import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Socket, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { askOwner } from "./client.ts";
import { listenIn } from "./place.ts";
import { Turns } from "./turns.ts";
import { PROTOCOL, type Screen, messagesOf, screenOf } from "./wire.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** A vault's folder in which somebody listens and says what the test says. */
async function ownedBy(answer: (socket: Socket) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-owned-"));
  mkdirSync(join(folder, "run"));
  const server = createServer((socket) => {
    socket.on("error", () => {});
    answer(socket);
  });
  const clear = await listenIn(server, join(folder, "run"));
  opened.push(() => {
    server.close();
    clear();
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function errand() {
  const heard: string[] = [];
  const screen: Screen = {
    data: async (text) => void heard.push(text),
    note: (line) => void heard.push(`! ${line}`),
    progress: () => {},
    coloured: false,
    showsProgress: false,
  };
  return { heard, words: () => ["duties", "show"], screen, signal: new AbortController().signal };
}

function greeting(part: object): string {
  return `${JSON.stringify({ breakwater: PROTOCOL, program: "breakwater 9.9.9", folder: "/", ...part })}\n`;
}

test("an owner of another version is told apart, by its protocol and by its program", async () => {
  for (const part of [{}, { breakwater: PROTOCOL + 1 }]) {
    const folder = await ownedBy((socket) => socket.write(greeting(part)));
    await expect(askOwner(folder, errand())).rejects.toMatchObject({
      code: "vault-in-use",
      message: expect.stringContaining("another version of this program (breakwater 9.9.9;"),
    });
  }
});

test("whoever is no owner gives no answer: nobody, a closed door, another language, endless words", async () => {
  const nobody = mkdtempSync(join(tmpdir(), "breakwater-owned-"));
  opened.push(() => rmSync(nobody, { recursive: true }));
  mkdirSync(join(nobody, "run"));
  expect(await askOwner(nobody, errand())).toBeNull();
  writeFileSync(join(nobody, "run", "socket"), "/etc/hostname\n");
  expect(await askOwner(nobody, errand())).toBeNull();
  const strangers = ["", "hello\n", "[]\n", "x".repeat(5 << 20)];
  for (const text of strangers) {
    const folder = await ownedBy((socket) => void socket.end(text));
    expect(await askOwner(folder, errand())).toBeNull();
  }
});

test("a text of any length arrives whole, with its characters of two units", async () => {
  const text = `${"a".repeat((1 << 18) - 1)}😀${"ö".repeat(1 << 20)}`;
  const { server, client } = await pair();
  const screen = screenOf(server, { words: [], coloured: false, progress: false });
  const sent = screen.data(text).then(() => server.end());
  let heard = "";
  for await (const message of messagesOf(client)) {
    const { data } = message as { data: string };
    expect(data.isWellFormed()).toBe(true);
    heard += data;
  }
  await sent;
  expect(heard).toBe(text);
});

async function pair(): Promise<{ server: Socket; client: Socket }> {
  let accept: (socket: Socket) => void = () => {};
  const accepted = new Promise<Socket>((done) => (accept = done));
  const folder = await ownedBy((socket) => accept(socket));
  const client = connect(join(folder, "run", "owner.sock"));
  opened.unshift(() => client.destroy());
  return { server: await accepted, client };
}

test("turns come in order; who gives up waiting lets nobody overtake", async () => {
  const turns = new Turns();
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const impatient = new AbortController();
  const calm = new AbortController().signal;
  const one = turns.take(async () => {
    await first.promise;
    said.push("one");
  }, calm);
  const two = turns.take(async () => void said.push("two"), impatient.signal);
  const three = turns.take(async () => void said.push("three"), calm);
  expect(turns.busy).toBe(true);
  impatient.abort();
  await expect(two).rejects.toMatchObject({ code: "interrupted" });
  expect(said).toEqual([]);
  first.resolve();
  await Promise.all([one, three]);
  expect(said).toEqual(["one", "three"]);
  await expect(turns.take(() => Promise.reject(new Error("failed")), calm)).rejects.toThrow(
    "failed",
  );
  expect(await turns.take(async () => 4, calm)).toBe(4);
  expect(turns.busy).toBe(false);
});
