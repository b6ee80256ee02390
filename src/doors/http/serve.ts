/** Puts the application on 127.0.0.1 until it is asked to stop. Refuses any other address. */
import { serve as listen } from "@hono/node-server";
import { Fault } from "../../base/fault.ts";
import { createApp, type Served } from "./app.ts";

/** A running server and the address that opens it. */
export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes any free one. Faults: port-in-use. */
export async function serve(served: Served, port: number, token: string): Promise<Serving> {
  return new Promise((resolve, reject) => {
    // The port is known only once it listens, and the application must know it to check Host.
    let answer: (request: Request) => Response | Promise<Response> = () =>
      new Response(null, { status: 503 });
    const server = listen(
      { fetch: (request) => answer(request), hostname: "127.0.0.1", port },
      (address) => {
        const app = createApp(served, token, address.port);
        answer = (request) => app.fetch(request);
        resolve({
          url: `http://127.0.0.1:${address.port}/?token=${token}`,
          close: () =>
            new Promise((done) => {
              server.close(() => done());
              // Browsers hold connections open that they may never use.
              if ("closeAllConnections" in server) server.closeAllConnections();
            }),
        });
      },
    );
    server.on("error", (error: NodeJS.ErrnoException) => reject(portFault(error, port)));
  });
}

function portFault(error: NodeJS.ErrnoException, port: number): Error {
  const hint = "choose another with --port, or 0 for any";
  if (error.code === "EADDRINUSE") return new Fault("port-in-use", `port ${port} is taken`, hint);
  if (error.code !== "EACCES") return error;
  return new Fault("port-in-use", `port ${port} is not for this account to listen on`, hint);
}
