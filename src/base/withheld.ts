/**
 * Personal data that does not print by accident: logging, string-building or JSON-ing it gives `[withheld]`.
 * Refuses to protect memory: it guards against slips, not against an attacker in the process.
 */

const PRINTED = "[withheld]";

/** A value of a person, wrapped: only `reveal` shows it. */
export class Withheld<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself; the call marks the place where personal data is shown on purpose. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return PRINTED;
  }

  toJSON(): string {
    return PRINTED;
  }

  /** Node's console and util.inspect ask for this symbol. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return PRINTED;
  }
}
