/**
 * Who and what a row speaks of, by the field catalogue (src/model/fields.ts). Refuses to guess: a value that has not the form of
 * its kind is no entity, and stays a raw field.
 */
import { ENTITY_KINDS, type Entity, type EntityKind } from "../../model/entity.ts";
import type { Event, FieldValue } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { FIELDS } from "../../model/fields.ts";

/** A list of recipients or resources may be long; who needs all opens the record. */
const VALUES_MAX = 32;
const VALUE_CHARS_MAX = 1_024;

const KINDS: ReadonlySet<string> = new Set(ENTITY_KINDS);

/** Where the entities of a format stand: the kind, and the raw names of which the first that is there counts. */
const SOUGHT = new Map<FormatId, readonly (readonly [EntityKind, readonly string[]])[]>();

function soughtIn(format: FormatId): readonly (readonly [EntityKind, readonly string[]])[] {
  let sought = SOUGHT.get(format);
  if (sought === undefined) {
    sought = FIELDS.flatMap(({ type, raw }) =>
      isKind(type) ? [[type, raw[format] ?? []] as const] : [],
    );
    SOUGHT.set(format, sought);
  }
  return sought;
}

function isKind(type: string): type is EntityKind {
  return KINDS.has(type);
}

/** The entities of an event, each once, the host first; at most VALUES_MAX of one field. */
export function entitiesOf({ format, host, fields }: Event): readonly Entity[] {
  const found = new Map<string, Entity>();
  const add = (kind: EntityKind, text: string): void => {
    const value = text.length > VALUE_CHARS_MAX ? null : FORMS[kind](text.trim());
    if (value !== null) found.set(`${kind} ${value}`, { kind, value });
  };
  if (host !== "") add("host", host);
  for (const [kind, names] of soughtIn(format)) {
    const name = names.find((each) => fields[each] !== undefined && !isEmpty(fields[each]));
    const value = name === undefined ? null : fields[name];
    for (const text of textsOf(value ?? null))
      for (const part of kind === "address" ? text.split(/[,;]\+? ?/, VALUES_MAX) : [text])
        add(kind, part);
  }
  return [...found.values()];
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === "" || value === "-";
}

function textsOf(value: FieldValue): readonly string[] {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return [];
  return value.slice(0, VALUES_MAX).filter((item) => typeof item === "string");
}

/** The form in which a value of a kind is compared; null: it is none. */
const FORMS: Readonly<Record<EntityKind, (text: string) => string | null>> = {
  host: lowered,
  user: userOf,
  address: addressOf,
  mailbox: (text) => lowered(text.replace(/^(?:[a-z]{1,32}~|smtp:)/i, "")),
  process: (text) => lowered(text.replace(/^\d+ /, "")),
  file: (text) => lowered(text.replace(/^(?:file|containerfile|webfile):_?/i, "")),
  hash: hashOf,
  "message-id": (text) => lowered(text.replace(/^</, "").replace(/>$/, "")),
};

function lowered(text: string): string | null {
  return text === "" || text === "-" ? null : text.toLowerCase();
}

/** Windows' own accounts are everywhere and say nothing; the domain is kept, since names repeat. */
function userOf(text: string): string | null {
  return /^(?:-|system|local service|network service|anonymous logon|s-1-0-0|s-1-5-(?:18|19|20))$/i.test(
    text,
  )
    ? null
    : lowered(text);
}

/** An IPv4 or IPv6 address without port, brackets and zone; an IPv4 in IPv6 dress is the IPv4. */
function addressOf(text: string): string | null {
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/i.exec(text)?.[1];
  if (v4 !== undefined) return v4.split(".").every((part) => Number(part) < 256) ? v4 : null;
  const v6 = /^\[?([0-9a-f:]{2,39})(?:%[\w.]{1,16})?\]?(?:(?<=\]):\d{1,5})?$/i.exec(text)?.[1];
  return v6?.includes(":") === true && v6 !== "::" ? v6.toLowerCase() : null;
}

/** Sysmon writes several: `SHA1=…,MD5=…`; the strongest counts. */
function hashOf(text: string): string | null {
  const named = /(?:^|,)(?:SHA256|SHA1|MD5)=([0-9A-F]{32,64})(?![0-9A-F])/gi;
  const values = [...text.matchAll(named)].map(([, value = ""]) => value);
  const longest = values.sort((a, b) => b.length - a.length)[0] ?? text;
  return /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(longest)
    ? longest.toLowerCase()
    : null;
}
