/**
 * What the receiving server found about SPF, DKIM and DMARC. Of several such fields the topmost speaks: those below it
 * may have come with the mail. Spec: RFC 8601.
 */

/** Results such as `pass`, `fail`, `softfail`; "" where nothing is said. */
export interface Authentication {
  readonly spf: string;
  readonly dkim: string;
  readonly dmarc: string;
  /** The server that says so; "" where it does not name itself. */
  readonly by: string;
}

/** Reads the fields in the order in which they stand. */
export function authenticationOf(values: readonly string[]): Authentication {
  const [top = ""] = values;
  const pieces = top.split(";", 64).map((piece) => piece.trim());
  const result = (method: string) => {
    for (const piece of pieces) {
      const found = /^([a-z]+)\s*=\s*([a-z]+)/i.exec(piece);
      if (found?.[1]?.toLowerCase() === method) return found[2]?.toLowerCase() ?? "";
    }
    return "";
  };
  const [server = ""] = pieces;
  return {
    spf: result("spf"),
    dkim: result("dkim"),
    dmarc: result("dmarc"),
    by: server.includes("=") ? "" : server,
  };
}
