/** URLs as Go reads them, errors included: expressions are written against its behaviour. */
import { quoted } from "../../machinery/go-quote.ts";

export type GoUrl = {
  readonly scheme: string;
  /** With the port. */
  readonly host: string;
  /** As it is sent: escaped. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** The whole URL as it is written again, by which URLs are compared. */
  readonly text: string;
};

export type ParsedUrl =
  | { readonly kind: "ok"; readonly url: GoUrl }
  | { readonly kind: "error"; readonly message: string };

/** Stops parsing; the message becomes the result. */
class UrlProblem extends Error {
  override readonly name = "UrlProblem";
}

const utf8 = new TextEncoder();
const forgivingUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A URL that can be requested: absolute, or an absolute path. */
export function parseRequestUri(text: string): ParsedUrl {
  return attempt(text, () => parse(text, "request"));
}

/** Any URL, maybe with a fragment. */
export function parseUrl(text: string): ParsedUrl {
  const hash = text.indexOf("#");
  const before = hash < 0 ? text : text.slice(0, hash);
  return attempt(hash < 0 ? text : before, () => {
    const url = parse(before, "any");
    if (hash < 0) return url;
    const fragment = text.slice(hash + 1);
    unescape(fragment, "path");
    return fragment === "" ? url : { ...url, text: `${url.text}#${fragment}` };
  });
}

function attempt(text: string, run: () => GoUrl): ParsedUrl {
  try {
    return { kind: "ok", url: run() };
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    return { kind: "error", message: `parse ${quoted(text)}: ${error.message}` };
  }
}

function parse(text: string, via: "request" | "any"): GoUrl {
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is refused.
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new UrlProblem("net/url: invalid control character in URL");
  }
  if (text === "" && via === "request") throw new UrlProblem("empty url");
  if (text === "*") return { scheme: "", host: "", path: "*", query: "", text };
  const { scheme, rest } = schemeOf(text);
  const mark = rest.indexOf("?");
  const query = mark < 0 ? "" : rest.slice(mark + 1);
  const hierarchy = mark < 0 ? rest : rest.slice(0, mark);
  const tail = mark < 0 ? "" : `?${query}`;
  if (!hierarchy.startsWith("/")) {
    if (scheme !== "") {
      return { scheme, host: "", path: "", query, text: `${scheme}:${hierarchy}${tail}` };
    }
    if (via === "request") throw new UrlProblem("invalid URI for request");
    if ((hierarchy.split("/", 1)[0] ?? "").includes(":")) {
      throw new UrlProblem("first path segment in URL cannot contain colon");
    }
  }
  const prefix = scheme === "" ? "" : `${scheme}:`;
  const allowsHost = scheme !== "" || (via === "any" && !hierarchy.startsWith("///"));
  if (!allowsHost || !hierarchy.startsWith("//")) {
    const path = escapedPath(hierarchy);
    return { scheme, host: "", path, query, text: `${prefix}${path}${tail}` };
  }
  const slash = hierarchy.indexOf("/", 2);
  const authority = hierarchy.slice(2, slash < 0 ? undefined : slash);
  const { user, host } = authorityOf(authority);
  const path = escapedPath(slash < 0 ? "" : hierarchy.slice(slash));
  return { scheme, host, path, query, text: `${prefix}//${user}${host}${path}${tail}` };
}

function schemeOf(text: string): { readonly scheme: string; readonly rest: string } {
  const match = /^[A-Za-z][A-Za-z0-9+\-.]*:/.exec(text);
  if (match === null) {
    if (text.startsWith(":")) throw new UrlProblem("missing protocol scheme");
    return { scheme: "", rest: text };
  }
  const [found] = match;
  return { scheme: found.slice(0, -1).toLowerCase(), rest: text.slice(found.length) };
}

function authorityOf(text: string): { readonly user: string; readonly host: string } {
  const at = text.lastIndexOf("@");
  const host = hostOf(text.slice(at + 1));
  if (at < 0) return { user: "", host };
  const user = text.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) {
    throw new UrlProblem("net/url: invalid userinfo");
  }
  unescape(user, "path");
  return { user: `${user}@`, host };
}

