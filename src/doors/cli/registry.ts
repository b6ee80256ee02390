/** Every command by its words; the code of one is loaded when it is called. */
import { known } from "../../base/assert.ts";
import type { Command } from "./command.ts";

interface Entry {
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** In the order in which a person meets them. */
export const COMMANDS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    "investigate",
    {
      summary: "take evidence in, read it, and answer the five questions",
      load: () => import("./commands/investigate.ts"),
    },
  ],
  [
    "serve",
    { summary: "show the dossier on this machine", load: () => import("./commands/serve.ts") },
  ],
  [
    "dossier",
    { summary: "write the dossier as files", load: () => import("./commands/dossier.ts") },
  ],
  [
    "verify",
    {
      summary: "tell whether a vault or dossier is intact, or what was altered",
      load: () => import("./commands/verify.ts"),
    },
  ],
  [
    "lock",
    {
      summary: "remove what is derived: what is confidential then rests on the key alone",
      load: () => import("./commands/lock.ts"),
    },
  ],
  [
    "unlock",
    {
      summary: "rebuild what is derived, and tell whether the findings are the same",
      load: () => import("./commands/unlock.ts"),
    },
  ],
  [
    "evidence list",
    { summary: "what was taken in", load: () => import("./commands/evidence-list.ts") },
  ],
  [
    "evidence export",
    {
      summary: "hand evidence out byte for byte, with manifest and custody form",
      load: () => import("./commands/evidence-export.ts"),
    },
  ],
  [
    "evidence hold",
    {
      summary: "keep evidence from destruction",
      load: () => import("./commands/evidence-hold.ts"),
    },
  ],
  [
    "evidence release",
    { summary: "end a hold", load: () => import("./commands/evidence-release.ts") },
  ],
  [
    "evidence destroy",
    {
      summary: "drop the key of an evidence for good, and write the certificate",
      load: () => import("./commands/evidence-destroy.ts"),
    },
  ],
  [
    "evidence certificate",
    {
      summary: "write the certificate of a destruction again",
      load: () => import("./commands/evidence-certificate.ts"),
    },
  ],
  [
    "evidence coverage",
    {
      summary: "what the evidence covers, its gaps, and what is missing",
      load: () => import("./commands/evidence-coverage.ts"),
    },
  ],
  [
    "patches",
    {
      summary: "per host and update: fixed, missing, contradicted, unverified, unknown; no vault",
      load: () => import("./commands/patches.ts"),
    },
  ],
  [
    "collect",
    {
      summary: "write a read-only collection script for what is missing",
      load: () => import("./commands/collect.ts"),
    },
  ],
  [
    "findings list",
    {
      summary: "what a named person must answer, and how it stands",
      load: () => import("./commands/findings-list.ts"),
    },
  ],
  [
    "findings show",
    { summary: "one finding in full", load: () => import("./commands/findings-show.ts") },
  ],
  [
    "findings take",
    { summary: "record who takes it", load: () => import("./commands/findings-take.ts") },
  ],
  [
    "findings answer",
    {
      summary: "record the answer of a named person",
      load: () => import("./commands/findings-answer.ts"),
    },
  ],
  [
    "findings reopen",
    {
      summary: "open again what was answered",
      load: () => import("./commands/findings-reopen.ts"),
    },
  ],
  [
    "escalate",
    {
      summary: "tell those whom the case file names of what nobody answers",
      load: () => import("./commands/escalate.ts"),
    },
  ],
  [
    "canary set",
    {
      summary: "set a harmless mark that proves that the alarm works",
      load: () => import("./commands/canary-set.ts"),
    },
  ],
  [
    "canary list",
    {
      summary: "where each canary came back, and how long that took",
      load: () => import("./commands/canary-list.ts"),
    },
  ],
  [
    "containment record",
    {
      summary: "record what was done to throw an intruder out",
      load: () => import("./commands/containment-record.ts"),
    },
  ],
  [
    "containment list",
    {
      summary: "what was done, when, by whom, and how it was checked",
      load: () => import("./commands/containment-list.ts"),
    },
  ],
  [
    "duties show",
    {
      summary: "which clocks run, and until when",
      load: () => import("./commands/duties-show.ts"),
    },
  ],
  [
    "duties event",
    {
      summary: "record when something was suspected, known or notified",
      load: () => import("./commands/duties-event.ts"),
    },
  ],
  [
    "events",
    { summary: "print normalised events; no vault", load: () => import("./commands/events.ts") },
  ],
  [
    "detect",
    {
      summary: "print detections of files, or of what a vault keeps",
      load: () => import("./commands/detect.ts"),
    },
  ],
  [
    "rules check",
    {
      summary: "tell which rules run, and why others do not",
      load: () => import("./commands/rules-check.ts"),
    },
  ],
  [
    "rules explain",
    {
      summary: "show which part of a rule an event matches, and which it does not",
      load: () => import("./commands/rules-explain.ts"),
    },
  ],
  [
    "catalogue add",
    {
      summary: "take in an advisory, a list of exploited vulnerabilities, builds of your own",
      load: () => import("./commands/catalogue-add.ts"),
    },
  ],
  [
    "catalogue list",
    {
      summary: "what updates are held against: every source, and how old it is",
      load: () => import("./commands/catalogue-list.ts"),
    },
  ],
  [
    "sample",
    {
      summary: "write an invented case to try things on",
      load: () => import("./commands/sample.ts"),
    },
  ],
  [
    "demo",
    {
      summary: "write the sample case, investigate it, show the answers",
      load: () => import("./commands/demo.ts"),
    },
  ],
  [
    "doctor",
    {
      summary: "tell what is in order on this machine and what is not",
      load: () => import("./commands/doctor.ts"),
    },
  ],
]);

/** The code of a command that COMMANDS names. */
export async function loadCommand(name: string): Promise<Command> {
  return (await known(COMMANDS.get(name), `the command ${name} is registered`).load()).command;
}
