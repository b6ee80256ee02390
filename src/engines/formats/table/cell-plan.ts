/**
 * What the rows of one list of columns say, made ready for rows that stay bytes: their names, those of the knowledge beside
 * them, and what is the same in every row. Refuses lists of columns that need each row to be decoded (row.ts).
 */
import { type FieldValue, spelled } from "../../../model/event.ts";
import type { Beyond, Cells } from "../csv/batch.ts";
import { type Columns, columnsOf } from "../csv/columns.ts";
import { type Plan, hostOf } from "./row.ts";

/** Values of rows, whatever they are written in. */
export type Values = Pick<Cells, "value">;

/** The columns of rows made ready, and what the rows say beyond them. */
export interface CellPlan {
  readonly plan: Plan;
  readonly columns: Columns;
  readonly beyond: BeyondValues;
}

/** As Beyond, for values of any writing. */
export interface BeyondValues extends Pick<Beyond, "names"> {
  host(values: Values, row: number): string;
  field(values: Values, row: number, name: string): FieldValue | undefined;
  json(values: Values, row: number): string;
}

/**
 * Makes a plan ready for rows as offsets. Null where a common name is a column that may say something else, or a name is
 * a number, which JSON moves to the front: such rows are decoded one by one (row.ts). `isTyped`: values say themselves whether they are texts.
 */
export function cellPlanOf(plan: Plan, isTyped: boolean): CellPlan | null {
  const names = plan.fields.map((name) => name ?? "");
  const others: [name: string, column: number][] = [];
  const chosen = new Map<string, readonly number[]>();
  for (const [name, [column, ...more]] of plan.also) {
    if (column === undefined) continue;
    if (names.includes(name)) return null;
    // Names stand in the order of the knowledge: behind the first that is chosen row by row all are.
    if (more.length === 0 && chosen.size === 0) others.push([name, column]);
    else chosen.set(name, [column, ...more]);
  }
  const constants = new Map(plan.constants);
  const taken = new Set([...names, ...others.map(([name]) => name), ...chosen.keys()]);
  if ([...constants.keys()].some((name) => taken.has(name))) return null;
  if (names.some((name) => /^\d+$/.test(name))) return null;
  const columns = columnsOf(names, () => isTyped, others, "cut");
  return columns === null ? null : { plan, columns, beyond: beyondOf(plan, chosen, constants) };
}

function beyondOf(
  plan: Plan,
  chosen: ReadonlyMap<string, readonly number[]>,
  constants: ReadonlyMap<string, string>,
): BeyondValues {
  const field = (values: Values, row: number, name: string) =>
    constants.get(name) ?? firstValue(values, row, chosen.get(name) ?? []);
  const always = [...constants].map(([name, value]) => member(name, value)).join("");
  const json = (values: Values, row: number) => {
    let some = "";
    for (const [name, columns] of chosen) some += member(name, firstValue(values, row, columns));
    return some + always;
  };
  const host = (values: Values, row: number) => {
    const value = firstValue(values, row, plan.host);
    return typeof value === "string" || typeof value === "number" ? hostOf(String(value)) : "";
  };
  return { names: [...chosen.keys(), ...constants.keys()], field, json, host };
}

function member(name: string, value: FieldValue | undefined): string {
  return value === undefined ? "" : `,${JSON.stringify(name)}:${JSON.stringify(value, spelled)}`;
}

function firstValue(
  values: Values,
  row: number,
  columns: readonly number[],
): FieldValue | undefined {
  for (const column of columns) {
    const value = values.value(row, column);
    if (value !== undefined) return value;
  }
  return undefined;
}
