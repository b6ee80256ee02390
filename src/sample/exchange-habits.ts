/**
 * What an Exchange server logs on an ordinary day. It holds the look-alikes too: Autodiscover's JSON form,
 * remote PowerShell, NSPI, failed logons, and the pages that Exchange ships.
 */
import type { Cast, Person } from "./cast.ts";
import type { Chance } from "./chance.ts";
import { CHROME, EDGE, shapeOf, type Habit, type Words } from "./habit.ts";

const OUTLOOK = "Microsoft+Office/16.0+(Windows+NT+10.0;+Microsoft+Outlook+16.0.13801;+Pro)";
const MAC = "MacOutlook/16.50.21061301+(Intelx64+Mac+OS+X+Version+11.4+(Build+20F71))";
const PROBE = "AMProbe/Local/ClientAccess";

/** The builds of a day: the one that serves it, and the one whose folders some browsers still ask for. */
export interface ServedBuilds {
  readonly build: string;
  readonly left: string;
}

/** A habit before its lines are shaped; `{build}`, its first three numbers `{unit}`, and `{left}` are of the day. */
interface Draft {
  readonly by: Habit["by"];
  readonly weight: number;
  readonly taken: readonly [number, number];
  readonly words: Words;
  readonly backStem: string | null;
}

/** Makes the habits of one server. */
export class ExchangeHabits {
  readonly #drafts: Draft[] = [];
  readonly #cast: Cast;
  readonly #chance: Chance;

  constructor(cast: Cast, chance: Chance) {
    this.#cast = cast;
    this.#chance = chance;
    this.#addProbes();
    this.#addStrangers();
    for (const person of cast.people) this.#addPerson(person);
    this.#addAdministrator();
  }

