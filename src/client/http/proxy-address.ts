/** Which proxies there are, and how one is written. */

/** The ways on that a proxy can be asked for, by the scheme of its URL. */
const SCHEMES = ["http:", "https:", "socks5:", "socks5h:"];

/** What is wrong with the address of a proxy; the address itself may hold a password. */
export class ProxyAddressError extends TypeError {
  override readonly name = "ProxyAddressError";
}

/**
 * The proxy at `text`: `http://`, `https://` (the way to the proxy itself is encrypted) or
 * `socks5://`, with `user:password@` if it wants them. Names of servers are always looked up by
 * the proxy, so `socks5h://` is the same as `socks5://`. Throws `ProxyAddressError`.
 */
export function proxyAddress(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.hostname === "") throw new ProxyAddressError("it is no URL with a host");
  if (SCHEMES.includes(url.protocol)) return url;
  const shown = `${url.protocol}//${url.host}`;
  throw new ProxyAddressError(`${shown} is no http, https or socks5 URL; others are not known`);
}

export function isSocks(proxy: URL): boolean {
  return proxy.protocol.startsWith("socks5");
}

/** The host without the brackets of IPv6 addresses, and the port, 1080 for SOCKS if none is set. */
export function placeOf(proxy: URL): { readonly host: string; readonly port: number } {
  const host = proxy.hostname.replace(/^\[(.*)\]$/, "$1");
  if (proxy.port !== "") return { host, port: Number(proxy.port) };
  if (isSocks(proxy)) return { host, port: 1_080 };
  return { host, port: proxy.protocol === "https:" ? 443 : 80 };
}

/** Who asks, if the address says so. */
export function loginOf(
  proxy: URL,
): { readonly user: string; readonly password: string } | undefined {
  const { username, password } = proxy;
  if (username === "" && password === "") return undefined;
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** The value of `Proxy-Authorization`. */
export function proxyAuthorization(proxy: URL): string | undefined {
  const login = loginOf(proxy);
  if (login === undefined) return undefined;
  return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
}
