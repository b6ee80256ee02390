/** What is impossible unless this program has a bug. Never used on content: content becomes a Flaw. */

/** Throws when `condition` does not hold; `message` says what was believed. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`bug: ${message}`);
}

/** Closes an exhaustive switch: the type checker refuses a case that is left out. */
export function unreachable(value: never): never {
  throw new Error(`bug: unreachable value ${String(value)}`);
}

/** The value, where the code before has made sure that there is one. */
export function known<T>(value: T | undefined | null, message: string): T {
  assert(value !== undefined && value !== null, message);
  return value;
}
