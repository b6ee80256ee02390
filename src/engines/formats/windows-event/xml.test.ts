import { expect, test } from "vitest";
import { XML_CHARS_MAX, readEventXml } from "./xml.ts";

const SYSTEM =
  "<System><Provider Name='P' Guid=\"{1}\"/><EventID Qualifiers=\"0\">7</EventID><TimeCreated SystemTime='2021-08-12T09:14:04.5Z'/><Channel>C</Channel><Computer>h</Computer></System>";
const eventOf = (rest: string) => readEventXml(`<Event>${SYSTEM}${rest}</Event>`);
const have = (text: string) => {
  const read = readEventXml(text);
  return read.kind === "not" ? read.have : "read";
};

test("System and data come out under the names of EVTX events", () => {
  const read = eventOf(
    "<EventData><Data Name='A B'>x &lt;&amp;&#65;&#x1F600;  </Data><Data Name='E'/></EventData>",
  );
  expect(read.kind === "event" && read.event).toMatchObject({
    channel: "C",
    eventId: 7,
    provider: "P",
    computer: "h",
    time: "2021-08-12T09:14:04.5Z",
  });
  const fields = read.kind === "event" ? Object.fromEntries(read.event.fields) : {};
  expect(fields).toMatchObject({ AB: "x <&A\u{1f600}", E: "", EventID: 7, Provider_Guid: "{1}" });
});

test("data without names is a list, also of one; user data is found below its element", () => {
  const fields = (rest: string) => {
    const read = eventOf(rest);
    return read.kind === "event" ? Object.fromEntries(read.event.fields) : {};
  };
  expect(fields("<EventData><Data>a</Data><Data>b</Data></EventData>")["Data"]).toEqual(["a", "b"]);
  expect(fields("<EventData><Data>a</Data></EventData>")["Data"]).toEqual(["a"]);
  expect(fields("<UserData><X xmlns='u'><Who>eve</Who></X></UserData>")["Who"]).toBe("eve");
  expect(fields("<EventData><__proto__>x</__proto__></EventData>")["EventID"]).toBe(7);
});

test("a declaration, comments and blanks do no harm", () => {
  expect(have(`<?xml version="1.0"?>\n<!-- a -->\n<Event>${SYSTEM}</Event>\n`)).toBe("read");
});

test("what could expand, fetch or nest is refused, and so is what is not well formed", () => {
  const whole = `<Event>${SYSTEM}</Event>`;
  const others = [
    `<!DOCTYPE a>${whole}`,
    `<!DOCTYPE a [<!ENTITY b "c">]>${whole}`,
    whole.replace(">C<", ">&b;<"),
    whole.replace(">C<", ">&#0;<"),
    whole.replace(">C<", ">&amp<"),
    whole.replace(">C<", "><![CDATA[C]]><"),
    whole.replace(">C<", "><?php ?>C<"),
    whole.replace("</System>", "</Sys>"),
    whole.replace("Name='P'", "Name=P"),
    whole.replace("Name='P'", "Name='<'"),
    whole.slice(0, -1),
    `${whole}x`,
    "",
    "x",
    "<",
    "<Event/>",
    `<Event>${"<a>".repeat(10_000)}`,
    `<Event>${"<a/>".repeat(10_000)}</Event>`,
    `<Event ${Array.from({ length: 100 }, (_, at) => `a${at}='1'`).join(" ")}>${SYSTEM}</Event>`,
    "<Other></Other>",
    " ".repeat(XML_CHARS_MAX + 1),
  ];
  expect(others.filter((text) => have(text) === "read")).toEqual([]);
});
