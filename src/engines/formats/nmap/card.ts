/**
 * Recognises scans by nmap in its XML form: a root `nmaprun`. Refuses the other outputs of nmap, which cannot be read without
 * guessing. Spec: https://nmap.org/book/nmap-dtd.html, docs/formats/nmap.md.
 */
import type { Card } from "../format.ts";
import { rootNameOf } from "../xml/encoding.ts";

/** The card of nmap scans. */
export const nmapCard: Card = {
  id: "nmap",
  reads: "nmap scans in XML (-oX): hosts, open ports, services and what scripts said of them",
  spec: "https://nmap.org/book/nmap-dtd.html",
  recognises: (head) => rootNameOf(head) === "nmaprun",
};
