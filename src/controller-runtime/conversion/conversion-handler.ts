/** The path at which API servers have objects of one kind converted, many in a request. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { ConversionError } from "../../client/resource/versions/conversion-error.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { badRequest, type Status } from "../../machinery/status.ts";
import type { WebhookHandler } from "../webhooks/webhook-handler.ts";
import { convertedAnswer, failedAnswer, readConversion, uidOf } from "./conversion-review.ts";

/** How long objects are converted before others have a turn of the event loop. */
export const CONVERSION_TURN_MS_MAX = 8;

export class ConversionHandler implements WebhookHandler {
  readonly kind = "conversion";
  readonly path: string;
  readonly #type: DefinedResource;
  readonly #env: Env;

  constructor(type: DefinedResource, path: string, env: Env) {
    this.path = path;
    this.#type = type;
    this.#env = env;
  }

  /** All or none: a server can use no answer with gaps. */
  async handle(review: unknown, context: Context): Promise<unknown> {
    const { uid, desiredAPIVersion, objects } = readConversion(review);
    const version = this.#versionIn(desiredAPIVersion);
    const { clock, timers } = this.#env;
    const converted: ApiObject[] = [];
    let endMs = clock.monotonic() + CONVERSION_TURN_MS_MAX;
    for (const object of objects) {
      converted.push(this.#convert(object, version));
      if (clock.monotonic() < endMs) continue;
      await timers.yield();
      context.signal.throwIfAborted();
      endMs = clock.monotonic() + CONVERSION_TURN_MS_MAX;
    }
    return convertedAnswer(uid, converted);
  }

  failed(review: unknown, { message = "the conversion failed" }: Status): unknown {
    const uid = uidOf(review);
    return uid === undefined ? undefined : failedAnswer(uid, message);
  }

  #versionIn(apiVersion: string): string {
    const { group, kind } = this.#type;
    const wanted = parseApiVersion(apiVersion);
    if (wanted?.group === group) return wanted.version;
    throw badRequest(`${this.path} converts ${kind} of ${group}, not to ${apiVersion}`);
  }

  /** What is thrown on purpose is a refusal, all else a defect; both name the object. */
  #convert(object: ApiObject, version: string): ApiObject {
    try {
      return this.#type.convert(object, version);
    } catch (error) {
      const { namespace, name = "" } = object.metadata;
      const key = namespace === undefined ? name : `${namespace}/${name}`;
      const message = `${object.kind ?? ""} ${key} to ${version}: ${errorText(error)}`;
      if (error instanceof ConversionError) throw badRequest(message);
      throw new Error(message, { cause: error });
    }
  }
}
