/** The dossier as it is served: made again when the journal has grown, but never in the middle of other work. */
import { type Turns, type Vault, renderDossier } from "../../casework/index.ts";
import type { Dossier } from "../../model/dossier.ts";

type Rendered = ReturnType<typeof renderDossier>;

/** One vault's page; what it shows is at most as old as the last work that ended. */
export class LivePage {
  readonly #vault: Vault;
  readonly #turns: Turns;
  readonly #dossier: () => Promise<Dossier>;
  readonly #signal: AbortSignal;
  #shown: Rendered | null = null;
  /** Length of the journal that the shown page tells of. */
  #entries = 0;
  #rendering: Promise<Rendered> | null = null;

  constructor(vault: Vault, turns: Turns, dossier: () => Promise<Dossier>, signal: AbortSignal) {
    this.#vault = vault;
    this.#turns = turns;
    this.#dossier = dossier;
    this.#signal = signal;
  }

  /** The page and its data. While a command works in the vault, those from before it. Faults: as dossierOf. */
  async current(): Promise<Rendered> {
    if (this.#rendering !== null) return await this.#rendering;
    const fresh = this.#entries === this.#vault.entries().length;
    if (this.#shown !== null && (fresh || this.#turns.busy)) return this.#shown;
    this.#rendering = this.#turns.take(() => this.#render(), this.#signal);
    try {
      return await this.#rendering;
    } finally {
      this.#rendering = null;
    }
  }

  async #render(): Promise<Rendered> {
    const dossier = await this.#dossier();
    this.#shown = renderDossier(dossier);
    this.#entries = dossier.vault.entries;
    return this.#shown;
  }
}
