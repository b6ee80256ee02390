import { expect, test } from "vitest";
import { cmdletFields, parametersOf, toldInMessage } from "./cmdlet.ts";

test("parameters by name, with quotes, lists, switches and dashes within values", () => {
  const text =
    '-Name "drop" -IncludeFolders ("#Drafts#", "-x") -ContentFilter "Subject -eq \'a -b\'" -FilePath "\\\\localhost\\c$\\inetpub\\a.aspx" -Confirm:$false -Force';
  expect(Object.fromEntries(parametersOf(text))).toEqual({
    Name: "drop",
    IncludeFolders: '("#Drafts#", "-x")',
    ContentFilter: "Subject -eq 'a -b'",
    FilePath: "\\\\localhost\\c$\\inetpub\\a.aspx",
    Confirm: "$false",
    Force: "",
  });
});

test("hostile command lines cost their length and no more", () => {
  expect(parametersOf("-a ".repeat(100_000)).size).toBe(1);
  expect(parametersOf('"'.repeat(100_001)).size).toBe(0);
  expect(parametersOf(`${"-a".repeat(50_000)} -b`).size).toBe(2);
});

test("a success names who called what; a failure also says why", () => {
  const data = [
    "New-X",
    '-Role "Y"',
    "dom/Users/A",
    "S-1-5-21-1",
    "S-1-5-21-1",
    "Remote",
    "1 w3wp",
  ];
  expect(Object.fromEntries(cmdletFields(1, data) ?? [])).toEqual({
    Cmdlet: "New-X",
    Succeeded: true,
    Caller: "dom/Users/A",
    CallerSid: "S-1-5-21-1",
    HostApplication: "Remote",
    CallerProcess: "1 w3wp",
    "Parameters.Role": "Y",
  });
  const failed = [...data, "", "5", "0:1", "scope", "System.Exception: no"];
  expect(cmdletFields(6, failed)?.get("Error")).toBe("System.Exception: no");
  expect(cmdletFields(6, failed)?.get("Succeeded")).toBe(false);
});

test("an event of another shape has none of this", () => {
  expect(cmdletFields(2, ["New-X"])).toBeNull();
  expect(cmdletFields(1, "New-X")).toBeNull();
  expect(cmdletFields(1, ["no cmdlet here"])).toBeNull();
  expect(cmdletFields(1, [null, 5])).toBeNull();
});

test("an export that kept the rendered message alone tells the cmdlet and its parameters", () => {
  const text =
    'Cmdlet suceeded. Cmdlet Set-X, parameters -Url "http://f/#." -Identity "OAB (Site)".';
  expect(Object.fromEntries(cmdletFields(1, toldInMessage(text)) ?? [])).toEqual({
    Cmdlet: "Set-X",
    Succeeded: true,
    "Parameters.Url": "http://f/#.",
    "Parameters.Identity": "OAB (Site)",
  });
  expect(toldInMessage("Cmdlet failed. Cmdlet Get-Y, parameters .")).toEqual(["Get-Y", ""]);
  expect(
    toldInMessage("Somebody wrote: Cmdlet failed. Cmdlet Get-Y, parameters -a."),
  ).toBeUndefined();
  expect(toldInMessage(`${"Cmdlet failed. Cmdlet X-Y, parameters ".padEnd(200_000)}x`)?.[0]).toBe(
    "X-Y",
  );
});
