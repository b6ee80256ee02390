/** Members as people read them. Refuses to be an identity: that stays as the archive spells it. */

/** Velociraptor keeps uploads by accessor and percent-encodes drives and blanks: `uploads/auto/C%3A/Windows`. */
const VELOCIRAPTOR = /(?:^|\/)uploads\/[^/]+\/.*%[0-9a-f]{2}/i;

/** The label of a member of the evidence labelled `file`; of the evidence itself where `member` is empty. */
export function labelOf(file: string, member: string): string {
  if (member === "") return file;
  return `${file}!/${member.split("!/").map(decoded).join("!/")}`;
}

function decoded(name: string): string {
  if (!VELOCIRAPTOR.test(name)) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
