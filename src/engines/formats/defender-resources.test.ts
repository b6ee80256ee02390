/** Resources of a threat as real events and lines of the protection log write them. */
import { expect, test } from "vitest";
import { fileOf, namesResources, resourcesOf } from "./defender-resources.ts";

const DOWNLOADED =
  "containerfile:_C:\\Users\\a\\Hound v1.zip; file:_C:\\Users\\a\\Hound v1.zip->Hound.ps1; " +
  "webfile:_C:\\Users\\a\\Hound v1.zip|https://files.example/a;b?c=1|pid:6,ProcessStart:133;" +
  " process:_pid:1234,ProcessStart:133";

test("an event's resources, and the files among them", () => {
  const resources = resourcesOf(DOWNLOADED);
  expect(resources.map((resource) => resource.slice(0, 9))).toEqual([
    "container",
    "file:_C:\\",
    "webfile:_",
    "process:_",
  ]);
  const zip = "C:\\Users\\a\\Hound v1.zip";
  expect(resources.map(fileOf)).toEqual([zip, zip, zip, ""]);
  expect(namesResources(DOWNLOADED)).toBe(true);
});

test("a line's resources end with a semicolon; a path may hold one, and the mark of long paths", () => {
  expect(resourcesOf("file:\\\\?\\C:\\a;b.aspx;file:C:\\c.aspx;").map(fileOf)).toEqual([
    "C:\\a;b.aspx",
    "C:\\c.aspx",
  ]);
});

test("a plain path is no resource, and what is no file has none", () => {
  expect(namesResources("C:\\a.exe")).toBe(false);
  expect(["regkey:_HKLM\\x", "amsi:_C:\\a.ps1", "C:\\a.exe", ""].map(fileOf)).toEqual([
    "",
    "",
    "",
    "",
  ]);
});
