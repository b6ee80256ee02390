import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { liesIn } from "./networks.ts";

test("addresses and networks of both families", () => {
  const cases: [string, string, boolean][] = [
    ["203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "203.0.113.0/29", true],
    ["203.0.113.8", "203.0.113.0/29", false],
    ["1.2.3.4", "0.0.0.0/0", true],
    ["::ffff:203.0.113.7", "203.0.113.0/24", true],
    ["2001:DB8::1", "2001:db8:0:0:0:0:0:1", true],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["203.0.113.7", "203.0.113.0/33", false],
    ["203.0.113.7", "", false],
    ["", "", false],
    ["fe80::1%3", "fe80::/10", false],
    ["1.2.3", "1.2.3", false],
    ["1::2::3", "1::2::3", false],
    ["mx1", "mx1", false],
  ];
  for (const [address, network, inside] of cases)
    expect([address, network, liesIn(address, network)]).toEqual([address, network, inside]);
});

test("agrees with the runtime's own block list", () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(address, address, fc.nat({ max: 128 }), (own, base, bits) => {
      fc.pre(isIP(base) === isIP(own));
      const size = isIP(base) === 4 ? bits % 33 : bits;
      const list = new BlockList();
      list.addSubnet(base, size, isIP(base) === 4 ? "ipv4" : "ipv6");
      expect(liesIn(own, `${base}/${size}`)).toBe(
        list.check(own, isIP(own) === 4 ? "ipv4" : "ipv6"),
      );
      expect(liesIn(base, `${base}/${size}`)).toBe(true);
    }),
  );
});
