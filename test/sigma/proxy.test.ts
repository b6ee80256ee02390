/** Rules for forward proxies over access logs in NCSA's form, as Squid (`logformat combined`) and mod_proxy write them. */
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { ncsaReader } from "../../src/engines/formats/ncsa/read.ts";
import {
  createCarried,
  createMatcher,
  findNotHere,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import type { Batch } from "../../src/model/event.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import { LOG_SOURCES } from "./log-sources.ts";

const LINES = [
  '10.0.0.5 - bob [13/Aug/2021:04:12:06 +0000] "GET http://u:p@evil.example:8080/a.b/X.exe?y=1 HTTP/1.1" 200 5 "-" "UA 1" TCP_MISS:HIER_DIRECT',
  '10.0.0.5 - - [13/Aug/2021:04:12:06 +0000] "CONNECT evil.example:443 HTTP/1.1" 200 5 "-" "-"',
  '10.0.0.5 - - [13/Aug/2021:04:12:06 +0000] "GET /go?to=http://evil.example/X.exe HTTP/1.1" 200 5 "-" "UA 1"',
  '10.0.0.5 - - [13/Aug/2021:04:12:06 +0000] "GET http://[fe80::1]/ HTTP/1.1" 200 5 "-" "UA 1"',
  '10.0.0.5 - - [13/Aug/2021:04:12:06 +0000] "OPTIONS * HTTP/1.1" 200 5 "-" "UA 1"',
  '10.0.0.5 - - [13/Aug/2021:04:12:06 +0000] "-" 408 - "-" "-"',
  'www:80 10.0.0.5 - - [13/Aug/2021:04:12:06 +0000] "GET go:x HTTP/1.1" 200 5 "-" "UA 1"',
];

function* batchesOf(lines: readonly string[]): Generator<Batch> {
  const place = { evidence: NO_EVIDENCE, member: "", file: "access.log" };
  const source = memorySource(Buffer.from(`${lines.join("\n")}\n`));
  const setting = { place, host: null, zone: null, skewMillis: 0 };
  for (const piece of ncsaReader.read(source, setting)) if (piece.kind === "batch") yield piece;
}

function planOf(test: string): ReturnType<typeof planRules> {
  const rule = `title: t\nlogsource: {category: proxy}\ndetection:\n  a: {${test}}\n  condition: a\n`;
  return planRules(parseRules("r.yml", rule), LOG_SOURCES);
}

test.each([
  ["cs-method: '*'", [0, 1, 3]],
  ["c-uri: 'http://u:p@evil.example:8080/a.b/x.exe\\?y=1'", [0]],
  ["cs-host: evil.example", [0, 1]],
  ["r-dns: '[fe80::1]'", [3]],
  ["c-uri-extension: exe, c-uri-query: y=1, c-useragent: UA 1", [0]],
  ["c-uri|endswith: ':443'", [1]],
])("requests to a proxy, and to nothing else: %s", (detection, rows) => {
  const found: number[] = [];
  const matcher = createMatcher(planOf(detection));
  for (const batch of batchesOf(LINES)) matcher.match(batch, (row) => found.push(row));
  expect(found).toEqual(rows);
});

test("the log of a web server is no log of a proxy", () => {
  const missing = (lines: readonly string[]) => {
    const carried = createCarried();
    for (const batch of batchesOf(lines)) carried.add(batch);
    return findNotHere(planOf("c-uri: x"), carried.state());
  };
  expect(missing(LINES)).toEqual([]);
  expect(missing(LINES.slice(4))).toMatchObject([
    { reason: "no log of -/proxy/- is here", needs: "proxy" },
  ]);
});