  /** All of them on a day with these builds; but for the builds they are the same on every day. */
  listWith({ build, left }: ServedBuilds): Habit[] {
    const { address } = this.#cast.mailServer;
    const unit = build.split(".").slice(0, 3).join(".");
    const filled = (text: string) =>
      text.replace("{build}", build).replace("{left}", left).replace("{unit}", unit);
    return this.#drafts.map(
      ({ by, weight, taken, words: { stem, query = "", ...rest }, backStem }) => {
        const words = { ...rest, stem: filled(stem), query: filled(query) };
        const behind =
          backStem === null ? null : { ...words, stem: filled(backStem), client: address };
        return {
          by,
          weight,
          front: shapeOf(address, 443, words, true),
          back: behind === null ? null : shapeOf(address, 444, behind, true),
          takenLeast: taken[0],
          takenMost: taken[1],
        };
      },
    );
  }

  #add(
    by: Habit["by"],
    weight: number,
    taken: readonly [number, number],
    words: Words,
    backStem: string | null,
  ): void {
    this.#drafts.push({ by, weight, taken, words, backStem });
  }

  #addProbes(): void {
    const { healthMailboxes, netbios } = this.#cast;
    for (const part of [
      "owa",
      "ecp",
      "ews",
      "mapi",
      "oab",
      "rpc",
      "autodiscover",
      "Microsoft-Server-ActiveSync",
      "powershell",
    ]) {
      const words = {
        method: "GET",
        stem: `/${part}/healthcheck.htm`,
        client: "127.0.0.1",
        agent: PROBE,
      };
      this.#add("machines", 4, [0, 6], words, null);
    }
    for (const user of healthMailboxes) {
      const words = { user, client: "::1", agent: PROBE };
      const query = `MailboxId=${this.#chance.guid()}@${this.#cast.domain}`;
      this.#add(
        "machines",
        1.5,
        [12, 300],
        { ...words, method: "POST", stem: "/mapi/emsmdb/", query },
        "/mapi/emsmdb/",
      );
      this.#add(
        "machines",
        0.6,
        [8, 90],
        { ...words, method: "POST", stem: "/EWS/Exchange.asmx" },
        "/EWS/Exchange.asmx",
      );
      this.#add(
        "machines",
        0.5,
        [20, 400],
        { ...words, method: "GET", stem: "/powershell" },
        "/powershell",
      );
      const local = { ...words, user: `${netbios}\\${user.split("@")[0] ?? user}` };
      this.#add(
        "machines",
        0.5,
        [6, 60],
        { ...local, method: "POST", stem: "/autodiscover/autodiscover.xml" },
        "/autodiscover/autodiscover.xml",
      );
    }
  }

  /** What the internet asks of every server; none of it is an attempt. */
  #addStrangers(): void {
    for (const client of this.#cast.addresses.takeSome(24)) {
      const agent = this.#chance.pick([
        "Mozilla/5.0+(compatible;+CensusBot/1.1)",
        "-",
        "curl/7.68.0",
        CHROME,
      ]);
      const ask = (stem: string, status: readonly [number, number, number], weight: number) =>
        this.#add(
          "machines",
          weight,
          [0, 30],
          { method: "GET", stem, client, agent, status },
          null,
        );
      ask("/", [302, 0, 0], 0.06);
      ask("/robots.txt", [404, 0, 2], 0.03);
      ask("/favicon.ico", [404, 0, 2], 0.03);
      ask("/owa/auth/logon.aspx", [200, 0, 0], 0.03);
    }
  }

  #addPerson(person: Person): void {
    const { netbios, domain } = this.#cast;
    const chance = this.#chance;
    const user = chance.happens(0.3) ? person.mail : `${netbios}\\${person.account}`;
    const desk = { user, client: person.desk, agent: OUTLOOK };
    const query = `MailboxId=${person.mailboxGuid}@${domain}`;
    const mapi = "/mapi/emsmdb/";
    this.#add("people", 4, [3, 900], { ...desk, method: "POST", stem: mapi, query }, mapi);
    this.#add(
      "people",
      5,
      [3, 200],
      { ...desk, method: "POST", stem: mapi, query, user: "-", status: [401, 1, 2148074254] },
      null,
    );
    this.#add(
      "people",
      0.6,
      [3, 60],
      { ...desk, method: "POST", stem: "/mapi/nspi/", query },
      "/mapi/nspi/",
    );
    const ews = "/EWS/Exchange.asmx";
    const agent = chance.happens(0.15) ? MAC : OUTLOOK;
    this.#add("people", 1.6, [6, 1200], { ...desk, agent, method: "POST", stem: ews }, ews);
    this.#add(
      "people",
      1.4,
      [1, 20],
      { ...desk, agent, method: "POST", stem: ews, user: "-", status: [401, 0, 0] },
      null,
    );
    const xml = "/autodiscover/autodiscover.xml";
    this.#add("people", 0.5, [9, 150], { ...desk, method: "POST", stem: xml }, xml);
    this.#add(
      "people",
      0.2,
      [5, 90],
      { ...desk, method: "GET", stem: `/OAB/${this.#cast.people[0]?.mailboxGuid ?? ""}/oab.xml` },
      null,
    );
    if (chance.happens(0.7)) this.#addPhone(person);
    if (chance.happens(0.5)) this.#addBrowser(person);
  }

  #addPhone(person: Person): void {
    const { netbios } = this.#cast;
    const chance = this.#chance;
    const apple = chance.happens(0.6);
    const agent = apple ? "Apple-iPhone12C1/1806.72" : "Android-SAMSUNG-SM-G991B/101.110000";
    const device = apple ? chance.hex(26).toUpperCase() : `SEC${chance.hex(13).toUpperCase()}`;
    const tail = `User=${netbios}%5C${person.account}&DeviceId=${device}&DeviceType=${apple ? "iPhone" : "SAMSUNGSMG991B"}`;
    const words = {
      method: "POST",
      stem: "/Microsoft-Server-ActiveSync/default.eas",
      user: `${netbios}\\${person.account}`,
      client: person.away,
      agent,
    };
    const behind = "/Microsoft-Server-ActiveSync/Proxy/default.eas";
    this.#add(
      "machines",
      0.35,
      [60_000, 1_750_000],
      { ...words, query: `Cmd=Ping&${tail}` },
      behind,
    );
    this.#add("people", 0.7, [40, 2200], { ...words, query: `Cmd=Sync&${tail}` }, behind);
    this.#add(
      "machines",
      0.03,
      [4, 30],
      { ...words, query: `Cmd=Sync&${tail}`, user: "-", status: [401, 1, 1326] },
      null,
    );
    const json = { method: "GET", client: person.away, agent };
    const stem = "/autodiscover/autodiscover.json";
    this.#add(
      "machines",
      0.03,
      [10, 90],
      { ...json, stem, query: `Email=${person.mail}&Protocol=ActiveSync` },
      null,
    );
    const form = {
      stem: `${stem}/v1.0/${person.mail.replace("@", "%40")}`,
      query: "Protocol=ActiveSync&RedirectCount=1",
    };
    this.#add("machines", 0.03, [10, 90], { ...json, ...form }, null);
  }

  #addBrowser(person: Person): void {
    const { domain } = this.#cast;
    const chance = this.#chance;
    const agent = chance.pick([CHROME, EDGE]);
    const client = chance.happens(0.5) ? person.away : person.desk;
    const page = { client, agent, referer: `https://mail.${domain}/owa/` };
    const signed = { ...page, user: person.mail };
    const logon = { ...page, method: "GET", stem: "/owa/auth/logon.aspx" };
    this.#add(
      "people",
      0.12,
      [8, 120],
      { ...logon, query: `replaceCurrent=1&url=https%3a%2f%2fmail.${domain}%2fowa%2f` },
      null,
    );
    this.#add("people", 0.02, [8, 120], { ...logon, query: "replaceCurrent=1&reason=2" }, null);
    this.#add(
      "people",
      0.1,
      [60, 700],
      { ...signed, method: "POST", stem: "/owa/auth.owa", status: [302, 0, 0] },
      "/owa/auth.owa",
    );
    this.#add("people", 0.12, [200, 1500], { ...signed, method: "GET", stem: "/owa/" }, "/owa/");
    for (const action of ["FindItem", "GetItem", "FindConversation", "CreateItem"]) {
      const query = `action=${action}&EP=1&ID=-${chance.between(2, 300)}&AC=1`;
      this.#add(
        "people",
        0.5,
        [12, 600],
        { ...signed, method: "POST", stem: "/owa/service.svc", query },
        "/owa/service.svc",
      );
    }
    const notice = {
      method: "GET",
      stem: "/owa/ev.owa2",
      query: "ns=PendingRequest&ev=PendingNotificationRequest&UA=0",
    };
    this.#add("people", 0.5, [900, 60_000], { ...signed, ...notice }, "/owa/ev.owa2");
    const themes = "/owa/auth/{unit}/themes/resources/segoeui-regular.ttf";
    this.#add("people", 0.15, [0, 12], { ...page, method: "GET", stem: themes }, null);
    for (const [build, weight] of [
      ["{build}", 0.25],
      ["{left}", 0.05],
    ] as const) {
      const script = `/owa/prem/${build}/scripts/boot.worldwide.0.mouse.js`;
      this.#add("people", weight, [1, 80], { ...signed, method: "GET", stem: script }, script);
    }
  }

  #addAdministrator(): void {
    const { administrator, netbios } = this.#cast;
    const words = { user: `${netbios}\\${administrator.account}`, client: administrator.desk };
    const remote = {
      ...words,
      agent: "Microsoft+WinRM+Client",
      method: "POST",
      stem: "/powershell",
    };
    const query = "serializationLevel=Full;ExchClientVer={build};clientApplication=ManagementShell";
    this.#add("people", 1.5, [20, 2500], { ...remote, query }, "/powershell");
    const panel = { ...words, agent: EDGE, method: "GET" };
    this.#add(
      "people",
      0.6,
      [20, 900],
      { ...panel, stem: "/ecp/default.aspx", query: "ExchClientVer=15" },
      "/ecp/default.aspx",
    );
    this.#add(
      "people",
      0.6,
      [20, 900],
      { ...panel, stem: "/ecp/UsersGroups/Mailboxes.slab", query: "showhelp=false" },
      "/ecp/UsersGroups/Mailboxes.slab",
    );
  }
}
