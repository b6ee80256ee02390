import { expect, test } from "vitest";
import { compiledIn, compiledName, pageAsked, pagesOnDisk } from "./web-path.ts";

const V15 = "C:\\Program Files\\Microsoft\\Exchange Server\\V15";

test.each([
  ["C:\\inetpub\\wwwroot\\aspnet_client\\Abc.aspx", "/aspnet_client/abc.aspx"],
  ["\\\\localhost\\c$\\inetpub\\wwwroot\\aspnet_client\\a.aspx", "/aspnet_client/a.aspx"],
  ["\\\\127.0.0.1\\c$\\inetpub\\wwwroot\\aspnet_client\\a.aspx.req", "/aspnet_client/a.aspx"],
  ["inetpub/wwwroot/x.ashx", "/x.ashx"],
  [`${V15}\\FrontEnd\\HttpProxy\\owa\\auth\\x.aspx`, "/owa/auth/x.aspx"],
  [`file:_${V15}\\FrontEnd\\HttpProxy\\ecp\\auth\\x.asp`, "/ecp/auth/x.asp"],
  [`${V15}\\ClientAccess\\owa\\auth\\x.aspx`, "/owa/auth/x.aspx"],
  [
    "Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\x.aspx",
    "/owa/auth/x.aspx",
  ],
])("%s is served", (path, page) => {
  expect(pagesOnDisk(path)).toEqual([page]);
});

test.each([
  ["C:\\Users\\a\\x.aspx"],
  ["C:\\inetpub\\wwwroot\\x.txt"],
  [`C:\\inetpub\\wwwroot\\${"a".repeat(2000)}.aspx`],
  [null],
  [5],
  [undefined],
])("%s is no page", (path) => {
  expect(pagesOnDisk(path)).toEqual([]);
});

test("a verdict may name several, each once", () => {
  const value =
    "containerfile:_C:\\inetpub\\wwwroot\\a.aspx;file:_C:\\inetpub\\wwwroot\\a.aspx->(Script);file:_C:\\inetpub\\wwwroot\\b.aspx";
  expect(pagesOnDisk(value)).toEqual(["/a.aspx", "/b.aspx"]);
  expect(pagesOnDisk(["C:\\inetpub\\wwwroot\\a.aspx", "D:\\b.aspx"])).toEqual(["/a.aspx"]);
  expect(
    pagesOnDisk(Array.from({ length: 1000 }, (_, n) => `\\inetpub\\wwwroot\\${n}.asp`)).length,
  ).toBe(32);
});

test("requests for pages, with the certificate's ending taken off", () => {
  expect(pageAsked("/OWA//auth/X.aspx")).toBe("/owa/auth/x.aspx");
  expect(pageAsked("/aspnet_client/a.aspx.req")).toBe("/aspnet_client/a.aspx");
  expect(pageAsked("/owa/auth/x.js")).toBeNull();
  expect(pageAsked(undefined)).toBeNull();
});

test("what ASP.NET compiled names the application and the page", () => {
  const root = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files";
  expect(compiledIn(`${root}\\owa\\8e05b027\\e164d61b\\Page.aspx.f5dba9b9.compiled`)).toBe(
    "owa/page.aspx",
  );
  expect(compiledIn(`${root}\\owa\\8e05b027\\e164d61b\\App_Web_x.dll`)).toBeNull();
  expect(compiledName("/owa/auth/current/page.aspx")).toBe("owa/page.aspx");
  expect(compiledName("/aspnet_client/page.aspx")).toBe("root/page.aspx");
});
