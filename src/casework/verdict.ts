/** What a check of a vault, a dossier, an export or a certificate found: one shape for people and programs. No behaviour. */

/** What a check found; `troubles` name file, entry or object, and what is wrong with it. */
export interface Verdict {
  readonly intact: boolean;
  readonly checked: readonly string[];
  readonly troubles: readonly string[];
  readonly unchecked: readonly string[];
}
