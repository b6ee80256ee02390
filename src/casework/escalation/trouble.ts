/** Why a message was not sent, in words. Refuses to repeat a secret, and more of what the other side says than a line. */
import { shorten, visible } from "../../base/text.ts";

/** Whole seconds that one message may take, from the first byte to the last answer. */
export const SEND_SECONDS_MAX = 15;

const CHARS_MAX = 200;
const CAUSES_MAX = 5;

/** By what the runtime and its libraries call it, in a code or somewhere in a message. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, "the connection was refused"],
  [/ECONNRESET|EPIPE/, "the connection was cut off"],
  [/ENOTFOUND|EAI_AGAIN/, "nobody knows the name of the host"],
  [/EHOSTUNREACH/, "the host cannot be reached"],
  [/ENETUNREACH/, "the network cannot be reached"],
  [/ETIMEDOUT|TimeoutError/, `no answer within ${SEND_SECONDS_MAX} seconds`],
  [/EMSGSIZE/, "the message is too long for the network"],
  [
    /UND_ERR_SOCKET|Connection closed unexpectedly|disconnected before secure/,
    "it closed the connection before it answered",
  ],
  [/HPE_|UND_ERR_HEADERS_OVERFLOW|HTTP\/1\.1 protocol/, "what it answers is not HTTP"],
  [/EPROTO|wrong version number/, "it does not speak TLS at this port"],
  [/bad port/, "this port belongs to another protocol: no web address has it"],
  [/EAUTH/, "it does not take this user with this password"],
  [
    /in certificate chain|unable to (verify|get) .*certificate/,
    "its certificate is not trusted: this machine knows no such authority",
  ],
  [/self-signed certificate/, "its certificate is not trusted: it is self-signed"],
  [/certificate has expired/, "its certificate has expired"],
  [/ERR_TLS_CERT_ALTNAME_INVALID|certificate's altnames/, "its certificate is for another name"],
];

/** Some failure of sending as one line without any of the `secrets`; never empty. */
export function wordsOf(error: unknown, secrets: readonly string[] = []): string {
  const chain = chainOf(error).toReversed();
  for (const each of chain) {
    const known = WORDS.find(([pattern]) =>
      pattern.test(`${each.name} ${codeOf(each)} ${each.message}`),
    );
    if (known !== undefined) return known[1];
  }
  // What fetch says of every failure is no reason.
  const outer = chain.findLast(({ message }) => message !== "fetch failed") ?? chain.at(-1);
  const said = outer?.message.trim() ?? "";
  if (said === "" || secrets.some((secret) => tells(said, secret)))
    return `it failed (${codeOf(outer) || "no reason was given"})`;
  return shorten(visible(said), CHARS_MAX);
}

/** The error and what caused it, the outermost first. */
function chainOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let each = error; each instanceof Error && chain.length < CAUSES_MAX; ) {
    chain.push(each);
    const [first]: unknown[] = each instanceof AggregateError ? each.errors : [];
    each = first ?? each.cause;
  }
  return chain;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** Whether a text holds a secret, as it is or as base64 has it. */
function tells(text: string, secret: string): boolean {
  return (
    secret !== "" &&
    [secret, Buffer.from(secret).toString("base64")].some((each) => text.includes(each))
  );
}
