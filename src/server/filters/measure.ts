import type { Env } from "../../base/env.ts";
import type { MetricLabels } from "../../base/metrics.ts";
import type { ApiResponse, ResponseBody } from "../../machinery/request.ts";
import { handlersFor } from "../handlers/routes.ts";
import { LabelKeeper, labelsOf, type ServerMetrics } from "../metrics/server-metrics.ts";
import type { Resources } from "../registry/resource.ts";
import type { Exchange, Filter } from "./filter.ts";

/** Counts and times every request, and the streams that stay open after it. */
export function measure(deps: {
  readonly env: Env;
  readonly metrics: ServerMetrics;
  readonly resources: Resources;
}): Filter {
  const { metrics, env } = deps;
  const keeper = new LabelKeeper();
  return async (exchange, next, context) => {
    const labels = keeper.keep(labelsOf(exchange, isServed(exchange, deps.resources)));
    const kind = isMutating(exchange) ? MUTATING : READ_ONLY;
    const beganMs = env.clock.monotonic();
    metrics.inflight.add(kind, 1);
    try {
      const answer = await next(exchange, context);
      metrics.requests.add(keeper.keep({ ...labels, code: String(answer.status) }));
      if (!isStream(answer.body)) {
        metrics.durations.observe(labels, (env.clock.monotonic() - beganMs) / 1_000);
      }
      return { ...answer, body: counted(answer, labels, metrics) };
    } finally {
      metrics.inflight.add(kind, -1);
    }
  };
}

const MUTATING: MetricLabels = { request_kind: "mutating" };
const READ_ONLY: MetricLabels = { request_kind: "readOnly" };

function isServed({ info }: Exchange, resources: Resources): boolean {
  if (info.kind === "path") return false;
  const resource = resources.find(info);
  return resource !== undefined && handlersFor(resource, info.subresource) !== undefined;
}

function isMutating(exchange: Exchange): boolean {
  const { method } = exchange.request;
  return method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
}

function isStream(body: ResponseBody): boolean {
  return body.kind === "events" || body.kind === "stream";
}

function counted(answer: ApiResponse, labels: MetricLabels, metrics: ServerMetrics): ResponseBody {
  const { body } = answer;
  if (body.kind === "events") {
    return { ...body, events: countedWhileOpen(body.events, labels, metrics) };
  }
  if (body.kind === "stream") {
    return { kind: "stream", chunks: countedWhileOpen(body.chunks, labels, metrics) };
  }
  return body;
}

async function* countedWhileOpen<T>(
  source: AsyncIterable<T>,
  labels: MetricLabels,
  metrics: ServerMetrics,
): AsyncGenerator<T, void, undefined> {
  metrics.longRunning.add(labels, 1);
  try {
    yield* source;
  } finally {
    metrics.longRunning.add(labels, -1);
  }
}
