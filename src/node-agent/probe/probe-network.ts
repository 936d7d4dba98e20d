/** How probes and hooks reach a container over the network; `node-agent/http` has the real one. */
import type { Context } from "../../base/context.ts";

export type HttpProbeRequest = {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
};

export interface ProbeNetwork {
  /**
   * The status code of a GET, redirects not followed, certificates not checked, and the beginning
   * of the body. Rejects when there is no answer before the signal aborts.
   */
  httpGet(
    request: HttpProbeRequest,
    context: Context,
  ): Promise<{ readonly status: number; readonly body: string }>;
  /** Resolves when the port takes a connection. */
  tcpConnect(host: string, port: number, context: Context): Promise<void>;
}

/** More of an answer's body is not read. */
export const PROBE_BODY_BYTES_MAX: number = 10 * 1024;
