/**
 * Names in archives: UTF-8 where it is said, code page 437 otherwise (APPNOTE D.1).
 * Refuses nothing: every byte of code page 437 is a character.
 */

const UPPER =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Text of bytes in code page 437; the lower half is ASCII, controls included. */
export function decodeCodePage437(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes)
    text += byte < 128 ? String.fromCharCode(byte) : (UPPER[byte - 128] ?? "");
  return text;
}

/** Text of UTF-8, or null where the bytes are none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
