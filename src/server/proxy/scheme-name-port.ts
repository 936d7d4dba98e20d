/** Names in the paths of proxies: `name`, `name:port` or `scheme:name:port`. */

export type SchemeNamePort = {
  /** "" if none is named: HTTP. */
  readonly scheme: string;
  readonly name: string;
  /** A number or a name; "" if none is named. */
  readonly port: string;
};

/** Undefined: it is none. */
export function splitSchemeNamePort(text: string): SchemeNamePort | undefined {
  const parts = text.split(":");
  const [scheme, name, port] =
    parts.length === 1 ? ["", parts[0], ""] : parts.length === 2 ? ["", parts[0], parts[1]] : parts;
  if (parts.length > 3 || name === undefined || name === "") return undefined;
  if (scheme !== "" && scheme !== "http" && scheme !== "https") return undefined;
  return { scheme, name, port: port ?? "" };
}
