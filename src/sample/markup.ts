/** XML as text, for what the sample writes in it. Refuses to know of namespaces or of white space that counts. */

/** An element with its attributes; `inside` is markup already. */
export function element(
  name: string,
  values: Readonly<Record<string, string | number>>,
  inside = "",
): string {
  const opened = `<${name}${attributesOf(values)}`;
  return inside === "" ? `${opened}/>` : `${opened}>${inside}</${name}>`;
}

function attributesOf(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${escaped(String(value)).replaceAll('"', "&quot;").replaceAll("\n", "&#xa;")}"`,
    )
    .join("");
}

/** A text as it stands between two tags. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
