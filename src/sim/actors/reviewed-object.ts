/** What an AdmissionReview of a server is about, and the one that asks about its answer again. */
import type { LocalAnswer } from "../../control-plane/local-webhooks.ts";
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";
import { decodeUtf8, encodeJson } from "../../machinery/codec/json.ts";
import { isApiObject, isFields, own, type ApiObject } from "../../machinery/object.ts";
import { applyJsonPatch } from "../../patch/json-patch.ts";

export type Reviewed = {
  readonly operation: string;
  /** Who asked the server. */
  readonly user: string;
  /** As it shall be; of a deletion: what there is. */
  readonly object: ApiObject;
};

const NOTHING: ApiObject = { metadata: {} };

export function reviewedObject(body: Uint8Array): Reviewed {
  const request = partOf(parseExactly(decodeUtf8(body)), "request");
  const [object, old] = [partOf(request, "object"), partOf(request, "oldObject")];
  const shown = isApiObject(object) ? object : old;
  return {
    operation: textOf(partOf(request, "operation")),
    user: textOf(partOf(partOf(request, "userInfo"), "username")),
    object: isApiObject(shown) ? shown : NOTHING,
  };
}

/** The second question, and how its answer and the first make one. */
export type SecondReview = {
  readonly body: Uint8Array;
  merged(second: LocalAnswer): LocalAnswer;
};

/** Undefined: the first answer changes nothing, so that there is nothing to ask again about. */
export function askedTwice(body: Uint8Array, first: LocalAnswer): SecondReview | undefined {
  const review = parseExactly(decodeUtf8(body));
  const object = partOf(partOf(review, "request"), "object");
  const operations = patchIn(first);
  if (first.code !== 200 || operations.length === 0 || !isFields(review)) return undefined;
  const request = partOf(review, "request");
  const changed = applyJsonPatch(object, operations);
  const asked = { ...review, request: { ...(isFields(request) ? request : {}), object: changed } };
  return {
    body: encodeJson(asked),
    merged: (second) => {
      const answer: unknown = second.code === 200 ? parseExactly(second.text) : undefined;
      const response = partOf(answer, "response");
      if (!isFields(answer) || !isFields(response) || own(response, "allowed") !== true) {
        return second;
      }
      const all = [...operations, ...patchIn(second)];
      const patch = Buffer.from(exactText(all)).toString("base64");
      const whole = { ...answer, response: { ...response, patchType: "JSONPatch", patch } };
      return { code: 200, text: exactText(whole) };
    },
  };
}

/** The operations of an answer's JSON patch. */
function patchIn({ code, text }: LocalAnswer): readonly unknown[] {
  if (code !== 200) return [];
  const patch = partOf(partOf(parseExactly(text), "response"), "patch");
  if (typeof patch !== "string") return [];
  const operations = parseExactly(Buffer.from(patch, "base64").toString("utf8"));
  return Array.isArray(operations) ? operations : [];
}

function partOf(value: unknown, name: string): unknown {
  return isFields(value) ? own(value, name) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
