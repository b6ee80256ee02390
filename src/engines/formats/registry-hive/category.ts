/**
 * What a key is about, by its path: services, run keys, exclusions of the antivirus … Refuses to tell a hive by its name: the
 * same table serves SYSTEM, SOFTWARE, NTUSER.DAT, SAM and Amcache.hve. Paths: Microsoft's documentation and, where it
 * has none, what responders' tools agree on (docs/formats/registry.md).
 */

/** Which keys a path covers: the key itself, the keys right below it, or both and all that lies deeper. */
type Reach = "itself" | "children" | "all";

/** The most precise path wins. Below the root, lower case; `software\`, `wow6432node\` and the number of a control set left out. */
const CATEGORIES: readonly (readonly [
  category: string,
  reach: Reach,
  ...paths: readonly string[],
])[] = [
  ["service", "children", "controlset\\services"],
  ["service", "all", "controlset\\services\\w3svc\\parameters"],
  [
    "run-key",
    "itself",
    "microsoft\\windows\\currentversion\\run",
    "microsoft\\windows\\currentversion\\runonce",
    "microsoft\\windows\\currentversion\\runonceex",
    "microsoft\\windows\\currentversion\\runservices",
    "microsoft\\windows\\currentversion\\policies\\explorer\\run",
  ],
  ["logon", "all", "microsoft\\windows nt\\currentversion\\winlogon", "environment"],
  ["logon", "itself", "microsoft\\windows nt\\currentversion\\windows"],
  [
    "debugger",
    "all",
    "microsoft\\windows nt\\currentversion\\image file execution options",
    "microsoft\\windows nt\\currentversion\\silentprocessexit",
  ],
  ["installed-software", "children", "microsoft\\windows\\currentversion\\uninstall"],
  [
    "installed-update",
    "children",
    "microsoft\\windows\\currentversion\\component based servicing\\packages",
  ],
  ["installed-software", "all", "microsoft\\windows\\currentversion\\installer\\userdata"],
  [
    "defender-exclusion",
    "all",
    "microsoft\\windows defender\\exclusions",
    "policies\\microsoft\\windows defender\\exclusions",
  ],
  ["defender", "all", "microsoft\\windows defender", "policies\\microsoft\\windows defender"],
  ["exchange", "all", "microsoft\\exchangeserver", "microsoft\\exchange"],
  ["iis", "all", "microsoft\\inetstp", "microsoft\\iis extensions"],
  ["scheduled-task", "all", "microsoft\\windows nt\\currentversion\\schedule\\taskcache"],
  ["windows-version", "itself", "microsoft\\windows nt\\currentversion"],
  [
    "windows-update",
    "all",
    "policies\\microsoft\\windows\\windowsupdate",
    "microsoft\\windows\\currentversion\\windowsupdate",
  ],
  ["powershell", "all", "policies\\microsoft\\windows\\powershell", "microsoft\\powershell"],
  [
    "audit-policy",
    "all",
    "microsoft\\windows\\currentversion\\policies\\system\\audit",
    "policies\\microsoft\\windows\\eventlog",
    "controlset\\services\\eventlog",
  ],
  ["user-profile", "children", "microsoft\\windows nt\\currentversion\\profilelist"],
  [
    "network",
    "all",
    "microsoft\\windows nt\\currentversion\\networklist",
    "controlset\\services\\tcpip\\parameters\\interfaces",
  ],
  ["time-zone", "itself", "controlset\\control\\timezoneinformation"],
  [
    "computer-name",
    "itself",
    "controlset\\control\\computername\\computername",
    "controlset\\services\\tcpip\\parameters",
  ],
  [
    "usb",
    "all",
    "controlset\\enum\\usbstor",
    "controlset\\enum\\usb",
    "mounteddevices",
    "microsoft\\windows\\currentversion\\explorer\\mountpoints2",
  ],
  ["logon-package", "all", "controlset\\control\\lsa", "controlset\\control\\securityproviders"],
  [
    "remote-desktop",
    "all",
    "controlset\\control\\terminal server",
    "microsoft\\terminal server client",
  ],
  ["firewall", "all", "controlset\\services\\sharedaccess\\parameters\\firewallpolicy"],
  [
    "boot",
    "itself",
    "controlset\\control\\session manager",
    "controlset\\control\\windows",
    "select",
  ],
  [
    "executed",
    "all",
    "controlset\\control\\session manager\\appcompatcache",
    "controlset\\services\\bam",
    "microsoft\\windows\\currentversion\\explorer\\userassist",
  ],
  [
    "opened",
    "all",
    "microsoft\\windows\\currentversion\\explorer\\recentdocs",
    "microsoft\\windows\\currentversion\\explorer\\typedpaths",
    "microsoft\\windows\\currentversion\\explorer\\runmru",
    "microsoft\\windows\\currentversion\\explorer\\comdlg32",
  ],
  ["account", "all", "sam\\domains\\account\\users", "sam\\domains\\builtin\\aliases"],
  ["program-file", "children", "root\\inventoryapplicationfile"],
  ["program-file", "all", "root\\file"],
  ["installed-software", "children", "root\\inventoryapplication", "root\\programs"],
  ["driver", "children", "root\\inventorydriverbinary"],
];

const BY_PATH: ReadonlyMap<
  string,
  readonly { readonly category: string; readonly reach: Reach }[]
> = byPath();

function byPath(): Map<string, { category: string; reach: Reach }[]> {
  const found = new Map<string, { category: string; reach: Reach }[]>();
  for (const [category, reach, ...paths] of CATEGORIES)
    for (const path of paths) found.set(path, [...(found.get(path) ?? []), { category, reach }]);
  return found;
}

/** The path as the table writes it. */
export function plainPath(path: string): string {
  const lower = path
    .toLowerCase()
    .replace(/^software\\/, "")
    .replace(/^wow6432node\\/, "");
  return lower.replace(/^controlset\d{3}\\/, "controlset\\");
}

/** What a key is about; "" where the table says nothing. `plain` is of plainPath. */
export function categoryOf(plain: string): string {
  let depth = 0;
  for (let end = plain.length; end > 0; end = plain.lastIndexOf("\\", end - 1), depth++) {
    const found = BY_PATH.get(plain.slice(0, end))?.find(({ reach }) =>
      reach === "all" ? true : reach === "itself" ? depth === 0 : depth === 1,
    );
    if (found !== undefined) return found.category;
  }
  return "";
}