function hostOf(text: string): string {
  if (text.startsWith("[")) {
    const end = text.lastIndexOf("]");
    if (end < 0) throw new UrlProblem("missing ']' in host");
    checkPort(text.slice(end + 1));
    const zone = text.slice(0, end).indexOf("%25");
    if (zone >= 0) {
      const name = unescape(text.slice(zone, end), "zone");
      return `${unescape(text.slice(0, zone), "host")}${name}${text.slice(end)}`;
    }
  } else {
    const colon = text.lastIndexOf(":");
    if (colon >= 0) checkPort(text.slice(colon));
  }
  return unescape(text, "host");
}

function checkPort(text: string): void {
  if (text === "" || /^:[0-9]*$/.test(text)) return;
  throw new UrlProblem(`invalid port ${quoted(text)} after host`);
}

/** Host and port of an authority: the host without brackets. */
export function hostNameOf(host: string): string {
  const colon = host.lastIndexOf(":");
  const hasPort = colon >= 0 && /^:[0-9]*$/.test(host.slice(colon));
  const name = hasPort ? host.slice(0, colon) : host;
  return name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
}

export function portOf(host: string): string {
  return /:([0-9]*)$/.exec(host)?.[1] ?? "";
}

/** Keys and values of a query; parts that are escaped wrongly are left out. */
export function queryValues(query: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const part of query.split("&")) {
    if (part === "" || part.includes(";")) continue;
    const equals = part.indexOf("=");
    const key = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = decoded(equals < 0 ? "" : part.slice(equals + 1));
    if (key === undefined || value === undefined) continue;
    const known = values.get(key);
    if (known === undefined) values.set(key, [value]);
    else known.push(value);
  }
  return values;
}

function decoded(text: string): string | undefined {
  try {
    return unescape(text.replaceAll("+", " "), "path");
  } catch (error) {
    if (error instanceof UrlProblem) return undefined;
    throw error;
  }
}

/** What comes out of the escapes of a part of a URL. */
function unescape(text: string, mode: "path" | "host" | "zone"): string {
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/su.exec(text);
  if (bad !== null) throw new UrlProblem(`invalid URL escape ${quoted(bad[0])}`);
  if (mode !== "path") checkHostCharacters(text, mode);
  if (!text.includes("%")) return text;
  const bytes: number[] = [];
  for (const [part] of text.matchAll(/%[0-9a-fA-F]{2}|[^%]+/gu)) {
    if (part.startsWith("%")) bytes.push(Number.parseInt(part.slice(1), 16));
    else bytes.push(...utf8.encode(part));
  }
  return forgivingUtf8.decode(Uint8Array.from(bytes));
}

/** Hosts may escape only what is not ASCII, and a percent sign itself. */
function checkHostCharacters(text: string, mode: "host" | "zone"): void {
  for (const [escape] of text.matchAll(/%[0-9a-fA-F]{2}/g)) {
    const code = Number.parseInt(escape.slice(1), 16);
    const isAllowed = mode === "host" ? code >= 0x80 : code >= 0x80 || code === 0x25;
    if (escape !== "%25" && !isAllowed) {
      throw new UrlProblem(`invalid URL escape ${quoted(escape)}`);
    }
  }
  const allowed = /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]$/;
  const bad = Array.from(text).find(
    (character) => character < "\u0080" && !allowed.test(character),
  );
  if (bad !== undefined) {
    throw new UrlProblem(`invalid character ${quoted(bad)} in host name`);
  }
}

/** The path as it is sent: as it was written, if that is valid. */
function escapedPath(path: string): string {
  const plain = unescape(path, "path");
  if (/^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]*$/.test(path)) return path;
  const allowed = /^[A-Za-z0-9\-_.~$&+,/:;=@]$/;
  return Array.from(plain, (character) =>
    allowed.test(character) ? character : hex(character),
  ).join("");
}

function hex(character: string): string {
  const bytes = Array.from(utf8.encode(character));
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
