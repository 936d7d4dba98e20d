/**
 * The proxy that a program's environment names: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as Go's
 * programs read them, so that kubectl and this client go the same way.
 */
import { BlockList, isIP } from "node:net";
import { ProxyAddressError, proxyAddress } from "../http/proxy-address.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

/** Reads a variable of the program's environment. */
export type Variable = (name: string) => string | undefined;

type Place = { readonly host: string; readonly port: string };

/**
 * The proxy on the way to `server` (a URL), or none. Each variable may be in capitals or not, in
 * capitals first. A proxy without a scheme is an `http` one. Servers on this machine are never
 * behind a proxy. NO_PROXY lists, with commas: `*`, addresses, networks (10.0.0.0/8), names with
 * all below them (`example.com`), or those below only (`.example.com`, `*.example.com`), each
 * but networks with a port if wanted.
 *
 * Throws `KubeconfigError` that names the variable if what it holds is no proxy.
 */
export function proxyOfEnvironment(server: string, variable: Variable): string | undefined {
  const url = URL.parse(server);
  if (url === null) return undefined; // whoever connects will say so
  const isTls = url.protocol === "https:";
  const found = first(variable, isTls ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (found === undefined) return undefined;
  const place: Place = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase(),
    port: url.port === "" ? (isTls ? "443" : "80") : url.port,
  };
  if (isHere(place.host)) return undefined;
  if (isListed(first(variable, "NO_PROXY")?.value ?? "", place)) return undefined;
  try {
    return proxyAddress(
      /^[a-z0-9+.-]+:\/\//i.test(found.value) ? found.value : `http://${found.value}`,
    ).href;
  } catch (cause) {
    if (!(cause instanceof ProxyAddressError)) throw cause;
    const advice = `add ${place.host} to NO_PROXY to go without a proxy`;
    throw new KubeconfigError(`${found.name}: ${cause.message}; ${advice}`, { cause });
  }
}

function first(
  variable: Variable,
  name: string,
): { readonly name: string; readonly value: string } | undefined {
  for (const each of [name, name.toLowerCase()]) {
    const value = variable(each) ?? "";
    if (value !== "") return { name: each, value };
  }
  return undefined;
}

/** Whether `host` is this machine: by its one name, or an address that never leaves it. */
function isHere(host: string): boolean {
  if (host === "localhost") return true;
  const local = new BlockList();
  local.addSubnet("127.0.0.0", 8, "ipv4");
  local.addAddress("::1", "ipv6");
  return isIn(local, host);
}

function isListed(list: string, place: Place): boolean {
  return list
    .split(",")
    .map((each) => each.trim().toLowerCase())
    .some((entry) => entry !== "" && matches(entry, place));
}

function matches(entry: string, place: Place): boolean {
  if (entry === "*") return true;
  const network = /^(.+)\/(\d+)$/.exec(entry);
  if (network !== null) return isInNetwork(network[1] ?? "", Number(network[2]), place.host);
  const { host, port } = split(entry);
  if (host === "" || (port !== "" && port !== place.port)) return false;
  if (isIP(host) !== 0) {
    const one = new BlockList();
    one.addAddress(host, isIP(host) === 6 ? "ipv6" : "ipv4");
    return isIn(one, place.host);
  }
  const below = host.replace(/^\*?\./, ".");
  if (below.startsWith(".")) return place.host.endsWith(below);
  return place.host === below || place.host.endsWith(`.${below}`);
}

function isInNetwork(address: string, bits: number, host: string): boolean {
  const version = isIP(address);
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return false;
  const network = new BlockList();
  network.addSubnet(address, bits, version === 6 ? "ipv6" : "ipv4");
  return isIn(network, host);
}

function isIn(addresses: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && addresses.check(host, version === 6 ? "ipv6" : "ipv4");
}

/** `host:port`, `[::1]:port`, or either part of them; an IPv6 address has no port without them. */
function split(entry: string): Place {
  if (isIP(entry) === 6) return { host: entry, port: "" };
  const parts = /^(.*?)(?::(\d+))?$/.exec(entry);
  return { host: (parts?.[1] ?? "").replace(/^\[(.*)\]$/, "$1"), port: parts?.[2] ?? "" };
}
