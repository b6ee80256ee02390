/** Where web shells are dropped on an Exchange server, and the inert names they get. No contents anywhere. */
import type { Chance } from "./chance.ts";

/** One page: its address on the server and its place on the disk. */
export interface ShellPath {
  readonly url: string;
  readonly file: string;
  /** The ASP.NET application that would compile it. */
  readonly application: string;
}

const V15 = "C:\\Program Files\\Microsoft\\Exchange Server\\V15";
const OWA = `${V15}\\FrontEnd\\HttpProxy\\owa\\auth`;

const FOLDERS: readonly ShellPath[] = [
  { url: "/aspnet_client/", file: "C:\\inetpub\\wwwroot\\aspnet_client\\", application: "root" },
  {
    url: "/aspnet_client/system_web/",
    file: "C:\\inetpub\\wwwroot\\aspnet_client\\system_web\\",
    application: "root",
  },
  { url: "/owa/auth/", file: `${OWA}\\`, application: "owa" },
  {
    url: "/owa/auth/Current/themes/resources/",
    file: `${OWA}\\Current\\themes\\resources\\`,
    application: "owa",
  },
  { url: "/ecp/auth/", file: `${V15}\\FrontEnd\\HttpProxy\\ecp\\auth\\`, application: "ecp" },
];

/** A new name, with its extension, in one of the usual folders. */
export function drawShellPath(chance: Chance): ShellPath {
  const folder = chance.pick(FOLDERS);
  const name = chance.happens(0.6)
    ? chance.letters(chance.between(5, 12))
    : `${chance.pick(["error", "log", "supp0rt", "Timeout", "redirect", "help", "iisstart"])}${chance.hex(2)}`;
  return {
    url: `${folder.url}${name}.aspx`,
    file: `${folder.file}${name}.aspx`,
    application: folder.application,
  };
}

/** The DLL into which ASP.NET compiles a page of an application. */
export function drawCompiledPath(chance: Chance, application: string): string {
  const root = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files";
  const page = chance.letters(8, "abcdefghijklmnopqrstuvwxyz0123456789");
  return `${root}\\${application}\\${chance.hex(8)}\\${chance.hex(8)}\\App_Web_${page}.dll`;
}

/** The same file over the administrative share, as an export request has to name it. */
export function asShare(file: string, host: string): string {
  return `\\\\${host}\\c$${file.slice(2)}`;
}
