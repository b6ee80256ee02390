/** Who and what an event speaks of, named once whatever the source calls it. */

/** What can be followed from source to source. */
export const ENTITY_KINDS = [
  "host",
  "user",
  "address",
  "mailbox",
  "process",
  "file",
  "hash",
  "message-id",
] as const;

export type EntityKind = (typeof ENTITY_KINDS)[number];

/** One of them, as it is compared: without brackets, ports and schemes, in lower case where case means nothing. */
export interface Entity {
  readonly kind: EntityKind;
  readonly value: string;
}
