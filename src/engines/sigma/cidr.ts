/**
 * IP addresses and networks as numbers: IPv4 (RFC 791 dotted decimals), IPv6 (RFC 4291, 2.2), CIDR (RFC 4632).
 * Refuses leading zeros in IPv4, zones (`%eth0`), and networks with bits set beyond their prefix.
 */
import type { CidrTest } from "./rule.ts";

/** An address as a number of 32 or 128 bits. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** An address from its text, or null where it is none. */
export function readAddress(text: string): Address | null {
  if (text.length > 45) return null;
  if (text.includes(":")) {
    const value = readIpv6(text);
    return value === null ? null : { bits: 128, value };
  }
  const value = readIpv4(text);
  return value === null ? null : { bits: 32, value };
}

function readIpv4(text: string): bigint | null {
  const octets = text.split(".");
  if (octets.length !== 4) return null;
  let value = 0n;
  for (const octet of octets) {
    if (!OCTET.test(octet) || Number(octet) > 255) return null;
    value = (value << 8n) | BigInt(octet);
  }
  return value;
}

function readIpv6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(readGroups);
  if (head === null || head === undefined || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [
    ...head,
    ...Array<number>(tail === undefined ? 0 : missing).fill(0),
    ...(tail ?? []),
  ];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** 16-bit groups of one side of `::`; dotted decimals may stand at its end. */
function readGroups(side: string): number[] | null {
  if (side === "") return [];
  const groups: number[] = [];
  const words = side.split(":");
  for (const [at, word] of words.entries()) {
    if (GROUP.test(word)) {
      groups.push(parseInt(word, 16));
      continue;
    }
    const dotted = at === words.length - 1 ? readIpv4(word) : null;
    if (dotted === null) return null;
    groups.push(Number(dotted >> 16n), Number(dotted & 0xffffn));
  }
  return groups;
}

/** A network from `address/prefix`; an address alone is a network of one. Null where it is neither. */
export function readNetwork(text: string): CidrTest | null {
  const [host = "", length, ...rest] = text.split("/");
  const address = readAddress(host);
  if (address === null || rest.length > 0) return null;
  const prefix =
    length === undefined ? address.bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > address.bits) return null;
  const free = BigInt(address.bits - prefix);
  if ((address.value >> free) << free !== address.value) return null;
  return { kind: "cidr", bits: address.bits, network: address.value >> free, prefix };
}

/** Whether the text is an address within the network. */
export function isWithin(network: CidrTest, text: string): boolean {
  const address = readAddress(text);
  if (address === null || address.bits !== network.bits) return false;
  return address.value >> BigInt(network.bits - network.prefix) === network.network;
}

/** The network as `address/prefix`. */
export function networkText({ bits, network, prefix }: CidrTest): string {
  const address = network << BigInt(bits - prefix);
  const [size, count, base] = bits === 32 ? [8, 4, 10] : [16, 8, 16];
  const groups = Array.from({ length: count }, (_, at) =>
    ((address >> BigInt(size * (count - 1 - at))) & ((1n << BigInt(size)) - 1n)).toString(base),
  );
  return `${groups.join(bits === 32 ? "." : ":")}/${prefix}`;
}
