/** `breakwater investigate`: the main job. */
import {
  type Mode,
  OWN_RULES,
  checkCaseFile,
  investigate,
  readRuleFiles,
  readClaimsFiles,
  readText,
  refuseDiskImages,
  requirePaths,
  withVault,
  dossierJson,
} from "../../../casework/index.ts";
import { type Command, EXIT_FLAWS, FORMAT_JSON, KEYS, STRICT, VAULT } from "../command.ts";
import { PLACEHOLDERS, placeholdersOf } from "../placeholders.ts";
import { answersText, summaryOf } from "../report.ts";
import {
  actor,
  formatOf,
  nowTicks,
  passwordsOf,
  timeOption,
  vaultFolder,
  vaultSettings,
} from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary: "Takes evidence in, sealed and hashed; reads it; answers the five questions.",
  usage: "investigate [PATH]... --vault DIR [OPTION]...",
  options: [
    { ...VAULT, help: "the vault's folder; made, with its key, where it does not exist" },
    {
      name: "case",
      value: "FILE",
      help: "what people know and no log says (YAML; that of the last run)",
    },
    {
      name: "rules",
      value: "PATH",
      repeated: true,
      help: "Sigma rules besides our own (those of the last run)",
    },
    { ...PLACEHOLDERS, help: `${PLACEHOLDERS.help}; that of the last run` },
    {
      name: "claims",
      value: "FILE",
      repeated: true,
      help: "what people say about hosts and updates (CSV, YAML; those of the last run)",
    },
    { name: "as-of", value: "TIME", help: "tell clocks and ages for this moment (now)" },
    { name: "from", value: "TIME", help: "make no detections before this time" },
    { name: "to", value: "TIME", help: "make no detections from this time on" },
    {
      name: "by-reference",
      value: null,
      help: "hash the files and leave them where they are, instead of copying them",
    },
    {
      name: "passwords",
      value: "FILE",
      help: "passwords of archives, one a line (those of the last run)",
    },
    { name: "by", value: "NAME", help: "who hands the evidence in (the account's name)" },
    ...KEYS,
    FORMAT_JSON,
    STRICT,
  ],
  example: "breakwater investigate ./evidence --vault ./case --case case.yaml --by 'Ann Le Page'",
  pathsMax: Number.POSITIVE_INFINITY,
  async run(given, surroundings) {
    const { out, pace, now } = surroundings;
    const format = formatOf(given, ["text", "json"]);
    const { paths } = given;
    const folder = vaultFolder(given);
    requirePaths(paths);
    refuseDiskImages(paths);
    const caseFile = given.one("case");
    const caseText = caseFile === null ? null : readText(caseFile);
    if (caseText !== null) checkCaseFile(caseText);
    const rules = given.many("rules");
    const claims = given.many("claims");
    const request = {
      paths,
      by: actor(given),
      rules: rules.length === 0 ? null : await readRuleFiles([OWN_RULES, ...rules], pace),
      placeholders: placeholdersOf(given),
      caseFile: caseText,
      asOf: timeOption(given, "as-of") ?? nowTicks(now),
      from: timeOption(given, "from"),
      to: timeOption(given, "to"),
      byReference: given.has("by-reference"),
      passwords: passwordsOf(given),
      claims: claims.length === 0 ? null : readClaimsFiles(claims),
      notice: (line: string) => out.say(plain(line)),
    };
    const settings = vaultSettings(given, surroundings);
    const dossier = await withVault(folder, settings, modeOf(paths, request.by), (vault) =>
      investigate(vault, request, pace),
    );
    if (format === "json") await out.line(dossierJson(dossier));
    else for (const line of answersText(dossier, out)) await out.line(line);
    await out.flush();
    for (const line of summaryOf(dossier)) out.say(line);
    out.say(`next: breakwater serve --vault ${folder}`);
    return given.has("strict") && dossier.flawsTotal > 0 ? EXIT_FLAWS : 0;
  },
};

/** Without a path what the vault holds is read again, with all that was taken in since; only then must it be there. */
function modeOf(paths: readonly string[], by: string): Mode {
  return paths.length === 0 ? "open" : { createBy: by };
}
