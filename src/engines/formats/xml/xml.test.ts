import * as fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { type XmlChild, openXml, unrooted, xmlChildren, xmlRanges } from "./children.ts";
import { rootNameOf, xmlEncodingOf } from "./encoding.ts";
import { FRAGMENT_RULES, attributeOf, childrenNamed, parseXml, textIn } from "./tree.ts";

/** The children of a document by the streaming way. */
function streamed(bytes: Uint8Array, rangeBytes = bytes.length): readonly XmlChild[] {
  const source = memorySource(bytes);
  const document = openXml(source);
  if (document.kind === "not") return [{ ...document, offset: 0, sizeBytes: 0 }];
  return [...xmlRanges(source, rangeBytes, null)].flatMap((range) => [
    ...xmlChildren(source, document, range),
  ]);
}

const elements = (children: readonly XmlChild[]) =>
  children.map((child) => (child.kind === "child" ? child.element : child.have));

const have = (text: string) => {
  const read = parseXml(text, FRAGMENT_RULES);
  return read.kind === "not" ? read.have : "read";
};

test("a tree: attributes, CDATA, comments, instructions and a bare document type", () => {
  const read = parseXml(
    `\ufeff<?xml version="1.0"?><!DOCTYPE a><?s x?><a b='1 &amp; 2'><!-- < --><c>x<![CDATA[<&]]>y</c><c/></a>`,
    FRAGMENT_RULES,
  );
  const element = read.kind === "element" ? read.element : null;
  expect(element && attributeOf(element, "b")).toBe("1 & 2");
  expect(element && childrenNamed(element, "c").length).toBe(2);
  expect(element && textIn(element, "c")).toBe("x<&y");
  expect(element && textIn(element, "c", "d")).toBe("");
});

test("what could expand, fetch or nest without end is refused", () => {
  const others = [
    `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
    "<a>&b;</a>",
    "<a>".repeat(100) + "</a>".repeat(100),
    `<a>${"<b/>".repeat(FRAGMENT_RULES.elementsMax)}</a>`,
    "<a><b></a></b>",
    "<a></a><a></a>",
    "",
  ];
  expect(others.filter((text) => have(text) === "read")).toEqual([]);
});

test("an encoding is told by the bytes, and a root by its first tag", () => {
  const text = `<?xml version="1.0" encoding="UTF-16"?>\n<!-- <x> -->\n<p:Root a="1"/>`;
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(text, "utf16le").swap16();
  expect([utf8(text), little, big].map(xmlEncodingOf)).toEqual(["utf-8", "utf-16le", "utf-16be"]);
  expect([utf8(text), little, big].map(rootNameOf)).toEqual(["Root", "Root", "Root"]);
  expect(["no xml", "<", "<!-- <a>"].map((other) => rootNameOf(utf8(other)))).toEqual([
    null,
    null,
    null,
  ]);
});

/** Elements that hold what a scan for markup may trip over. */
const anElement = fc.constantFrom(
  "<o/>",
  `<o a="x > y"/>`,
  "<o><!-- </o> --></o>",
  "<o><![CDATA[</o><]]></o>",
  "<o><o>Übergabe 😀</o>\u3c00</o>",
  "<o><? > ?></o>",
);

test("children one by one are those of the whole tree, in either encoding, however it is cut", () => {
  fc.assert(
    fc.property(
      fc.array(anElement),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (list, rangeBytes, isWide) => {
        const text = `<?xml version="1.0"?><r a="1">\n${list.join("<!-- between --> \n")}</r>\n`;
        const whole = parseXml(text, FRAGMENT_RULES);
        const bytes = isWide ? new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le")) : utf8(text);
        expect(elements(streamed(bytes, rangeBytes))).toEqual(
          whole.kind === "element" ? whole.element.children : null,
        );
      },
    ),
  );
});

test("a comment goes with the child behind it; what is wrong has its place", () => {
  const text = "<r><!-- one --><a/>stray<b></c></b></r>tail";
  const told = streamed(utf8(text)).map((child) =>
    child.kind === "child" ? child.comment : [child.offset, child.have],
  );
  expect(told).toEqual([
    "one",
    [text.indexOf("stray"), "text"],
    [text.indexOf("<b>"), "another end tag"],
    // The end tag of b is one too many: it closes the root.
    [text.indexOf("</r>"), "more"],
  ]);
});

test("a child beyond the limit is one flaw, and the next is read; a root that does not end says so", () => {
  const long = `<r><a>${"x".repeat(4_200_000)}</a><b/>`;
  const [first, second, third] = streamed(utf8(long));
  expect(first).toMatchObject({ kind: "not", what: "element longer than the limit" });
  expect(second?.kind === "child" && second.element.name).toBe("b");
  expect(third).toMatchObject({ kind: "not", have: "no end" });
});

test("documents one after the other are children of none", () => {
  const bytes = utf8(`<?xml version="1.0"?><a>1</a>\n<?xml version="1.0"?><b/>`);
  const source = memorySource(bytes);
  const found = [...xmlChildren(source, unrooted(bytes), { start: 0, end: bytes.length })];
  expect(found.map((child) => child.kind === "child" && child.element.name)).toEqual(["a", "b"]);
});
