/**
 * Conversion of custom resources by a webhook: what is sent (ConversionReview), and what an answer
 * must be like to be believed. A webhook may change anything of an object but its identity: of
 * metadata, only labels and annotations are taken from it.
 */
import { addressOf, WebhookCallError, type WebhookClient } from "../webhooks/webhook-client.ts";
import { REVIEW_VERSIONS } from "../../apis/apiextensions/v1/definition-conversion.ts";
import type { WebhookConversion } from "../../apis/apiextensions/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import { labelValueProblem, qualifiedNameProblem } from "../../machinery/names.ts";
import { isApiObject, isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import { fieldErrorText, plainRefusal, type FieldError } from "../../machinery/status.ts";

/** How long a webhook may take. */
export const CONVERSION_TIMEOUT_MS = 30_000;

const REVIEW_GROUP = "apiextensions.k8s.io";

/** Turns objects of one kind into another version of it. */
export type Converter = (
  objects: readonly ApiObject[],
  apiVersion: string,
  context: Context,
) => Promise<readonly ApiObject[]>;

/** Only the version changes. */
export const convertByName: Converter = (objects, apiVersion) =>
  Promise.resolve(objects.map((object) => ({ ...object, apiVersion })));

/** Rejects with upstream's 500 when the webhook cannot be used or answers wrongly. */
export function webhookConverter(
  conversion: WebhookConversion,
  deps: { readonly client: WebhookClient; readonly env: Env },
): Converter {
  return async (objects, apiVersion, context) => {
    const [first] = objects;
    if (first === undefined) return [];
    const what = `conversion webhook for ${gvkText(first)}`;
    try {
      const answer = await callWebhook(objects, apiVersion, conversion, deps, context);
      const converted = convertedObjects(answer.value, answer.uid, answer.reviewVersion);
      if (converted.length !== objects.length) {
        const count = `returned ${converted.length} objects, expected ${objects.length}`;
        throw new ConversionFault(count);
      }
      return objects.map((object, index) => checked(object, converted[index], apiVersion, index));
    } catch (error) {
      if (error instanceof WebhookCallError) {
        throw plainRefusal(500, "", `${what} failed: ${error.message}`);
      }
      if (error instanceof ConversionFault) {
        throw plainRefusal(500, "", `${what} ${error.message}`);
      }
      throw error;
    }
  };
}

/** What is wrong with an answer; completes "conversion webhook for … ". */
class ConversionFault extends Error {
  override readonly name = "ConversionFault";
}

type Answer = {
  readonly value: unknown;
  readonly uid: string;
  readonly reviewVersion: string;
};

async function callWebhook(
  objects: readonly ApiObject[],
  desiredAPIVersion: string,
  conversion: WebhookConversion,
  deps: { readonly client: WebhookClient; readonly env: Env },
  context: Context,
): Promise<Answer> {
  const { clientConfig = {}, conversionReviewVersions } = conversion;
  const reviewVersion = conversionReviewVersions.find((each) => REVIEW_VERSIONS.includes(each));
  const address = addressOf(clientConfig);
  if (reviewVersion === undefined || address === undefined) {
    throw new ConversionFault("failed: no supported conversion review version or no address");
  }
  const uid = deps.env.ids.uuid();
  const value = await deps.client.postJson(
    {
      address,
      caBundle: clientConfig.caBundle ?? "",
      timeoutMs: CONVERSION_TIMEOUT_MS,
      body: {
        kind: "ConversionReview",
        apiVersion: `${REVIEW_GROUP}/${reviewVersion}`,
        request: { uid, desiredAPIVersion, objects },
      },
    },
    context,
  );
  return { value, uid, reviewVersion };
}

/** The objects in an answer to the review `uid`. */
function convertedObjects(value: unknown, uid: string, reviewVersion: string): readonly unknown[] {
  const review = isFields(value) ? value : {};
  if (reviewVersion === "v1") checkReviewKind(review);
  const response = own(review, "response");
  if (!isFields(response)) throw new ConversionFault("failed: no response provided");
  const gotUid = textOf(own(response, "uid"));
  if (reviewVersion === "v1" && gotUid !== uid) {
    const expected = `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(gotUid)}`;
    throw new ConversionFault(`failed: ${expected}`);
  }
  const result = own(response, "result");
  const outcome = isFields(result) ? result : {};
  const status = textOf(own(outcome, "status"));
  if (status !== "Success") {
    const message = textOf(own(outcome, "message"));
    const why = message === "" ? `response.result.status was '${status}', not 'Success'` : message;
    throw new ConversionFault(`failed: ${why}`);
  }
  const objects = own(response, "convertedObjects");
  return Array.isArray(objects) ? objects : [];
}

function checkReviewKind(review: Fields): void {
  const got = { kind: textOf(own(review, "kind")), apiVersion: textOf(own(review, "apiVersion")) };
  const wanted = { kind: "ConversionReview", apiVersion: `${REVIEW_GROUP}/v1` };
  if (got.kind === wanted.kind && got.apiVersion === wanted.apiVersion) return;
  const texts = `expected webhook response of ${gvkText(wanted)}, got ${gvkText(got)}`;
  throw new ConversionFault(`failed: ${texts}`);
}

/** The converted object with the identity of the original. */
function checked(
  original: ApiObject,
  converted: unknown,
  apiVersion: string,
  index: number,
): ApiObject {
  const wrong = (why: string): ConversionFault =>
    new ConversionFault(`returned invalid object at index ${index}: ${why}`);
  if (!isFields(converted)) throw wrong("the object is not an object");
  const gotVersion = textOf(own(converted, "apiVersion"));
  if (gotVersion !== apiVersion) {
    throw wrong(`invalid groupVersion (expected ${apiVersion}, received ${gotVersion})`);
  }
  const gotKind = textOf(own(converted, "kind"));
  if (gotKind !== original.kind) {
    throw wrong(`invalid kind (expected ${original.kind ?? ""}, received ${gotKind})`);
  }
  const metadata = own(converted, "metadata");
  const given = isFields(metadata) ? metadata : {};
  for (const [title, key] of IDENTITY) {
    const [before, after] = [original.metadata[key] ?? "", textOf(own(given, key))];
    if (before === after) continue;
    const why = `must have the same ${title}: ${before} != ${after}`;
    throw new ConversionFault(`returned invalid object: ${why}`);
  }
  const object = { ...converted, metadata: restoredMetadata(original, metadata) };
  if (!isApiObject(object)) throw wrong("missing metadata in converted object");
  return object;
}

const IDENTITY = [
  ["name", "name"],
  ["namespace", "namespace"],
  ["UID", "uid"],
] as const;

/** The original metadata with the labels and annotations of the converted object. */
function restoredMetadata(original: ApiObject, metadata: unknown): Fields {
  const wrong = (why: string): ConversionFault =>
    new ConversionFault(`returned invalid metadata: ${why}`);
  if (metadata === undefined) throw wrong("missing metadata in converted object");
  if (!isFields(metadata)) throw wrong("invalid metadata in converted object");
  const restored = new Map<string, unknown>(Object.entries(original.metadata));
  for (const key of ["labels", "annotations"] as const) {
    const texts = own(metadata, key) ?? undefined;
    if (texts === undefined) {
      restored.delete(key);
      continue;
    }
    if (!isFields(texts)) throw wrong(`invalid metadata.${key} in converted object`);
    const [problem] = textMapProblems(key, texts, original.metadata[key] ?? {});
    if (problem !== undefined) throw wrong(problem);
    restored.set(key, texts);
  }
  return Object.fromEntries(restored);
}

/** Only what the webhook changed is judged. */
function textMapProblems(
  key: "labels" | "annotations",
  texts: Fields,
  before: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(texts).flatMap(([name, value]): readonly string[] => {
    if (own(before, name) === value) return [];
    if (typeof value !== "string") return [`metadata.${key}[${name}] must be a string`];
    const nameProblem = qualifiedNameProblem(key === "labels" ? name : name.toLowerCase());
    const valueProblem = key === "labels" ? labelValueProblem(value) : undefined;
    return [
      ...(nameProblem === undefined ? [] : [invalidText(key, name, nameProblem)]),
      ...(valueProblem === undefined ? [] : [invalidText(key, value, valueProblem)]),
    ];
  });
}

function invalidText(key: string, value: string, detail: string): string {
  const error: FieldError = {
    field: `metadata.${key}`,
    type: "FieldValueInvalid",
    value,
    detail,
  };
  return `${error.field}: ${fieldErrorText(error)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** `example.dev/v1, Kind=Site` */
function gvkText(object: { readonly apiVersion?: string; readonly kind?: string }): string {
  const { apiVersion = "", kind = "" } = object;
  const { group, version } = parseApiVersion(apiVersion) ?? { group: "", version: apiVersion };
  return `${group}/${version}, Kind=${kind}`;
}
