/** What a call is about, in words that stay the same from run to run. */
import type { NameBook } from "../kernel/name-book.ts";
import { own } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import { parseRequestInfo, UnreadablePathError } from "../../server/request-info.ts";

export type CallName = {
  /** `get`, `list`, `watch`, `create`, ... */
  readonly verb: string;
  readonly group: string;
  /** Plural; "" where it is about no resource. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  /** For a name that the server makes up: its beginning and a star. */
  readonly name: string;
  /** The same, whoever made it up. */
  readonly realName: string;
  /** All of it: `update deployments/status default/web`. */
  readonly text: string;
  readonly isWrite: boolean;
};

const READS: readonly string[] = ["get", "list", "watch"];

/** Reads a request as the server will. */
export function callName(request: ApiRequest, names: NameBook): CallName {
  const info = infoOf(request);
  if (info?.kind !== "resource") {
    const text = `${request.method} ${request.path}`;
    return {
      verb: "get",
      group: "",
      resource: "",
      subresource: "",
      namespace: "",
      name: "",
      realName: "",
      text,
      isWrite: false,
    };
  }
  const { verb, group, resource, subresource, namespace } = info;
  const realName = info.name === "" ? nameInside(request) : info.name;
  const name = info.name === "" ? realName : names.called(resource, namespace, info.name);
  const what = subresource === "" ? resource : `${resource}/${subresource}`;
  const whom = [namespace, name].filter((part) => part !== "").join("/");
  const text = [verb, what, whom].filter((part) => part !== "").join(" ");
  const isWrite = !READS.includes(verb);
  return { verb, group, resource, subresource, namespace, name, realName, text, isWrite };
}

function infoOf(request: ApiRequest): ReturnType<typeof parseRequestInfo> | undefined {
  try {
    return parseRequestInfo(request);
  } catch (error) {
    if (error instanceof UnreadablePathError) return undefined;
    throw error;
  }
}

function nameInside({ body }: ApiRequest): string {
  if (body.kind !== "value") return "";
  const metadata = fieldsOf(fieldsOf(body.value)?.["metadata"]);
  const name = metadata === undefined ? undefined : own(metadata, "name");
  if (typeof name === "string") return name;
  const prefix = metadata === undefined ? undefined : own(metadata, "generateName");
  return typeof prefix === "string" ? `${prefix}*` : "";
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}
