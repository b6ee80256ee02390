/**
 * Whether an address lies in a network, for IPv4 and IPv6 (RFC 4291, RFC 4632). Refuses host names and zones
 * (`fe80::1%3`): what cannot be read lies in no network.
 */

const IPV4_IN_IPV6 = 0xffffn << 32n;
const IPV6_BITS = 128;

/** Whether `address` is `network` itself or lies in it (`203.0.113.0/24`, `2001:db8::/32`). */
export function liesIn(address: string, network: string): boolean {
  const [base = "", bits, ...more] = network.trim().split("/");
  const start = numberOf(base);
  const own = numberOf(address.trim());
  if (start === null || own === null || more.length > 0) return false;
  if (bits === undefined) return own === start;
  const size = base.includes(":") ? IPV6_BITS : 32;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > size) return false;
  const free = BigInt(size - Number(bits));
  return own >> free === start >> free;
}

/** The address as 128 bits; IPv4 stands where RFC 4291 maps it (`::ffff:192.0.2.1`). Null: no address. */
function numberOf(address: string): bigint | null {
  if (!address.includes(":")) {
    const four = ipv4(address);
    return four === null ? null : IPV4_IN_IPV6 | four;
  }
  const sides = address.split("::");
  if (sides.length > 2) return null;
  const [left, right] = sides.map((side) => (side === "" ? [] : groupsOf(side)));
  if (left === undefined || left === null || right === null) return null;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => 0n), ...(right ?? [])];
  return groups.reduce((sum, group) => (sum << 16n) | group, 0n);
}

function groupsOf(side: string): bigint[] | null {
  const groups: bigint[] = [];
  const parts = side.split(":");
  for (const [at, part] of parts.entries()) {
    if (part.includes(".") && at === parts.length - 1) {
      const four = ipv4(part);
      if (four === null) return null;
      groups.push(four >> 16n, four & 0xffffn);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

function ipv4(text: string): bigint | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const bytes = match.slice(1).map(Number);
  return bytes.some((byte) => byte > 255)
    ? null
    : bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
