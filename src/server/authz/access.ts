/** From requests to the questions authorizers are asked, and from their answers to refusals. */
import { parseFieldQuery, type FieldRequirement } from "../../machinery/fields.ts";
import { quoted } from "../../machinery/go-quote.ts";
import { parseLabelQuery } from "../../machinery/label-parser.ts";
import type { LabelRequirement } from "../../machinery/labels.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { SelectorError } from "../../machinery/selector-error.ts";
import { forbidden, plainRefusal, StatusError } from "../../machinery/status.ts";
import type { RequestInfo } from "../request-info.ts";
import type { Access } from "./authorizer.ts";

/** What `user` asks for by a request. */
export function accessOf(user: UserInfo, info: RequestInfo): Access {
  if (info.kind === "path") return { kind: "path", user, verb: info.verb, path: info.path };
  const { verb, group, version, resource, subresource, namespace, name } = info;
  return {
    kind: "resource",
    user,
    verb,
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
    ...(info.fieldSelector === "" ? {} : { fields: fieldsOf(info.fieldSelector) }),
    ...(info.labelSelector === "" ? {} : { labels: labelsOf(info.labelSelector) }),
  };
}

/** The refusal, in upstream's words: tools match them. */
export function forbiddenAccess(access: Access, reason: string): StatusError {
  const subject = withoutHtml(subjectOf(access));
  const why = reason === "" ? subject : `${subject}: ${reason}`;
  if (access.kind === "resource") return forbidden(access, access.name, why);
  const { code, ...refusal } = plainRefusal(403, "Forbidden", `forbidden: ${why}`).status;
  return new StatusError({ ...refusal, details: {}, ...(code === undefined ? {} : { code }) });
}

/** A selector that cannot be read asks for everything; who reads it later refuses it. */
function fieldsOf(text: string): readonly FieldRequirement[] {
  try {
    return parseFieldQuery(text).requirements;
  } catch (error) {
    if (error instanceof SelectorError) return [];
    throw error;
  }
}

function labelsOf(text: string): readonly LabelRequirement[] {
  try {
    return parseLabelQuery(text).requirements;
  } catch (error) {
    if (error instanceof SelectorError) return [];
    throw error;
  }
}

/** What names users chose must not look like a page to anybody. */
function withoutHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function subjectOf(access: Access): string {
  const subject = `User ${quoted(access.user.name)} cannot ${access.verb}`;
  if (access.kind === "path") return `${subject} path ${quoted(access.path)}`;
  const { group, resource, subresource, namespace } = access;
  const endpoint = subresource === "" ? resource : `${resource}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${quoted(namespace)}`;
  const what = `${quoted(endpoint)} in API group ${quoted(group)}`;
  return `${subject} resource ${what} ${where}`;
}
