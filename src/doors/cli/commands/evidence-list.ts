/** `breakwater evidence list`: what was taken in, and what came of it. */
import { type Custody, custodyOf, hasRun, withVault } from "../../../casework/index.ts";
import { formatTicks } from "../../../base/time.ts";
import type { EvidenceAccount } from "../../../model/dossier.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { lastDossier } from "../last-dossier.ts";
import { formatOf, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Lists the evidence of a vault: hash, size, events, flaws, who handed it in, who holds it.",
  usage: "evidence list --vault DIR [--format json]",
  options: [VAULT, ...KEYS, FORMAT_JSON],
  example: "breakwater evidence list --vault ./case",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out } = surroundings;
    const settings = vaultSettings(given, surroundings);
    const rows = await withVault(vaultFolder(given), settings, "open", async (vault) => {
      const held = custodyOf(vault);
      const custody = new Map(held.map((one) => [keyOf(one.evidence), one]));
      const accounts = hasRun(vault) ? (await lastDossier(vault, null, surroundings)).evidence : [];
      const known = new Set(accounts.map(({ evidence }) => keyOf(evidence)));
      // Taken in since the last run, or by one that was stopped: it is here, whatever comes of it.
      const pending = held.filter(({ evidence }) => !known.has(keyOf(evidence)));
      return [
        ...accounts.map((one) => rowOf(one, custody.get(keyOf(one.evidence)))),
        ...pending.map((one) => rowOf(pendingAccount(one.evidence), one)),
      ];
    });
    if (format === "json") {
      await out.json(rows);
      return 0;
    }
    for (const row of rows) await out.line(lineOf(row));
    return 0;
  },
};

/** What is said of evidence that no run has read. */
function pendingAccount(evidence: Evidence): PendingAccount {
  const intake = "pending";
  return { evidence, member: "", intake, format: null, events: 0, flaws: 0 };
}

type PendingAccount = Omit<EvidenceAccount, "intake" | "assumptions"> & {
  readonly intake: EvidenceAccount["intake"] | "pending";
};

type Row = ReturnType<typeof rowOf>;

/** One evidence or member as data: what came of it, where its bytes are, and who holds it. */
function rowOf(account: PendingAccount, custody: Custody | undefined) {
  const { evidence, member, intake, format, events, flaws } = account;
  const { kind, ...where } = custody?.evidence.holding ?? evidence.holding;
  return {
    evidence: evidence.hash,
    file: evidence.file,
    size_bytes: evidence.sizeBytes,
    intake,
    format,
    events,
    flaws,
    by: evidence.by,
    taken_at: formatTicks(evidence.takenAt, 0),
    member,
    holding: kind,
    destroyed_at: "at" in where ? formatTicks(where.at, 0) : null,
    holds: (custody?.holds ?? []).map(({ entry, at, by, reason }) => ({
      hold: entry,
      by,
      since: formatTicks(at, 0),
      reason,
    })),
  };
}

/** What tells evidence apart even where the same bytes were destroyed and handed in again. */
function keyOf({ hash, takenAt }: Evidence): string {
  return `${hash} ${takenAt}`;
}

function lineOf(row: Row): string {
  const columns = [
    row.evidence.slice(0, 16),
    `${String(row.size_bytes).padStart(12)} B`,
    wordOf(row).padEnd(12),
    `${String(row.events).padStart(9)} events ${String(row.flaws).padStart(5)} flaws`,
    plain(row.file),
  ];
  const notes = [
    ...(row.holding === "referenced" ? ["not copied"] : []),
    ...(row.destroyed_at === null ? [] : [`destroyed ${row.destroyed_at}`]),
    ...row.holds.map(({ hold, by }) => `hold ${hold} by ${plain(by)}`),
  ];
  return `${columns.join("  ")}${notes.length === 0 ? "" : `  [${notes.join("; ")}]`}`;
}

function wordOf({ intake, format, holding }: Row): string {
  if (holding === "destroyed") return "destroyed";
  if (intake === "pending") return "not yet read";
  return intake === "duplicate" ? "duplicate" : (format ?? "no reader");
}
