/** `url("https://example.com:80/a?b=c").getHost()` */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { PARSE_TO_TEXT_COST } from "../cost/kubernetes-costs.ts";
import { ArrayList } from "../eval/lists.ts";
import { EntryMap } from "../eval/maps.ts";
import {
  declare,
  method,
  overload,
  type CelLibrary,
  type FunctionDeclaration,
} from "../functions.ts";
import { BOOL, listOf, mapOf, objectType, STRING, type CelObjectType } from "../types.ts";
import type { CelOpaque, CelResult, CelValue } from "../values.ts";
import {
  hostNameOf,
  parseRequestUri,
  parseUrl,
  portOf,
  queryValues,
  type GoUrl,
} from "./go-url.ts";

export const URL_TYPE: CelObjectType = objectType("kubernetes.URL", {});

/** A URL as a value. */
class UrlValue implements CelOpaque {
  readonly kind = "opaque";
  readonly type: CelObjectType = URL_TYPE;
  readonly url: GoUrl;

  constructor(url: GoUrl) {
    this.url = url;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof UrlValue && other.url.text === this.url.text;
  }
}

export const URLS_LIBRARY: CelLibrary = {
  name: "kubernetes.urls",
  functions: [
    declare("url", [overload("string_to_url", [STRING], URL_TYPE, toUrl)], PARSE_TO_TEXT_COST),
    declare("isURL", [
      overload("is_url_string", [STRING], BOOL, ([text = null]) =>
        typeof text === "string" ? parseRequestUri(text).kind === "ok" : noSuchOverload(),
      ),
    ]),
    getter("getScheme", "url_get_scheme", ({ scheme }) => scheme),
    getter("getHost", "url_get_host", ({ host }) => host),
    getter("getHostname", "url_get_hostname", ({ host }) => hostNameOf(host)),
    getter("getPort", "url_get_port", ({ host }) => portOf(host)),
    getter("getEscapedPath", "url_get_escaped_path", ({ path }) => path),
    declare("getQuery", [
      method("url_get_query", [URL_TYPE], mapOf(STRING, listOf(STRING)), ([value = null]) =>
        value instanceof UrlValue ? queryMap(value.url) : noSuchOverload(),
      ),
    ]),
  ],
};

function getter(name: string, id: string, read: (url: GoUrl) => string): FunctionDeclaration {
  return declare(name, [
    method(id, [URL_TYPE], STRING, ([value = null]) =>
      value instanceof UrlValue ? read(value.url) : noSuchOverload(),
    ),
  ]);
}

function toUrl([text = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string") return noSuchOverload();
  const requested = parseRequestUri(text);
  const parsed = requested.kind === "ok" ? parseUrl(text) : requested;
  if (parsed.kind === "ok") return new UrlValue(parsed.url);
  return new CelError(`URL parse error during conversion from string: ${parsed.message}`);
}

function queryMap(url: GoUrl): CelResult {
  const entries = [...queryValues(url.query)];
  return EntryMap.of(entries.map(([key, values]) => [key, ArrayList.of(values)] as const));
}
