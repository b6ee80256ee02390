/**
 * The code page of a console listing, which nothing states: the one whose letters make the words that systeminfo prints. Refuses
 * to lose a byte: code page 850 has a character for each. Spec: docs/formats/systeminfo.md.
 */

/** What a listing may be written in; the names are those of the Encoding Standard, but for 850. */
export const CODE_PAGES = [
  "utf-8",
  "ibm850",
  "windows-1252",
  "ibm866",
  "windows-1251",
  "gbk",
  "shift_jis",
  "big5",
  "euc-kr",
] as const;

/** One of CODE_PAGES. */
export type CodePage = (typeof CODE_PAGES)[number];

/** The upper half of code page 850, the console of Western Europe; letters that 437 has too stand at the same places. */
const UPPER_850 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤" +
  "ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";

/**
 * Words of systeminfo's labels that have letters beyond ASCII. German, Spanish, French, Italian, Russian and simplified
 * Chinese as seen in listings; the others from practice.
 */
const WORDS: readonly string[] = [
  "Größe",
  "Verfügbar",
  "Ursprüngliches",
  "Versión",
  "Organización",
  "Ubicación",
  "hôte",
  "système",
  "Mémoire",
  "modalità",
  "Sì",
  "Versão",
  "Memória",
  "Имя узла",
  "Версия ОС",
  "Исправлени",
  "主机名",
  "产品",
  "修补程序",
  "主機名稱",
  "修正程式",
  "ホスト名",
  "修正プログラム",
  "호스트 이름",
  "핫픽스",
];

const unicode = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder("utf-8");

/** The code page of these first bytes; ASCII is UTF-8 too. */
export function codePageOf(head: Uint8Array): CodePage {
  // A character that the head cuts in two must not decide.
  if (isUtf8(head) || [1, 2, 3].some((cut) => isUtf8(head.subarray(0, -cut)))) return "utf-8";
  let best: CodePage = "ibm850";
  let most = 0;
  for (const page of CODE_PAGES.slice(1)) {
    const text = decodeCodePage(head, page);
    const found = WORDS.filter((word) => text.includes(word)).length;
    if (found > most) [best, most] = [page, found];
  }
  return best;
}

/** The text of bytes in a code page; a byte that has no character there is shown as U+FFFD. */
export function decodeCodePage(bytes: Uint8Array, page: CodePage): string {
  if (page === "utf-8") return lenient.decode(bytes);
  if (page !== "ibm850") return new TextDecoder(page).decode(bytes);
  let text = "";
  for (const byte of bytes)
    text += byte < 128 ? String.fromCharCode(byte) : (UPPER_850[byte - 128] ?? "");
  return text;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    unicode.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
