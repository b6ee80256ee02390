/** Where objects lie in a vault: names are made here, never read. */

/** Path of an object below its vault, with `/`. */
export function objectPath(id: string): string {
  return `objects/${id.slice(0, 2)}/${id}`;
}
