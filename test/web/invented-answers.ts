/** The answers of the invented case, but for that about duties, which follows from its acts; nothing in it is real. */
import type { Answer } from "../../src/model/dossier.ts";
import { reference } from "./invented-records.ts";

/** Four of the five. */
export const ANSWERS: readonly Answer[] = [
  {
    question: "patched",
    asked: "Were we patched?",
    state: "partly",
    headline:
      "No. Four updates that were claimed as installed on HVC-MAIL01 were not there; two of them are rated critical. The longest exposure is 283 to 291 days.",
    statements: [
      {
        text: "The file version on HVC-MAIL01 was 15.1.2044.4 on 10 December 2021.",
        basis: "observed",
        at: [reference(1)],
      },
      {
        text: "The provider states that all updates were installed by July 2021.",
        basis: "claimed",
        at: [],
      },
    ],
    unknown: ["Whether KB4577352 was there: the version of one more file of the build would tell."],
  },
  {
    question: "answered",
    asked: "What did our defences see, and who answered?",
    state: "partly",
    headline:
      "The antivirus reported 54 unique files on the mail server in three months. No person answered any of them.",
    statements: [
      {
        text: "The antivirus removed a web shell on 14 August 2021, 21 hours after it was written.",
        basis: "observed",
        at: [reference(6)],
      },
      {
        text: "One removal failed, on 2 October 2021, with error 0x80508014.",
        basis: "observed",
        at: [reference(7)],
      },
      {
        text: "No answer by a person stands against any of the 54 files.",
        basis: "derived",
        at: [],
      },
    ],
    unknown: [
      "Whether the alerts were ever shown to anybody.",
      "What ran between the failed removal and 10 December: no process records exist.",
      "Whether other hosts reported to the same console.",
    ],
  },
  {
    question: "cause",
    asked: "How did they get in, when, and what did they do?",
    state: "answered",
    headline:
      "Through the mail server’s autodiscover weakness, on 13 August 2021 at 04:12 UTC at the latest. A web shell was written within two minutes and used 212 times.",
    statements: [
      {
        text: "A request crossed from the front door to the back end as SYSTEM.",
        basis: "observed",
        at: [reference(1)],
      },
      {
        text: "A file that answered 404 answered 200 after 91 seconds: it was written in between.",
        basis: "derived",
        at: [reference(3), reference(4)],
      },
      {
        text: "Nothing tells what the shell was asked to do: request bodies are not logged.",
        basis: "unknown",
        at: [],
      },
    ],
    unknown: ["Whether an earlier exploitation lies in the 11 days that W3SVC2 lacks."],
  },
  {
    question: "people",
    asked: "Whose data was taken?",
    state: "not-yet",
    headline: "Not answered yet: no mailbox was handed in.",
    statements: [],
    unknown: ["Which mailboxes were within reach, and who is named in them."],
  },
];
