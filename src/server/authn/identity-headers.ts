/**
 * Headers that say who somebody is: `X-Remote-…` of a proxy, `Impersonate-…` of who acts for
 * another. Several of one name are several values, which may have commas in them; they arrive
 * separated by line feeds, which no header can contain.
 */

type Headers = Readonly<Record<string, string>>;

/** Whether the values of a header of this (lower-case) name are kept apart. */
export function isIdentityHeader(name: string): boolean {
  return name.startsWith("impersonate-") || name.startsWith("x-remote-");
}

/** The headers without what proves who sent them: that is nobody's business any more. */
export function withoutCredentials(headers: Headers): Headers {
  const entries = Object.entries(headers).filter(
    ([name]) => name !== "authorization" && !name.startsWith("x-remote-"),
  );
  return Object.fromEntries(entries);
}

/** How the values of one header stand in a record of headers. */
export const VALUE_SEPARATOR = "\n";

/** All values of a header, in order. */
export function listHeader(headers: Headers, name: string): readonly string[] {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return value === undefined ? [] : value.split(VALUE_SEPARATOR);
}

/** `extra` of a user, out of the headers that begin with `prefix`; nothing if there are none. */
export function extraOf(
  headers: Headers,
  prefix: string,
): { readonly extra?: Readonly<Record<string, readonly string[]>> } {
  const names = Object.keys(headers).filter((name) => name.startsWith(prefix));
  if (names.length === 0) return {};
  const entries = names.map((name): readonly [string, readonly string[]] => [
    keyOf(name.slice(prefix.length)),
    listHeader(headers, name),
  ]);
  return { extra: Object.fromEntries(entries) };
}

/** Keys are percent-encoded; one that is not, is what it is. */
function keyOf(text: string): string {
  try {
    return decodeURIComponent(text.toLowerCase());
  } catch (error) {
    if (error instanceof URIError) return text.toLowerCase();
    throw error;
  }
}
