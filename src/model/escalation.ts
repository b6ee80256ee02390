/** Who is told of a finding that nobody answers, after how long and how; and what became of each message. */
import type { Ticks } from "../base/time.ts";
import type { Level } from "./detection.ts";

/** Where a message goes. Nothing is sent anywhere that the case file does not name. */
export type Recipient =
  | { readonly kind: "mail"; readonly to: string }
  | { readonly kind: "webhook"; readonly url: string }
  | {
      readonly kind: "syslog";
      readonly host: string;
      readonly port: number;
      readonly transport: "udp" | "tcp" | "tls";
    };

/** One rung: from `afterHours` after a run first told of the finding, these are told, and again every `everyHours` until a person answers. */
export interface EscalationStep {
  /** Findings of this level and graver. */
  readonly level: Level;
  readonly afterHours: number;
  /** null: once. */
  readonly everyHours: number | null;
  readonly to: readonly Recipient[];
}

/** How the provider's own mail server takes mail. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** tls: from the first byte; starttls: demanded; plain: neither, for a server on this machine or network. */
  readonly security: "tls" | "starttls" | "plain";
  readonly from: string;
  readonly user: string | null;
  /** A file that holds the password: it stands in no case file and no journal. */
  readonly passwordFile: string | null;
}

/** What a case file says of escalation. */
export interface Escalation {
  readonly mail: MailServer | null;
  readonly steps: readonly EscalationStep[];
}

/** One message, sent or not, as the journal has it. */
export interface Delivery {
  readonly finding: string;
  /** Which step of the escalation: 0, 1, 2 …; its place in the case file. */
  readonly step: number;
  readonly to: Recipient;
  readonly at: Ticks;
  readonly outcome: "sent" | "failed";
  /** Why it failed, as the other side said it; "" where it was sent. */
  readonly error: string;
}
