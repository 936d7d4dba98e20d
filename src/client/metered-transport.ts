/**
 * Counts what is asked of servers, under the names that client-go made known. How many requests
 * there are is always told; the rest costs a series for each verb and bucket, so it is asked for.
 */
import type { Clock } from "../base/env.ts";
import type { Histogram, Metrics } from "../base/metrics.ts";
import type { ApiRequest, ApiResponse } from "../machinery/request.ts";
import type { Transport } from "./transport.ts";

/**
 * What can be told of requests besides their number:
 *
 * - `duration`: `rest_client_request_duration_seconds`, of each try, until its answer is read;
 *   watches and followed logs have none.
 * - `dns`: `rest_client_dns_resolution_duration_seconds`, of each new connection to a name.
 * - `request-size`: `rest_client_request_size_bytes`, of the body; 0 without one.
 * - `response-size`: `rest_client_response_size_bytes`, of the body; watches and followed logs have
 *   none.
 * - `retries`: `rest_client_request_retries_total`, by the code of the try before.
 */
export type ClientMetric = "duration" | "dns" | "request-size" | "response-size" | "retries";

/** Those that are wanted. */
export type ClientMetrics = readonly ClientMetric[] | "all";

export type MeterOptions = {
  readonly metrics: Metrics;
  /** Name and port of the server. */
  readonly host: string;
  /** Default: none. */
  readonly clientMetrics?: ClientMetrics | undefined;
  readonly clock: Clock;
};

/** Of client-go. */
export const REQUEST_SECONDS_BUCKETS: readonly number[] = [
  0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60,
];

const SIZE_BYTES_BUCKETS: readonly number[] = [
  64, 256, 512, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
];

/** In place of a status code, where no answer came. */
const NO_CODE = "<error>";

/** Whether one of the metrics that are asked for is among those wanted. */
export function isWanted(wanted: ClientMetrics | undefined, metric: ClientMetric): boolean {
  return wanted !== undefined && (wanted === "all" || wanted.includes(metric));
}

/** `transport`, with each request counted, tries again included. */
export function meteredTransport(transport: Transport, options: MeterOptions): Transport {
  const { metrics, host } = options;
  const total = metrics.counter(
    "rest_client_requests_total",
    "Requests by status code, method and host",
  );
  const details = detailsOf(options);
  return {
    send: async (request, context) => {
      let code = NO_CODE;
      const told = details?.begin(request);
      const inside = told === undefined ? context : { ...context, traffic: told };
      try {
        const response = await transport.send(request, inside);
        code = String(response.status);
        told?.answered(response);
        return response;
      } finally {
        total.add({ code, method: request.method, host });
        told?.ended(code);
      }
    },
    close: () => transport.close(),
  };
}

type Try = {
  readonly sent: (bytes: number) => void;
  readonly received: (bytes: number) => void;
  readonly answered: (response: ApiResponse) => void;
  readonly ended: (code: string) => void;
};

/** Undefined: nothing but the number is wanted, so that nothing else costs anything. */
function detailsOf(options: MeterOptions): { begin(request: ApiRequest): Try } | undefined {
  const { metrics, host, clientMetrics, clock } = options;
  const isAny = clientMetrics === "all" || clientMetrics?.some((metric) => metric !== "dns");
  if (isAny !== true) return undefined;
  const durations = wantedHistogram(options, "duration", REQUEST_SECONDS_BUCKETS);
  const requestSizes = wantedHistogram(options, "request-size", SIZE_BYTES_BUCKETS);
  const responseSizes = wantedHistogram(options, "response-size", SIZE_BYTES_BUCKETS);
  const retries = isWanted(clientMetrics, "retries")
    ? metrics.counter(
        "rest_client_request_retries_total",
        "Requests sent again, by the status code of the try before, verb and host",
      )
    : undefined;
  const codes = new WeakMap<ApiRequest, string>(); // a request that is sent again is the same one
  return {
    begin: (request) => {
      const labels = { verb: request.method, host };
      const before = codes.get(request);
      if (before !== undefined) retries?.add({ ...labels, code: before });
      const beganMs = clock.monotonic();
      return {
        sent: (bytes) => requestSizes?.observe(labels, bytes),
        received: (bytes) => responseSizes?.observe(labels, bytes),
        answered: ({ body }) => {
          const isLasting = body.kind === "events" || body.kind === "stream";
          if (!isLasting) durations?.observe(labels, (clock.monotonic() - beganMs) / 1_000);
        },
        ended: (code) => {
          if (retries !== undefined) codes.set(request, code);
        },
      };
    },
  };
}

const HISTOGRAMS = {
  duration: [
    "rest_client_request_duration_seconds",
    "How long tries of requests take until their answers are read, by verb and host",
  ],
  "request-size": ["rest_client_request_size_bytes", "Bodies of requests by verb and host"],
  "response-size": ["rest_client_response_size_bytes", "Bodies of answers by verb and host"],
} as const;

function wantedHistogram(
  { metrics, clientMetrics }: MeterOptions,
  metric: keyof typeof HISTOGRAMS,
  buckets: readonly number[],
): Histogram | undefined {
  const [name, help] = HISTOGRAMS[metric];
  return isWanted(clientMetrics, metric) ? metrics.histogram(name, help, buckets) : undefined;
}

/** `example.dev:6443` of the address of a server; the address itself if it is none. */
export function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}
