/** Texts compared without regard to ASCII case. Refuses to touch any other letter: `ß` and `İ` stay. */

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\u0000-\u007f]*$/;

/** The text with A to Z as a to z. */
export function foldAscii(text: string): string {
  // The runtime's own lower case is faster, and the same where all is ASCII.
  if (ASCII.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
