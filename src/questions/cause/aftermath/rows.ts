/**
 * Gathers what rows show of changes that matter after a break-in, by knowledge/aftermath.json. When the break-in was nobody knows while
 * evidence is read, so changes of all times are kept, up to a limit. Refuses to judge.
 */
import {
  createLookout,
  firstText,
  type Seek,
  Signs,
  type SignsState,
  saysOneOf,
} from "../../../engines/lookout/index.ts";
import type { Batch } from "../../../model/event.ts";
import type { AftermathTerms, ChangeSign, Condition } from "./terms.ts";

/** Whoever did it, by the name that Windows, Exchange or the tenant gives them. */
const ACTORS = [
  "SubjectUserName",
  "Caller",
  "AuthenticatedUser",
  "UserId",
  "initiatedBy.user.userPrincipalName",
];

/** Gathers changes from batches while they are read; what was gathered can be handed on. */
export interface ChangeCollector {
  add(batch: Batch): void;
  /** What was gathered so far, valid until the next call. */
  state(): SignsState;
  /** Takes in what another collector has gathered: in whatever order, the changes are the same. */
  absorb(state: SignsState): void;
}

/** A sign ready to be asked. */
interface Prepared {
  readonly id: string;
  readonly sign: ChangeSign;
  readonly says: Template;
}

/** The id under which a check's sign is kept: the place in its list, since knowledge is fixed while a run reads. */
export function signId(check: string, at: number): string {
  return `${check}/${at}`;
}

/** A collector that has seen nothing. */
export function createChanges({ checks }: AftermathTerms): ChangeCollector {
  const signs = new Signs();
  const lookout = createLookout(
    checks.flatMap(({ id, signs: own }) =>
      own.flatMap((sign, at) =>
        seeksOf(sign).map((seek): readonly [Seek, Prepared] => [
          seek,
          { id: signId(id, at), sign, says: parseTemplate(sign.says) },
        ]),
      ),
    ),
  );
  return {
    add(batch) {
      lookout.look(batch, (row, prepared) => see(signs, batch, row, prepared));
    },
    state: () => signs.state(),
    absorb: (state) => signs.absorb(state),
  };
}

/** A detection is no row: what it says is looked at when the check is judged. */
function seeksOf({ where }: ChangeSign): readonly Seek[] {
  switch (where.kind) {
    case "event":
    case "rows":
      return [where];
    case "cmdlet":
      return where.cmdlets.map((cmdlet) => ({ kind: "cmdlet", cmdlet }));
    case "detection":
      return [];
  }
}

function see(signs: Signs, batch: Batch, row: number, { id, sign, says }: Prepared): void {
  const read = (names: readonly string[]) => firstText(batch, row, names);
  if (!holds(sign, read)) return;
  const by = read(sign.by ?? ACTORS);
  signs.see(
    batch,
    row,
    {
      sign: id,
      host: batch.host(row),
      channel: batch.channel(row),
      // Where it came from is compared with the host's addresses later, so that alone is kept.
      of:
        sign.from === undefined
          ? fill(says, (names) => told(batch, row, names))
          : read([sign.from]),
      by: by === "-" ? "" : by,
    },
    sign.pace ?? "each",
  );
}

/** The first of these fields that names anything: Windows writes a dash for what it does not know. */
function told(batch: Batch, row: number, names: readonly string[]): string {
  const name = names.find((each) => !["", "-"].includes(firstText(batch, row, [each])));
  return name === undefined ? "" : firstText(batch, row, [name]);
}

/** Whether the conditions of a sign hold; `read` gives the first of some fields that says anything. */
export function holds(
  { when = [], unless = [] }: Pick<ChangeSign, "when" | "unless">,
  read: (names: readonly string[]) => string,
): boolean {
  const fits = (condition: Condition) => saysOneOf(read(condition.field), condition);
  return when.every(fits) && !unless.some(fits);
}

/** Text with places for fields. */
export type Template = readonly (string | readonly string[])[];

/** Reads `account {TargetUserName|TargetSid} created`. */
export function parseTemplate(text: string): Template {
  return text
    .split(/(\{[^{}]{1,200}\})/)
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("{") ? part.slice(1, -1).split("|") : part));
}

/** The text with what the fields say; `(not told)` where none of them says anything. */
export function fill(template: Template, read: (names: readonly string[]) => string): string {
  return template
    .map((part) => (typeof part === "string" ? part : read(part) || "(not told)"))
    .join("");
}
