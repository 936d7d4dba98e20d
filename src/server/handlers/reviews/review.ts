/**
 * Objects that are questions. One is decoded, checked and admitted as if it were to be stored; then
 * it is answered instead, and forgotten.
 */
import type { Context } from "../../../base/context.ts";
import { EncodedObject } from "../../../machinery/encoded.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { trackedEntries, type FieldWriter } from "../../registry/managed-fields.ts";
import { inNamespace, withMetadata } from "../../registry/metadata.ts";
import { decodeObject } from "../body.ts";
import { BUILT_IN_OFFER, negotiate } from "../negotiation.ts";
import { renderForeign } from "../render.ts";
import type { Handler, HandlerDeps, ObjectRequest } from "../request.ts";
import { expectedKind, writeTarget } from "../target.ts";
import { writeOptions, type WriteOptions } from "../write-options.ts";
import { reviewOf } from "../../registry/write.ts";

/** The question with its answer, or an answer that says all. Refuses with a `StatusError`. */
export type Answer = (
  question: ApiObject,
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
) => ApiObject | Promise<ApiObject>;

/** Answers POSTs of a kind that is never stored. */
export function reviewHandler(answer: Answer): Handler {
  return async (request, deps, context) => {
    negotiateObject(request);
    const options = writeOptions(request.request, "CreateOptions");
    const { fieldValidation } = options;
    const decoded = decodeObject(request.request, expectedKind(request.resource), fieldValidation);
    for (const text of decoded.warnings) request.warn?.(text); // a refusal tells them as well
    const { applyDefaults } = request.resource.strategy;
    const question = inNamespace(applyDefaults(decoded.object), {
      resource: request.resource,
      namespace: request.info.namespace,
    });
    const owned = await withOwners(
      question,
      writeTarget(request, options, "create"),
      deps,
      context,
    );
    const admitted = await admit(owned, request, options, deps, context);
    const answered = await answer(admitted, request, deps, context);
    return renderForeign(request, 201, EncodedObject.fromValue(answered), decoded.warnings);
  };
}

async function admit(
  question: ApiObject,
  request: ObjectRequest,
  options: WriteOptions,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiObject> {
  const review = {
    ...reviewOf(writeTarget(request, options, "create"), "create"),
    object: question,
    old: undefined,
  };
  return deps.admission.admit(review, context);
}

/** The object with a note of who has written which of its fields. */
export async function withOwners(
  object: ApiObject,
  writer: FieldWriter,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiObject> {
  const change = { live: undefined, next: object, sent: object.metadata.managedFields };
  const managedFields = await trackedEntries(change, writer, deps, context);
  return withMetadata(object, {
    managedFields: managedFields.length === 0 ? undefined : managedFields,
  });
}

/** Throws 406 unless the client takes an object: these kinds have no tables. */
export function negotiateObject({ request }: ObjectRequest): void {
  negotiate(request.headers["accept"], { ...BUILT_IN_OFFER, hasTable: false });
}
