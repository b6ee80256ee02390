/** Made-up listings of a Windows system: systeminfo as a console of Western Europe prints it, and a table of updates. */
import { Buffer } from "node:buffer";
import { utf8 } from "../../src/base/bytes.ts";

const WIDTH = 39;

/** One line of a listing: a label, and a value in its column. */
function line(label: string, value: string): string {
  return `${`${label}:`.padEnd(WIDTH)}${value}\r\n`;
}

function items(values: readonly string[]): string {
  return values
    .map((value, at) => `${" ".repeat(WIDTH)}[${String(at + 1).padStart(2, "0")}]: ${value}\r\n`)
    .join("");
}

/** systeminfo in Italian, code page 850, with `count` updates. */
export function madeSysteminfo(count: number, stated = count): Uint8Array {
  const updates = Array.from({ length: count }, (_, at) => `KB${4_480_000 + at * 37}`);
  const inner = " ".repeat(WIDTH + 6);
  const text = [
    "\r\n",
    line("Nome host", "PC044"),
    line("Nome SO", "Microsoft Windows Server 2016 Standard"),
    line("Versione SO", "10.0.14393 N/D build 14393"),
    line("Produttore SO", "Microsoft Corporation"),
    line("Organizzazione registrata", ""),
    line("Data di installazione originale", "10/09/2018, 09:40:53"),
    line("Tempo di avvio sistema", "13/08/2021, 08:34:58"),
    line("Processore", "1 processore(i) installati."),
    items(["Intel64 Family 6 Model 94 Stepping 3 GenuineIntel ~3192 Mhz"]),
    line("Fuso orario", "(UTC+01:00) Amsterdam, Berlino, Berna, Roma"),
    line("Memoria virtuale: dimensione massima", "13.730 MB"),
    line("Server di accesso", "\\\\SRVDC20"),
    line("Aggiornamenti rapidi", `${stated} Aggiornamenti rapidi installati.`),
    items(updates),
    line("Schede di rete", "1 NIC installate."),
    items(["Intel(R) Ethernet Connection"]),
    `${inner}Nome connessione: Ethernet\r\n`,
    `${inner}Indirizzi IP\r\n`,
    `${inner}[01]: 192.168.1.48\r\n`,
    `${inner}[02]: fe80::35c2:a744:ed99:4e26\r\n`,
    line("Requisiti Hyper-V", "Estensioni modalit\u0085 di monitoraggio: S\u008d"),
  ];
  // In code page 850 à is 0x85 and ì is 0x8d.
  return new Uint8Array(Buffer.from(text.join(""), "latin1"));
}

/** wmic qfe in UTF-16LE, with `count` updates. */
export function madeQfe(count: number): Uint8Array {
  const names =
    "Caption                                     CSName  Description      FixComments  HotFixID   InstallDate  InstalledBy          InstalledOn  Name  ServicePackInEffect  Status  \r\n";
  const rows = Array.from({ length: count }, (_, at) => {
    const kb = 4_480_000 + at * 37;
    return `http://support.microsoft.com/?kbid=${kb}  MX1     Security Update               KB${kb}               NT AUTHORITY\\SYSTEM  ${`8/${1 + (at % 28)}/2021`.padEnd(11)}                                     \r\n`;
  });
  const text = `\ufeff${names}${rows.join("")}`;
  return new Uint8Array(Buffer.from(text, "utf16le"));
}

/** Updates by number and title. */
export function madeTitles(count: number): Uint8Array {
  const lines = Array.from(
    { length: count },
    (_, at) =>
      `KB${4_480_000 + at}: 2019-02 Cumulative Update for Windows Server 2016 (KB${4_480_000 + at})\r\n`,
  );
  return utf8(lines.join(""));
}
