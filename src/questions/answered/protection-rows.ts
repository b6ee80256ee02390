/**
 * Which rows show that something befell a sensor, by knowledge/protection.json. Refuses to decode a row whose event id, or whose
 * cmdlet, is none of those that it looks for: logs of millions of rows pass by.
 */
import {
  createLookout,
  firstText,
  leftOut,
  type Pace,
  parameterOf,
  saysOneOf,
  type Seek,
  Signs,
  type SignsState,
  textOf,
} from "../../engines/lookout/index.ts";
import { count } from "../../engines/wording/index.ts";
import type { Batch } from "../../model/event.ts";
import { lookAtExclusions } from "./exclusions-rows.ts";
import type { ProtectionTerms, SignKind, SignWhere } from "./protection-terms.ts";

/** Whoever did it, by the name that Windows, Exchange or the tenant gives them. */
const ACTORS = ["SubjectUserName", "Caller", "AuthenticatedUser", "UserId"];

/** Gathers signs from batches while they are read; what was gathered can be handed on. */
export interface SignCollector {
  add(batch: Batch): void;
  /** What was gathered so far, valid until the next call. */
  state(): SignsState;
  /** Takes in what another collector has gathered: in whatever order, the signs are the same. */
  absorb(state: SignsState): void;
}

interface Sought {
  readonly kind: SignKind;
  readonly where: SignWhere;
}

/** A collector that has seen nothing. */
export function createSigns({ signs: kinds }: Pick<ProtectionTerms, "signs">): SignCollector {
  const signs = new Signs();
  const lookout = createLookout(
    kinds.flatMap((kind) =>
      kind.where.map((where): [Seek, Sought] => [seekOf(where), { kind, where }]),
    ),
  );
  return {
    add(batch) {
      lookout.look(batch, (row, { kind, where }) => lookAt(signs, batch, row, kind, where));
      lookAtExclusions(signs, batch);
    },
    state: () => signs.state(),
    absorb: (state) => signs.absorb(state),
  };
}

/** What was left out, as sentences; none where nothing was. */
export function signLimits(state: SignsState): readonly string[] {
  const uncounted = leftOut(state);
  return uncounted === 0
    ? []
    : [
        `What ${count(uncounted, "further record")} say of sensors and exclusions: a log has more of them than can be kept.`,
      ];
}

function seekOf(where: SignWhere): Seek {
  return where.kind === "cmdlet"
    ? { kind: "cmdlet", cmdlet: where.cmdlet }
    : { kind: "event", log: where.log, eventIds: where.eventIds };
}

function lookAt(signs: Signs, batch: Batch, row: number, kind: SignKind, where: SignWhere): void {
  switch (where.kind) {
    case "event":
      if (where.field !== undefined && !saysOneOf(textOf(batch.field(row, where.field)), where))
        return;
      return show(signs, batch, row, kind, firstText(batch, row, kind.of ?? []));
    case "cmdlet":
      if (where.is.includes(parameterOf(batch, row, where.parameter).toLowerCase()))
        show(signs, batch, row, kind, firstText(batch, row, kind.of ?? []));
      return;
    case "age": {
      const days = where.fields.map((name) => Number(textOf(batch.field(row, name)) || Number.NaN));
      const age = days.find((number) => Number.isInteger(number));
      if (age !== undefined && age > where.daysMax)
        show(signs, batch, row, kind, age >= NEVER ? "never" : String(age), "day");
      return;
    }
    case "version": {
      const version = firstText(batch, row, where.fields);
      if (/^\d{1,6}(?:\.\d{1,9}){1,3}$/.test(version))
        show(signs, batch, row, kind, version, "all");
      return;
    }
  }
}

/** Defender's word for "never": all bits of a number of 32. */
const NEVER = 4_294_967_295;

function show(
  signs: Signs,
  batch: Batch,
  row: number,
  kind: SignKind,
  of: string,
  pace: Pace = kind.daily === true ? "day" : "each",
): void {
  const by = pace === "each" ? firstText(batch, row, ACTORS) : "";
  const shown = { sign: kind.id, host: batch.host(row), channel: batch.channel(row), of, by };
  signs.see(batch, row, shown, pace);
}
