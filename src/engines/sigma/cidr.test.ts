import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isWithin, readAddress, readNetwork } from "./cidr.ts";

const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
const groups = fc.array(fc.nat(65535), { minLength: 8, maxLength: 8 });
const ipv4 = octets.map((parts) => parts.join("."));
const ipv6 = groups.map((parts) => parts.map((part) => part.toString(16)).join(":"));

test("addresses are what the runtime takes for addresses", () => {
  const near = fc.stringMatching(/^[0-9a-f:.]{2,24}$/);
  fc.assert(
    fc.property(fc.oneof(near, ipv4, ipv6), (text) => {
      expect(readAddress(text) !== null).toBe(isIP(text) !== 0);
    }),
    { numRuns: 2000 },
  );
});

test.each(["::", "::1", "1::", "1:2:3:4:5:6:7::", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4"])(
  "%s",
  (text) => {
    expect(readAddress(text)?.bits).toBe(128);
  },
);

test.each([
  "",
  ":",
  ":::",
  "1.2.3",
  "01.2.3.4",
  "256.1.1.1",
  "1:2:3:4:5:6:7",
  "1::2::3",
  "1.2.3.4:1",
  "fe80::1%eth0",
])("'%s' is no address", (text) => {
  expect(readAddress(text)).toBeNull();
});

test("membership is the runtime's", () => {
  fc.assert(
    fc.property(ipv4, ipv4, fc.nat(32), (host, other, prefix) => {
      const value = readAddress(host)?.value ?? 0n;
      const base = (value >> BigInt(32 - prefix)) << BigInt(32 - prefix);
      const network = [24n, 16n, 8n, 0n].map((shift) => (base >> shift) & 255n).join(".");
      const read = readNetwork(`${network}/${prefix}`);
      if (read === null) throw new Error(network);
      const list = new BlockList();
      list.addSubnet(network, prefix);
      for (const text of [host, other]) expect(isWithin(read, text)).toBe(list.check(text));
    }),
  );
});

test("a network with bits beyond its prefix is none", () => {
  expect(readNetwork("10.0.0.1/8")).toBeNull();
  expect(readNetwork("10.0.0.0/33")).toBeNull();
  expect(readNetwork("10.0.0.0/8/8")).toBeNull();
  expect(readNetwork("10.0.0.1")).toMatchObject({ bits: 32, prefix: 32 });
});
