/** Counts what is asked of servers, under the name that client-go made known. */
import type { Metrics } from "../base/metrics.ts";
import type { Transport } from "./transport.ts";

/** In place of a status code, where no answer came. */
const NO_CODE = "<error>";

/** `transport`, with each request counted, tries again included. `host`: name and port. */
export function meteredTransport(transport: Transport, metrics: Metrics, host: string): Transport {
  const total = metrics.counter(
    "rest_client_requests_total",
    "Requests by status code, method and host",
  );
  return {
    send: async (request, context) => {
      let code = NO_CODE;
      try {
        const response = await transport.send(request, context);
        code = String(response.status);
        return response;
      } finally {
        total.add({ code, method: request.method, host });
      }
    },
    close: () => transport.close(),
  };
}

/** `example.dev:6443` of the address of a server; the address itself if it is none. */
export function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}
