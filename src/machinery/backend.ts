/** Servers that requests are handed on to, as plain values. */

/** How an HTTPS server proves who it is, and who is said to call. */
export type BackendTls = {
  readonly trust:
    | { readonly kind: "anyone" }
    /** Authorities this machine knows. */
    | { readonly kind: "system" }
    /** PEM certificates of authorities. */
    | { readonly kind: "bundle"; readonly pem: string }
    /** Agents of nodes: the cluster's own authority. */
    | { readonly kind: "agents" };
  /** The name its certificate must be for; "": its host's. */
  readonly serverName: string;
  /** Which certificate it is shown: none, that of the front proxy, or that for agents. */
  readonly identity: "none" | "front-proxy" | "node-client";
};

export type Backend = {
  /** Undefined: plain HTTP. */
  readonly tls: BackendTls | undefined;
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** What is sent as `Host`. */
  readonly authority: string;
};

/** Lower-case names; several values of one name are several lines. */
export type BackendHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A request for a backend as it is written to a connection. */
export type BackendHead = {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  readonly headers: BackendHeaders;
};
