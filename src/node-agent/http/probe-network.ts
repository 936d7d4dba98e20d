/** Probes over real sockets. */
import http from "node:http";
import https from "node:https";
import { connect } from "node:net";
import type { Context } from "../../base/context.ts";
import {
  PROBE_BODY_BYTES_MAX,
  type HttpProbeRequest,
  type ProbeNetwork,
} from "../probe/probe-network.ts";

export const realProbeNetwork: ProbeNetwork = {
  httpGet: (request, context) => get(request, context),
  tcpConnect: (host, port, { signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const socket = connect({ host, port });
      const onAbort = (): void => {
        socket.destroy();
        reject(signal.reason);
      };
      const settle = (finish: () => void): void => {
        signal.removeEventListener("abort", onAbort);
        socket.destroy();
        finish();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      socket.once("connect", () => settle(resolve));
      socket.once("error", (error) => settle(() => reject(error)));
    }),
};

function get(
  request: HttpProbeRequest,
  { signal }: Context,
): Promise<{ readonly status: number; readonly body: string }> {
  const { scheme, host, port, path } = request;
  const headers: Record<string, string> = { "user-agent": "kube-probe/1.36", accept: "*/*" };
  for (const { name, value } of request.headers) headers[name.toLowerCase()] = value;
  const options = { host, port, path, headers, signal, agent: false, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const client = scheme === "https" ? https : http;
    const call = client.get(options, (response) => {
      const parts: Uint8Array[] = [];
      let size = 0;
      const finish = (): void => {
        response.destroy();
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).subarray(0, PROBE_BODY_BYTES_MAX).toString("utf8"),
        });
      };
      response.on("data", (chunk: Uint8Array) => {
        parts.push(chunk);
        size += chunk.length;
        if (size >= PROBE_BODY_BYTES_MAX) finish();
      });
      response.once("end", finish);
      response.once("error", reject);
    });
    call.once("error", reject);
  });
}
