/**
 * Messages as the journal has them: one act for each message, sent or failed, with all that it was about. Refuses to hold a password;
 * recipients are sealed with the rest of the body, since an address is personal and a webhook's is secret.
 */
import { z } from "zod";
import type { Delivery, Recipient } from "../../model/escalation.ts";
import { type PlacedDelivery, shownRecipient } from "../../questions/answered/index.ts";
import { bodyOf } from "../bodies.ts";
import { foldJournal } from "../journal-fold.ts";
import type { Vault } from "../vault/index.ts";

const RECIPIENT = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("mail"), to: z.string() }),
  z.object({ kind: z.literal("webhook"), url: z.string() }),
  z.object({
    kind: z.literal("syslog"),
    host: z.string(),
    port: z.number(),
    transport: z.enum(["udp", "tcp", "tls"]),
  }),
]);

/** The body of `escalation-sent` and `escalation-failed`. */
const BODY = z.object({
  to: RECIPIENT,
  about: z.array(z.object({ finding: z.string(), step: z.number().int() })),
  error: z.string(),
  by: z.string(),
});

/** What became of one message. */
export interface Attempt {
  readonly to: Recipient;
  readonly about: readonly { readonly finding: string; readonly step: number }[];
  /** Why it failed; "" where it was sent. */
  readonly error: string;
}

/** Journals one message. */
export function recordAttempt(vault: Vault, { to, about, error }: Attempt, by: string): void {
  const body: z.infer<typeof BODY> = { to, about: [...about], error, by };
  const kind = error === "" ? "escalation-sent" : "escalation-failed";
  vault.act({ kind, by, body, sealed: null });
}

const deliveries = foldJournal(
  (): PlacedDelivery[] => [],
  (all, vault, entry) => {
    if (entry.kind !== "escalation-sent" && entry.kind !== "escalation-failed") return;
    const { to, about, error } = bodyOf(vault, entry, BODY);
    const outcome = entry.kind === "escalation-sent" ? "sent" : "failed";
    for (const { finding, step } of about)
      all.push({ finding, step, to, at: entry.time, entry: entry.index, outcome, error });
  },
);

/** Every message of the vault, once for each finding that it was about, in the order of recording. */
export function deliveriesOf(vault: Vault): readonly PlacedDelivery[] {
  return deliveries(vault);
}

/** The same for a dossier, which goes to others: webhooks without their paths. */
export function shownDeliveries(vault: Vault): readonly Delivery[] {
  return deliveriesOf(vault).map(({ finding, step, to, at, outcome, error }) => ({
    finding,
    step,
    to: shownRecipient(to),
    at,
    outcome,
    error,
  }));
}
