/** Where an API server is, and how it and its callers know each other. */
import type { LookupFunction } from "node:net";
import { errorText } from "../../base/error-text.ts";
import { proxyAddress } from "./proxy-address.ts";

/** A certificate by which a server knows the caller, and its key. */
export type ClientCertificate = {
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
};

/** How the two ends of a TLS connection know each other. */
export type TlsMaterial = {
  /** PEM of the authorities the server's certificate must come from. */
  readonly authority?: string | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
};

/** What a request showed of its caller. */
export type ShownCredentials = {
  /** Undefined: none. */
  readonly token: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
};

/**
 * Where an API server is, whom to believe, and who asks. Only `server` is needed; kubeconfigs and
 * the cluster a program runs in give the rest: `clientFromKubeconfig`, `inClusterAccess`.
 */
export type ConnectionOptions = {
  /** `https://host:6443`, with a path before all others if there is one, or `http://` in clear. */
  readonly server: string;
  /** PEM of the authorities the server's certificate must come from (default: the system's). */
  readonly authority?: string;
  /** The name in the server's certificate (default: the host of `server`). */
  readonly serverName?: string;
  /** Believe any certificate: anyone on the way can read and write everything (default false). */
  readonly isUnverified?: boolean;
  /** Shown to servers that ask who calls. Default: none. */
  readonly clientCertificate?: ClientCertificate;
  /**
   * Certificates that are replaced while they are in use; goes before `authority` and
   * `clientCertificate`. Asked for before each request, so it answers from memory as a rule. When
   * it gives others, new connections are made with them; what is open on those of before, such as
   * a watch, goes on to its end.
   */
  readonly tlsMaterial?: () => Promise<TlsMaterial>;
  /** The bearer token, asked for before each request; "": none. */
  readonly token?: () => Promise<string>;
  /**
   * Whose credentials these are, and how they are renewed: said when the server does not accept
   * them. Default: nothing is said of that.
   */
  readonly caller?: { readonly name: string; readonly renewal: string };
  /**
   * Called when the server does not know the caller, with what was shown to it. `token` and
   * `tlsMaterial` are asked again then, and if they give something else, the request is sent once
   * more: a server that does not know the caller has done nothing.
   */
  readonly onUnauthorized?: (shown: ShownCredentials) => void;
  /**
   * A proxy on the way: `http://`, `https://` or `socks5://[user:password@]host:port`. The proxy
   * looks up names. An `https` proxy is believed by `authority` and the system's authorities.
   * Default: none; the environment is read by those who read kubeconfigs, not here.
   */
  readonly proxy?: string;
  /** Act as someone else, if the server allows it. */
  readonly impersonate?: {
    readonly user: string;
    readonly groups?: readonly string[];
    readonly uid?: string;
    /** What else is known of the user, by key. */
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  /** How names of hosts are looked up (default: as the system does). */
  readonly lookup?: LookupFunction;
  /** Default "setpoint". */
  readonly userAgent?: string;
  /** A server that has not begun to answer after this counts as lost (default 70 s). */
  readonly responseTimeoutMs?: number;
  /** A connection that is not made after this counts as refused (default 10 s). */
  readonly connectTimeoutMs?: number;
};

/** The same with everything decided. */
export type Connection = {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Put before all paths; empty or `/like/this`. */
  readonly pathPrefix: string;
  readonly authority: string | undefined;
  /** What the server's certificate must name. */
  readonly serverName: string;
  readonly isUnverified: boolean;
  readonly clientCertificate: ClientCertificate | undefined;
  readonly connectTimeoutMs: number;
  readonly proxy: URL | undefined;
  readonly lookup: LookupFunction | undefined;
};

/** Throws a `TypeError` that names the option at fault. */
export function connectionOf(options: ConnectionOptions): Connection {
  const url = URL.parse(options.server);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new TypeError(`server: ${JSON.stringify(options.server)} is no http or https URL`);
  }
  const isTls = url.protocol === "https:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1"); // IPv6 addresses stand in brackets
  return {
    host,
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    isTls,
    pathPrefix: url.pathname.replace(/\/$/, ""),
    authority: options.authority,
    serverName: options.serverName ?? host,
    isUnverified: options.isUnverified ?? false,
    clientCertificate: options.clientCertificate,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    proxy: options.proxy === undefined ? undefined : proxyOf(options.proxy),
    lookup: options.lookup,
  };
}

/** Host and port as they stand in URLs. */
export function authorityOf({ host, port }: Pick<Connection, "host" | "port">): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function proxyOf(text: string): URL {
  try {
    return proxyAddress(text);
  } catch (cause) {
    throw new TypeError(`proxy: ${errorText(cause)}`, { cause });
  }
}
