/** The intruder looks at the clinic's web server too, minutes from the mail server: only the clock there says otherwise. */
import { MINUTE, SECOND } from "./calendar.ts";
import type { Actor, Scene } from "./actor.ts";
import type { WebRequest } from "./plan.ts";

const PATHS = [
  "/robots.txt",
  "/backup.zip",
  "/admin/",
  "/.git/config",
  "/web.config",
  "/old/",
  "/test.aspx",
];

/** A few requests that find nothing, from three minutes before the arrival to three minutes after it. */
export function scanWebServer(scene: Scene, actor: Actor, arrival: number): void {
  const { chance, plan } = scene;
  const client = chance.pick(actor.addresses);
  let end = arrival + chance.below(6 * MINUTE) - 3 * MINUTE;
  for (const stem of chance.shuffle(PATHS).slice(0, chance.between(3, 7))) {
    end += chance.between(1, 8) * SECOND;
    const request: WebRequest = {
      site: "web",
      end,
      takenMillis: chance.between(0, 30),
      method: "GET",
      stem,
      query: "-",
      port: 443,
      user: "-",
      client,
      agent: actor.agent,
      referer: "-",
      status: 404,
      substatus: 0,
      win32: 2,
    };
    plan.requests.push(request);
    plan.step(request, {
      actor: actor.name,
      kind: "web-scan",
      rung: "probed",
      id: null,
      path: stem,
    });
  }
}
