/** The mails of the clinic, day by day: within it, to outside and from outside; and the story's own mails among them. */
import { DAY, HOUR, dayOf, rhythmOf } from "./calendar.ts";
import type { Cast } from "./cast.ts";
import { Chance } from "./chance.ts";
import type { Story } from "./story.ts";

/** A mail as the transport sees it. */
export interface Letter {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
  readonly way: "in" | "out" | "within";
  readonly sizeBytes: number;
  /** The other server; null within the clinic. */
  readonly peer: Peer | null;
  /** Network id and number of the message, by which the rows of one mail belong together. */
  readonly networkId: string;
  readonly number: number;
}

/** A mail server outside. */
export interface Peer {
  readonly name: string;
  readonly address: string;
  /** Whether it encrypts; some do not. */
  readonly isEncrypted: boolean;
}

/** Mails on a working day of a clinic of each size. */
const LETTERS_PER_DAY = { small: 110, real: 34_000 } as const;

const PEERS: readonly (readonly [domain: string, isEncrypted: boolean])[] = [
  ["laboratory.example", true],
  ["pharmacy.example", true],
  ["insurer.example", true],
  ["home-mail.example", true],
  ["hospital.example", true],
  ["old-fax-gateway.example", false],
  ["supplier.example", false],
];
const SUBJECTS = [
  "Appointment",
  "Rota for next week",
  "Results",
  "Referral",
  "Invoice",
  "Re: Appointment",
  "Re: Results",
  "Minutes",
  "Out of office",
  "Prescription",
];

/** Mails of a day in the order of their times; the same for every log of it. */
export function lettersOfDay(story: Story, day: number): Letter[] {
  const { cast, seed, size, variant } = story;
  const chance = new Chance(seed, `letters/${variant}/${day}`);
  const letters: Letter[] = [];
  for (const [hour, share] of rhythmOf(day).entries()) {
    const count = Math.round((LETTERS_PER_DAY[size] / 7.6) * share);
    for (let made = 0; made < count; made++) {
      const person = chance.pick(cast.people);
      const other = chance.pick(cast.people);
      const peer = chance.pick(story.peers);
      const stranger = `${chance.letters(7)}@${peer.name.replace("mail.", "")}`;
      const way = chance.pick(["in", "in", "out", "within"] as const);
      const domain = way === "in" ? stranger.slice(stranger.indexOf("@") + 1) : cast.domain;
      letters.push({
        at: day * DAY + hour * HOUR + chance.below(HOUR - 30_000),
        from: way === "in" ? stranger : person.mail,
        to: way === "out" ? stranger : other.mail,
        subject: chance.pick(SUBJECTS),
        messageId: `<${chance.hex(32)}@${domain}>`,
        way,
        sizeBytes: 2_000 + chance.below(90_000),
        peer: way === "within" ? null : peer,
        networkId: chance.guid(),
        number: 0,
      });
    }
  }
  for (const { letter } of story.oddMails)
    if (letter !== null && dayOf(letter.at) === day) letters.push(letter);
  letters.sort((left, right) => left.at - right.at);
  return letters.map((letter, at) => ({ ...letter, number: day * 100_000 + at }));
}

/** Draws the servers that the clinic exchanges mail with. */
export function drawPeers({ addresses }: Cast): Peer[] {
  return PEERS.map(([domain, isEncrypted]) => ({
    name: `mail.${domain}`,
    address: addresses.take(),
    isEncrypted,
  }));
}
