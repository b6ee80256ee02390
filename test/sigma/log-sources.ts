/** Our own log sources, as the program reads them. */
import { readFileSync } from "node:fs";
import { parseLogSources } from "../../src/engines/sigma/log-sources.ts";

export const LOG_SOURCES = parseLogSources(
  JSON.parse(readFileSync("knowledge/sigma-logsources.json", "utf8")),
);
