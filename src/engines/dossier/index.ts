/** The dossier as files that a third party reads and verifies without us (docs/design/dossier.md). */
export { renderCustodyHtml } from "./custody.ts";
export { renderDossierHtml } from "./page.ts";
export { renderDossierJson } from "./json.ts";
