/** The transport of a program that counts its requests, and times how it finds its servers. */
import { lookup, type LookupAddress, type LookupOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Clock, Env } from "../../base/env.ts";
import type { Metrics } from "../../base/metrics.ts";
import {
  hostOf,
  isWanted,
  meteredTransport,
  REQUEST_SECONDS_BUCKETS,
  type ClientMetrics,
} from "../metered-transport.ts";
import type { Transport } from "../transport.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { httpTransport } from "./http-transport.ts";

/** What a client tells of its requests, and where. */
export type CountingOptions = {
  /** Where requests are counted (default: nowhere). */
  readonly metrics?: Metrics | undefined;
  /**
   * What is told of requests besides their number, in `metrics` (default: nothing): a list such as
   * `["duration", "retries"]`, or `"all"`.
   */
  readonly clientMetrics?: ClientMetrics | undefined;
};

/** An HTTP transport; free of any counting where no metrics are given. */
export function countedTransport(
  connection: ConnectionOptions,
  { metrics, clientMetrics }: CountingOptions,
  env: Env,
): Transport {
  if (metrics === undefined) return httpTransport(connection, env);
  const { clock } = env;
  const timed = isWanted(clientMetrics, "dns") ? { lookup: timedLookup(metrics, clock) } : {};
  const http = httpTransport({ ...timed, ...connection }, env);
  const host = hostOf(connection.server);
  return meteredTransport(http, { metrics, host, clientMetrics, clock });
}

/** Finds addresses as Node does without it; addresses that need no finding never get here. */
function timedLookup(metrics: Metrics, clock: Clock): LookupFunction {
  const seconds = metrics.histogram(
    "rest_client_dns_resolution_duration_seconds",
    "How long it takes to find the address of a host",
    REQUEST_SECONDS_BUCKETS,
  );
  return (host, options, tell) => {
    const beganMs = clock.monotonic();
    const all: LookupOptions = options;
    lookup(host, all, (error, address: string | LookupAddress[], family) => {
      seconds.observe({ host }, (clock.monotonic() - beganMs) / 1_000);
      tell(error, address, family);
    });
  };
}
