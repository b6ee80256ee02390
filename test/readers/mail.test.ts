/** Mail before the trials: a mailbox, and an item of Outlook with messages inside. */
import { mailCard } from "../../src/engines/formats/mail/card.ts";
import { mailReader } from "../../src/engines/formats/mail/read.ts";
import { madeMailbox } from "./mail-log.ts";
import { madeItem } from "./outlook-item-log.ts";
import { runTrials } from "./trials.ts";

const FROM = "From ";

runTrials({
  name: "mail",
  reader: mailReader,
  card: mailCard,
  sample: () => madeMailbox(12),
  startsRecord: (bytes, offset) =>
    String.fromCharCode(...bytes.subarray(offset, offset + FROM.length)) === FROM,
  isWhole: (bytes, cut) =>
    cut === 0 || String.fromCharCode(...bytes.subarray(cut, cut + FROM.length)) === FROM,
});

runTrials({
  name: "mail-outlook",
  reader: mailReader,
  card: mailCard,
  sample: () => madeItem(11),
});
