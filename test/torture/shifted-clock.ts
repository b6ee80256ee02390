/**
 * Loaded before the program (`node --import`), so that it sees a clock that was set back: by TORTURE_CLOCK_MILLIS, from
 * TORTURE_CLOCK_AFTER_MILLIS on. The program itself has no such switch.
 */
const back = Number(process.env["TORTURE_CLOCK_MILLIS"] ?? 0);
const after = Number(process.env["TORTURE_CLOCK_AFTER_MILLIS"] ?? 0);
const RealDate = Date;
const now = () => RealDate.now() - (performance.now() >= after ? back : 0);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[], made) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, made) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
