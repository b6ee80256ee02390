/**
 * One spelling for exclusions that mean the same to Windows: variables, blanks, case, a star at the end. Refuses to take a folder for
 * Exchange's own that is not called so.
 */
/** What an exclusion is of. */
export const EXCLUSION_KINDS = ["path", "process", "extension"] as const;
/** One of EXCLUSION_KINDS. */
export type ExclusionKind = (typeof EXCLUSION_KINDS)[number];

const VALUE_CHARS_MAX = 1_024;

const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/^%exchangeinstallpath%\\?/, "%x%\\"],
  [/^%(?:systemroot|windir)%/, "c:\\windows"],
  [/^%(?:systemdrive|homedrive)%/, "c:"],
  [/^%programfiles%/, "c:\\programfiles"],
  [/^%(?:programdata|allusersprofile)%/, "c:\\programdata"],
  [/^%(?:userprofile|appdata|localappdata|public|temp|tmp)%/, "c:\\users\\any"],
  // Wherever it was installed: the folder keeps its name.
  [/^[a-z]:\\(?:[^\\]+\\)*exchangeserver\\v15(?:\\|$)/, "%x%\\"],
  // Every drive has a root, and users may have another one.
  [/^[a-z]:(?=$|\\users(?:\\|$))/, "c:"],
];

/**
 * One spelling of what Windows takes for the same. Blanks are left out: a hive's reader leaves them out of the names of values
 * (docs/formats/registry.md).
 */
export function plainExclusion(kind: ExclusionKind, value: string): string {
  const plain = value
    .slice(0, VALUE_CHARS_MAX)
    .toLowerCase()
    .replaceAll("/", "\\")
    .replace(/[\s"]/g, "");
  if (kind === "extension") return plain.replace(/^\*?\.(?=.)/, "");
  const text = withoutEnd(plain);
  return withoutEnd(VARIABLES.reduce((all, [pattern, by]) => all.replace(pattern, by), text));
}

/** `C:\\Temp\\*` and `C:\\Temp\\` are `C:\\Temp`. */
function withoutEnd(path: string): string {
  return path.replace(/(?:\\\*?)+$/, "");
}
