/** The door of growing logs: follow files and syslog into the vault, and read back what is committed. */
export { followLogs } from "./follow-logs.ts";
export type { FollowSettings, Following } from "./follow-logs.ts";
export { knownLogs, logsOf } from "./known-logs.ts";
export type { KnownLog } from "./known-logs.ts";
export { openLog } from "./log-source.ts";
