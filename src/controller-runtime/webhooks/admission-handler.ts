/** One path of an admission webhook: reads the review, asks its author's function, answers. */
import type { Context } from "../../base/context.ts";
import { deepFreeze } from "../../base/freeze.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { exactText } from "../../machinery/codec/exact-json.ts";
import { isFields, type ApiObject, type Fields } from "../../machinery/object.ts";
import { badRequest, type Status } from "../../machinery/status.ts";
import type { AdmissionContext } from "./admission-context.ts";
import { isObjectOf, readRequest, uidOf, type AdmissionRequest } from "./admission-request.ts";
import {
  allowedAnswer,
  deniedStatus,
  Denial,
  refusedAnswer,
  reviewAnswer,
  statusOf,
} from "./admission-verdict.ts";
import type { AdmissionDeps, AdmissionOptions } from "./admission.ts";
import { jsonPatchOf, type PatchOperation } from "./json-patch-of.ts";
import type { WebhookHandler } from "./webhook-handler.ts";

/** Warnings of one answer: servers cut off more than about this. */
export const WARNINGS_MAX = 32;

/** What the path does: one of the two. */
type Work<T extends ApiObject> =
  | { readonly mutates: AdmissionOptions<T>["default"] }
  | { readonly validates: AdmissionOptions<T>["validate"] };

export class AdmissionHandler<T extends ApiObject> implements WebhookHandler {
  readonly kind = "admission";
  readonly path: string;
  readonly #type: ResourceType<T>;
  readonly #work: Work<T>;
  readonly #deps: AdmissionDeps;

  constructor(type: ResourceType<T>, path: string, work: Work<T>, deps: AdmissionDeps) {
    this.path = path;
    this.#type = type;
    this.#work = work;
    this.#deps = deps;
  }

  async handle(review: unknown, context: Context): Promise<unknown> {
    const request = readRequest(review);
    const object = this.#objectOf(request, request.object ?? request.oldObject);
    const warnings: string[] = [];
    const about = this.#contextOf(request, object, warnings, context);
    try {
      const answer = await this.#answer(object, about, warnings);
      return reviewAnswer(request.uid, answer);
    } catch (error) {
      if (!(error instanceof Denial)) throw error;
      return reviewAnswer(request.uid, refusedAnswer(error.status, warnings));
    }
  }

  /** What failed is not what was judged: the server then does as its failure policy says. */
  failed(review: unknown, status: Status): unknown {
    const uid = uidOf(review);
    if (uid === undefined || (status.code ?? 500) >= 500) return undefined;
    return reviewAnswer(uid, refusedAnswer(status, []));
  }

  async #answer(
    object: T,
    context: AdmissionContext<T>,
    warnings: readonly string[],
  ): Promise<Fields> {
    if ("mutates" in this.#work) {
      const made = await this.#work.mutates?.(object, context);
      return allowedAnswer(this.#patch(object, made), warnings);
    }
    const problems = (await this.#work.validates?.(object, context)) ?? [];
    const status = statusOf(problems, this.#type, context.key.name);
    return status === undefined ? allowedAnswer([], warnings) : refusedAnswer(status, warnings);
  }

  #patch(object: T, made: T | undefined): readonly PatchOperation[] {
    if (isFields(made) && isFields(object)) return jsonPatchOf(object, made);
    throw new TypeError(`default of ${this.#type.kind} must return the object`);
  }

  #objectOf(request: AdmissionRequest, value: unknown): T {
    if (isObjectOf(value, this.#type)) return deepFreeze(value);
    const { kind } = this.#type;
    const got = isFields(request.fields["kind"]) ? exactText(request.fields["kind"]) : "nothing";
    throw badRequest(`${this.path} answers about objects of kind ${kind}; this is ${got}`);
  }

  #contextOf(
    { fields, ...request }: AdmissionRequest,
    object: T,
    warnings: string[],
    context: Context,
  ): AdmissionContext<T> {
    const { client, env } = this.#deps;
    const old = request.oldObject;
    const { operation, subresource, user, isDryRun } = request;
    // Requests about whole collections have no name, and each of their objects has one.
    const name = request.key.name === "" ? (object.metadata.name ?? "") : request.key.name;
    return {
      ...context,
      operation,
      subresource,
      user,
      isDryRun,
      key: { namespace: request.key.namespace, name },
      request: fields,
      old: isObjectOf(old, this.#type) ? deepFreeze(old) : undefined,
      client,
      now: () => env.clock.now(),
      warn: (message) => {
        if (warnings.length < WARNINGS_MAX) warnings.push(message);
      },
      deny: (why, code) => {
        throw new Denial(deniedStatus(why, code));
      },
    };
  }
}
