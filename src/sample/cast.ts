/**
 * Who and what is in the story: the clinic, its people and machines, and addresses that belong to nobody.
 * Every public address is of RFC 5737 or RFC 3849 (documentation), every domain of RFC 2606.
 */
import { known } from "../base/assert.ts";
import type { Chance } from "./chance.ts";
import type { Patching } from "./patching.ts";

/** An employee, with mailbox and account; invented. */
export interface Person {
  readonly given: string;
  readonly family: string;
  /** Logon name without the domain. */
  readonly account: string;
  readonly mail: string;
  readonly sid: string;
  readonly mailboxGuid: string;
  /** Address of the workstation inside the clinic. */
  readonly desk: string;
  /** Address at home or on the mobile network. */
  readonly away: string;
}

/** A server inside the clinic. */
export interface Machine {
  readonly name: string;
  readonly address: string;
}

/** Everybody and everything that the story has at hand. */
export interface Cast extends Patching {
  readonly clinic: string;
  readonly domain: string;
  /** NetBIOS name of the Windows domain. */
  readonly netbios: string;
  readonly domainSid: string;
  /** The first 16 bits of the clinic's network: `10.37`. */
  readonly network: string;
  readonly mailServer: Machine;
  readonly webServer: Machine;
  /** The Linux machine through which the web server is reached. */
  readonly frontMachine: Machine;
  readonly controller: Machine;
  readonly people: readonly Person[];
  readonly administrator: Person;
  readonly healthMailboxes: readonly string[];
  readonly addresses: AddressPool;
}

const PLACES = [
  "Larkhaven",
  "Osprey Quay",
  "Tidewell",
  "Marram Point",
  "Gorsefield",
  "Saltmarsh Gate",
  "Petrel Bay",
  "Heron Reach",
  "Samphire Row",
  "Kittiwake House",
  "Thrift Hill",
  "Limpet Cove",
  "Seaholly Park",
  "Sandpiper Lane",
  "Whelk Street",
  "Bracken Down",
];
const KINDS = ["Clinic", "Medical Practice", "Specialist Clinic", "Health Centre"];
const GIVEN = [
  "Ada",
  "Bram",
  "Celia",
  "Dermot",
  "Edith",
  "Farid",
  "Greta",
  "Hugo",
  "Imke",
  "Joran",
  "Keziah",
  "Lionel",
  "Maud",
  "Nadia",
  "Orla",
  "Piers",
  "Quentin",
  "Rosa",
  "Silas",
  "Thora",
  "Umar",
  "Vera",
  "Wanda",
  "Yusuf",
  "Zelda",
];
const FAMILY = [
  "Amberley",
  "Birkett",
  "Coldwell",
  "Dunmore",
  "Eastgate",
  "Fenwright",
  "Garlick",
  "Hollins",
  "Inskip",
  "Jessop",
  "Kirkbride",
  "Lanyard",
  "Mossman",
  "Netherby",
  "Oakshott",
  "Penhale",
  "Quill",
  "Rushmere",
  "Stannard",
  "Tolley",
  "Underhay",
  "Vanstone",
  "Wetherly",
  "Yeoland",
];
/** Builds with the March update and nothing later, half of them CU19; and builds that have the fixes against ProxyShell. */
const OPEN_BUILDS = ["15.1.2106.13", "15.1.2176.9", "15.1.2176.9", "15.1.2242.4"];
const FIXED_BUILDS = ["15.1.2176.14", "15.1.2242.12", "15.1.2308.14"];

const PEOPLE = 64;

/** Draws the cast; `open` says whether the server lacks the fixes, `patched` how it came to a build. */
export function drawCast(
  chance: Chance,
  open: boolean,
  patched: (build: string) => Patching,
): Cast {
  const place = chance.pick(PLACES);
  const clinic = `${place} ${chance.pick(KINDS)}`;
  const word = place.toLowerCase().replaceAll(" ", "");
  const domain = `${word}.example`;
  const domainSid = `S-1-5-21-${chance.next()}-${chance.next()}-${chance.next()}`;
  const network = `10.${chance.between(16, 240)}`;
  const addresses = new AddressPool(chance);
  const people = drawPeople(chance, { domain, domainSid, network, addresses });
  return {
    clinic,
    domain,
    netbios: word.slice(0, 12).toUpperCase(),
    domainSid,
    network,
    mailServer: { name: "MX1", address: `${network}.0.${chance.between(10, 30)}` },
    webServer: { name: "WEB1", address: `${network}.9.${chance.between(10, 30)}` },
    frontMachine: { name: "PROXY1", address: `${network}.9.9` },
    controller: { name: "DC1", address: `${network}.0.${chance.between(31, 40)}` },
    people,
    administrator: known(people[0], "the clinic has people"),
    ...patched(chance.pick(open ? OPEN_BUILDS : FIXED_BUILDS)),
    healthMailboxes: Array.from({ length: 6 }, () => `HealthMailbox${chance.hex(32)}@${domain}`),
    addresses,
  };
}

interface Home {
  readonly domain: string;
  readonly domainSid: string;
  readonly network: string;
  readonly addresses: AddressPool;
}

function drawPeople(chance: Chance, home: Home): Person[] {
  const dotted = chance.happens(0.5);
  const pairs = GIVEN.flatMap((given) => FAMILY.map((family) => ({ given, family })));
  const taken = new Set<string>();
  const people: Person[] = [];
  for (const { given, family } of chance.shuffle(pairs)) {
    const account = `${dotted ? `${given}.` : given.charAt(0)}${family}`.toLowerCase();
    if (taken.has(account)) continue;
    taken.add(account);
    const at = people.length;
    people.push({
      given,
      family,
      account,
      mail: `${account}@${home.domain}`,
      sid: `${home.domainSid}-${1104 + at * chance.between(1, 3) + at * 3}`,
      mailboxGuid: chance.guid(),
      desk: `${home.network}.${1 + (at >> 5)}.${20 + (at & 31) * 5}`,
      away: home.addresses.take(),
    });
    if (people.length === PEOPLE) break;
  }
  return people;
}

/** Documentation addresses in a drawn order, each given out once: no block belongs to one role. */
export class AddressPool {
  readonly #chance: Chance;
  readonly #left: string[];

  constructor(chance: Chance) {
    this.#chance = chance;
    const blocks = ["192.0.2", "198.51.100", "203.0.113"];
    this.#left = chance.shuffle(
      blocks.flatMap((block) => Array.from({ length: 254 }, (_, at) => `${block}.${at + 1}`)),
    );
  }

  /** An address that nobody else has; one in sixteen is IPv6. */
  take(): string {
    const chance = this.#chance;
    if (chance.happens(1 / 16)) {
      return `2001:db8:${chance.hex(3).replace(/^0+/, "a")}:${chance.between(1, 9)}::${chance.between(2, 9999)}`;
    }
    return known(this.#left.pop(), "the documentation ranges are larger than the cast");
  }

  /** Several at once. */
  takeSome(count: number): string[] {
    return Array.from({ length: count }, () => this.take());
  }
}
