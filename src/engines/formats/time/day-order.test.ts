import fc from "fast-check";
import { expect, test } from "vitest";
import type { DayOrder } from "../../../model/evidence.ts";
import { contradiction, dayOrderAssumption, decideDayOrder, readDateText } from "./day-order.ts";

const USUAL = {
  order: "month-first",
  why: "the product writes dates of the United States",
} as const;

function decide(texts: readonly string[], dayOrder?: DayOrder) {
  return decideDayOrder(texts, USUAL, dayOrder === undefined ? {} : { dayOrder });
}

test("a number over 12 decides, whatever is usual and whatever the case file says", () => {
  const reading = decide(["03/04/2021 04:12", "13/04/2021 05:00"], "month-first");
  expect(reading).toEqual({
    order: "day-first",
    why: "decided by 13/04/2021, which has one reading",
    example: "03/04/2021",
  });
  expect(dayOrderAssumption("a.csv", reading)).toEqual({
    file: "a.csv",
    what: "day-order",
    value: "day-first: 03/04/2021 is 3 April 2021; the other reading is 4 March 2021",
    why: "decided by 13/04/2021, which has one reading",
  });
  expect(decide(["4/13/2021"]).order).toBe("month-first");
  expect(decide(["31/02/2021", "02/31/2021"]).example).toBeNull();
});

test("where both orders are proven the more count, and that is said", () => {
  const reading = decide(["01/13/2021", "13/01/2021", "14/01/2021"]);
  expect(reading.order).toBe("day-first");
  expect(reading.why).toBe(
    "decided by 13/01/2021, which has one reading; dates that say the contrary: 1",
  );
  expect(readDateText("01/13/2021 04:00", reading.order)).toEqual({ kind: "contradicts" });
  expect(contradiction("01/13/2021 04:00", reading)).toEqual({
    what: "date",
    need: "a day-first date, as the file's others",
    have: "01/13/2021 04:00",
  });
});

test("else the case file says", () => {
  expect(decide(["03/04/2021"], "day-first")).toEqual({
    order: "day-first",
    why: "the case file says so for this file",
    example: "03/04/2021",
  });
});

test("else the order of the rows, where only one reading keeps it", () => {
  const rows = ["10/08/2021", "11/08/2021", "12/08/2021", "01/09/2021", "02/09/2021"];
  expect(decide(rows)).toMatchObject({
    order: "day-first",
    why: expect.stringContaining("order of its rows"),
  });
  expect(decide(rows.toReversed()).order).toBe("day-first");
  // Either way they ascend.
  expect(decide(["01/02/2021", "02/03/2021", "03/04/2021", "04/05/2021"]).why).toContain(USUAL.why);
  // Too few to be more than chance.
  expect(decide(["12/08/2021", "01/09/2021"]).order).toBe("month-first");
});

test("a file sorted as text is no evidence: it only looks like months first", () => {
  const sorted = ["01/09/2021", "02/08/2021", "03/07/2021", "04/06/2021", "05/05/2021"];
  const usual = { order: "day-first", why: "x" } as const;
  expect(decideDayOrder(sorted, usual, {}).order).toBe("day-first");
  expect(decideDayOrder(sorted.toReversed(), usual, {}).order).toBe("day-first");
});

test("else what is usual; with dots the day", () => {
  expect(decide(["03/04/2021"]).why).toBe(`nothing in the file decides; ${USUAL.why}`);
  expect(decide(["03.04.2021"])).toMatchObject({
    order: "day-first",
    why: expect.stringContaining("dots"),
  });
});

test("nothing is assumed where no date needs it", () => {
  const reading = decide(["2021-08-13 04:12", "13 Aug 2021", "soon", ""]);
  expect(reading.example).toBeNull();
  expect(dayOrderAssumption("a", reading)).toBeNull();
  // 5 May has one reading; it is shown as it is.
  expect(dayOrderAssumption("a", decide(["05/05/2021", "13/05/2021"]))?.value).toBe(
    "day-first: 13/05/2021 is 13 May 2021",
  );
});

test("dates are read by the order; the time of day and its zone stay", () => {
  expect(readDateText("03/04/21 4:12:33 PM", "day-first")).toEqual({
    kind: "read",
    iso: "2021-04-03T16:12:33",
  });
  expect(readDateText("03/04/2021 04:12Z", "month-first")).toEqual({
    kind: "read",
    iso: "2021-03-04T04:12:00Z",
  });
  expect(readDateText("2021-03-04", "day-first")).toEqual({ kind: "read", iso: "2021-03-04" });
  expect(readDateText("31/02/2021", "day-first")).toEqual({ kind: "none" });
  expect(readDateText("soon", "day-first")).toEqual({ kind: "none" });
});

test("property: dates printed in one order come back as they were, if one of them is past the twelfth", () => {
  const day = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });
  fc.assert(
    fc.property(fc.array(day, { minLength: 1 }), fc.boolean(), (millis, isDayFirst) => {
      const isos = [...millis, Date.UTC(2021, 7, 13)].map((at) =>
        new Date(at).toISOString().slice(0, 10),
      );
      const texts = isos.map((iso) => {
        const [year = "", month = "", date = ""] = iso.split("-");
        return isDayFirst ? `${date}/${month}/${year}` : `${Number(month)}/${Number(date)}/${year}`;
      });
      const { order } = decide(texts);
      expect(order).toBe(isDayFirst ? "day-first" : "month-first");
      expect(texts.map((text) => readDateText(text, order))).toEqual(
        isos.map((iso) => ({ kind: "read", iso })),
      );
    }),
  );
});
