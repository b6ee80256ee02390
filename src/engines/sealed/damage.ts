/** How damage of a sealed object is told: as data in a full pass, as a Fault where bytes were asked for. */
import { Fault } from "../../base/fault.ts";

/** Where a sealed object is damaged. */
export interface Damage {
  /** Byte of the sealed object at which the damaged part starts. */
  readonly offset: number;
  /** The chunk or frame from 0, or null for the header. */
  readonly chunk: number | null;
  /** What is wrong, in one line. */
  readonly what: string;
}

/** A Damage of these three. */
export function damage(offset: number, chunk: number | null, what: string): Damage {
  return { offset, chunk, what };
}

/** The `vault-damaged` Fault for an object of this id. */
export function damagedFault(object: string, found: Damage): Fault {
  return new Fault(
    "vault-damaged",
    `sealed object ${object} is damaged at byte ${found.offset}: ${found.what}`,
    "run `breakwater verify` on the vault, and bring the object back from a copy",
  );
}
