/** Intruders as the logs know them: addresses, user agents, and each one's own spelling of the ProxyShell path. */
import type { Chance } from "./chance.ts";
import type { Cast } from "./cast.ts";
import type { Plan } from "./plan.ts";

/** What the writers of the story share: where to put things, who is there, and chance of their own. */
export interface Scene {
  readonly plan: Plan;
  readonly cast: Cast;
  readonly chance: Chance;
}

/** How somebody writes a request that reaches the back end through Autodiscover. */
export interface Spelling {
  readonly stem: string;
  /** `@evil.example`, `%40evil.example`, `a@evil.example`. */
  readonly mark: string;
  /** The start of the Email argument, up to the mark. */
  readonly email: string;
  readonly powershell: string;
  readonly nspi: string;
  readonly ews: string;
}

/** How a page is dropped: by a mailbox export, or by a certificate request. */
export type Technique = "export" | "certificate";

/** Somebody who makes requests that he should not make. */
export interface Actor {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly agent: string;
  readonly spelling: Spelling;
  readonly technique: Technique;
}

const AGENTS = [
  "python-requests/2.25.1",
  "python-requests/2.26.0",
  "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/92.0.4515.131+Safari/537.36",
  "Mozilla/5.0+(Windows+NT+6.1;+WOW64;+rv:40.0)+Gecko/20100101+Firefox/40.1",
  "Go-http-client/1.1",
  "Mozilla/5.0+(Macintosh;+Intel+Mac+OS+X+10_15_7)+AppleWebKit/605.1.15+(KHTML,+like+Gecko)+Version/14.1+Safari/605.1.15",
  "ExchangeServicesClient/15.01.2308.008",
  "-",
];

/** Draws the spelling of one tool. All forms reach the same place: IIS ignores case and decodes the stem. */
export function drawSpelling(chance: Chance): Spelling {
  const domain = `${chance.letters(chance.between(3, 9))}.${chance.pick(["example", "test", "invalid"])}`;
  const json = chance.pick(["autodiscover/autodiscover.json", "Autodiscover/Autodiscover.json"]);
  return {
    stem: chance.pick([
      "/autodiscover/autodiscover.json",
      "/Autodiscover/Autodiscover.json",
      "/autoDiscover/autodiscover.json",
    ]),
    mark: `${chance.pick(["", "", "a", chance.letters(4)])}${chance.pick(["@", "@", "%40"])}${domain}`,
    email: `${json}${chance.pick(["%3F", "%3f", "%3F"])}`,
    powershell: chance.pick(["/powershell/", "/powershell", "/PowerShell/", "/%70owershell/"]),
    nspi: chance.pick(["/mapi/nspi/", "/mapi/nspi", "/MAPI/nspi/"]),
    ews: chance.pick(["/EWS/Exchange.asmx", "/ews/exchange.asmx"]),
  };
}

/** Draws an intruder with addresses of its own. */
export function drawActor(scene: Scene, name: string, technique: Technique): Actor {
  const { cast, chance } = scene;
  return {
    name,
    addresses: cast.addresses.takeSome(chance.between(1, 4)),
    agent: chance.pick(AGENTS),
    spelling: drawSpelling(chance),
    technique,
  };
}
