/**
 * The elements of CLIXML and what each stands for. Refuses to name .NET types beyond the primitive ones: an object is known
 * by the last part of its type's name. Spec: MS-PSRP 2.2.5.1 (primitive types), 2.2.5.2 (complex objects).
 */

/** How the text of a primitive element is read. */
export type Primitive = "text" | "number" | "truth" | "bytes" | "nothing";

/** Primitive elements (MS-PSRP 2.2.5.1) and how their text is read; an empty tag name stands for none. */
export const PRIMITIVES: ReadonlyMap<string, Primitive> = new Map([
  ["S", "text"],
  ["C", "number"],
  ["B", "truth"],
  ["DT", "text"],
  ["TS", "text"],
  ["By", "number"],
  ["SB", "number"],
  ["U16", "number"],
  ["I16", "number"],
  ["U32", "number"],
  ["I32", "number"],
  ["U64", "number"],
  ["I64", "number"],
  ["Sg", "number"],
  ["Db", "number"],
  ["D", "number"],
  ["BA", "bytes"],
  ["G", "text"],
  ["URI", "text"],
  ["Nil", "nothing"],
  ["Version", "text"],
  ["XD", "text"],
  ["SBK", "text"],
  ["SS", "text"],
]);

/** What lists their elements one after the other: list, stack, queue, any other enumerable (2.2.5.2.6). */
export const LISTS: ReadonlySet<string> = new Set(["LST", "STK", "QUE", "IE"]);

/** Properties of an object, and what PowerShell added to them (2.2.5.2.8, 2.2.5.2.9). */
export const PROPERTIES = ["Props", "MS"] as const;

/** A copy of the whole object for .NET's own reader that Exchange adds to nearly every value: it says nothing new. */
export const REPEATED = "SerializationData";

/** Names of types that people know by another name. */
const CALLED: ReadonlyMap<string, string> = new Map([["Win32_QuickFixEngineering", "HotFix"]]);

/**
 * The short name of a type: `Deserialized.System.Diagnostics.FileVersionInfo` is a FileVersionInfo,
 * `…CimInstance#root/cimv2/Win32_X` a Win32_X; type arguments and assemblies go.
 */
export function shortTypeName(type: string): string {
  const bare = type.split(/[`[,]/, 1)[0] ?? "";
  const name = bare.split(/[.+#\\/]/).at(-1) ?? "";
  return CALLED.get(name) ?? name;
}

/** A text as it was before `_xHHHH_` stood for what XML cannot hold (2.2.5.3.2). */
export function unescaped(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}
