/**
 * Recognises what PowerShell's Export-Clixml writes: a root `Objs` in PowerShell's namespace. Refuses the same objects inside
 * another document, and standard error that begins with `#< CLIXML`. Spec: MS-PSRP 2.2.5, docs/formats/clixml.md.
 */
import type { Card } from "../format.ts";
import { rootTagOf } from "../xml/encoding.ts";

/** The namespace of serialised objects, version 1.1. */
const NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04";

/** The card of CLIXML. */
export const clixmlCard: Card = {
  id: "clixml",
  reads:
    "objects that PowerShell exported (Export-Clixml): file versions, servers, updates, audit logs",
  spec: "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp/",
  recognises(head) {
    const tag = rootTagOf(head);
    return tag !== null && /^<Objs[\s>]/.test(`${tag}>`) && tag.includes(NAMESPACE);
  },
};
