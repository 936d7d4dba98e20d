/**
 * One review, from its text to the text of the answer, by whichever way it came: counted, and
 * whatever its handler throws becomes an answer that API servers understand.
 */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import type { Env } from "../../base/env.ts";
import { orAborted } from "../../base/signals.ts";
import type { Metrics } from "../../base/metrics.ts";
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";
import { decodeUtf8 } from "../../machinery/codec/json.ts";
import { isDeeperThan } from "../../machinery/json-value.ts";
import { badRequest, isStatus, type Status } from "../../machinery/status.ts";
import { deniedStatus } from "./admission-verdict.ts";
import type { WebhookHandler } from "./webhook-handler.ts";
import { webhookMetrics, type WebhookMetrics } from "./webhook-metrics.ts";

/** What goes back: an HTTP status code, and JSON. */
export type WebhookAnswer = { readonly code: number; readonly text: string };

/** Nesting of a review: objects may be nested as deep as the API allows, and are inside of it. */
const REVIEW_DEPTH_MAX = 110;

export class Answering {
  readonly #env: Env;
  readonly #paths: ReadonlyMap<string, Served>;

  /** Throws if two handlers have one path. */
  constructor(
    handlers: readonly WebhookHandler[],
    deps: { readonly env: Env; readonly metrics: Metrics },
  ) {
    this.#env = deps.env;
    const paths = new Map<string, Served>();
    for (const handler of handlers) {
      if (paths.has(handler.path)) {
        throw new RangeError(
          `webhooks: two are at ${handler.path}: give one of them a \`name\` of its own`,
        );
      }
      paths.set(handler.path, { handler, metrics: webhookMetrics(deps.metrics, handler) });
    }
    this.#paths = paths;
  }

  /** What is served at a path; undefined: nothing. */
  find(path: string): WebhookHandler | undefined {
    return this.#paths.get(path)?.handler;
  }

  /**
   * Counts a request to a path that is served, from its beginning to `end`. The caller reads the
   * body in between: it may be that it never comes.
   */
  begin(path: string): ((code: number) => void) | undefined {
    const served = this.#paths.get(path);
    if (served === undefined) return undefined;
    const { clock } = this.#env;
    const startMs = clock.monotonic();
    served.metrics.started();
    return (code) => served.metrics.ended(code, (clock.monotonic() - startMs) / 1_000);
  }

  /** The answer to a review. `path` is served. Never rejects. */
  async answer(path: string, body: Uint8Array, context: Context): Promise<WebhookAnswer> {
    const served = this.#paths.get(path);
    if (served === undefined) return statusAnswer(deniedStatus("nothing is served here", 404));
    let review: unknown;
    try {
      review = reviewIn(body);
      // A handler that does not listen to the signal does not hold up the answer.
      const handled = orAborted(served.handler.handle(review, context), context.signal);
      const answer = await handled;
      if (answer === undefined) throw new TypeError("there is no answer");
      return { code: 200, text: exactText(answer) };
    } catch (error) {
      const status = this.#statusOf(error, served, context);
      const answer = served.handler.failed(review, status);
      return answer === undefined ? statusAnswer(status) : { code: 200, text: exactText(answer) };
    }
  }

  #statusOf(error: unknown, { handler, metrics }: Served, context: Context): Status {
    if (isStatus(error)) return error.status;
    if (context.signal.aborted) return deniedStatus("the caller waits no longer", 504);
    metrics.panicked();
    context.log.error("A webhook failed.", { webhook: handler.path, error });
    const status = deniedStatus(`the webhook ${handler.path} failed: ${errorText(error)}`, 500);
    return { ...status, reason: "InternalError" };
  }
}

/**
 * Read without the scan that texts of people get: it would take longer than all the rest, and a
 * server that calls webhooks has made it already. Throws a `StatusError` (400).
 */
function reviewIn(body: Uint8Array): unknown {
  let review: unknown;
  try {
    review = parseExactly(decodeUtf8(body));
  } catch (error) {
    throw badRequest(`the body is no review: ${errorText(error)}`);
  }
  if (!isDeeperThan(review, REVIEW_DEPTH_MAX)) return review;
  throw badRequest(`the body is no review: it is nested deeper than ${REVIEW_DEPTH_MAX}`);
}

type Served = { readonly handler: WebhookHandler; readonly metrics: WebhookMetrics };

export function statusAnswer(status: Status): WebhookAnswer {
  return { code: status.code ?? 500, text: exactText(status) };
}
