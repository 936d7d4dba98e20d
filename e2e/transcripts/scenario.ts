/**
 * A scenario of our own: requests in order, sent to a server that does not know the names in them
 * yet. What a real kube-apiserver answered is kept beside, in `recordings/`.
 */

import type { Step } from "./recording.ts";

/** A request. `{{3.body.metadata.uid}}` in a string stands for what step 3 was answered. */
export type Asked = {
  readonly method: "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT";
  readonly path: string;
  /** Default: "admin". `null`: nobody in particular. */
  readonly user?: "admin" | "alice" | null;
  /** Default with a body: that of JSON, or the one of a merge patch for PATCH. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is; anything else as JSON. */
  readonly body?: unknown;
  /**
   * Asked again and again until the answer has these values, and only then compared:
   * `{ status: 200, "body.status.conditions.0.status": "True" }`.
   */
  readonly until?: Readonly<Record<string, number | string>>;
};

export type Scenario = {
  /** In kebab case: the name of its files. */
  readonly name: string;
  /** Made first and not compared: a namespace of its own with the service account of its pods. */
  readonly namespace?: string;
  readonly steps: readonly Asked[];
};

/** What was answered, by step (the first is 1). */
export type Answered = ReadonlyMap<number, unknown>;

/** Whether an answer is the one that was waited for. */
export function isWaitedFor(answer: unknown, { until = {} }: Pick<Asked, "until">): boolean {
  return Object.entries(until).every(([path, value]) => fieldAt(answer, path.split(".")) === value);
}

/** Puts what was answered where the request refers to it. Throws for what was not. */
export function resolve<T>(value: T, answers: Answered): T;
export function resolve(value: unknown, answers: Answered): unknown {
  if (typeof value === "string") {
    return value.replaceAll(/\{\{(\d+)\.([^}]+)\}\}/g, (_, step: string, path: string) =>
      String(valueAt(answers.get(Number(step)), path.split("."), `${step}.${path}`)),
    );
  }
  if (Array.isArray(value)) return value.map((item: unknown) => resolve(item, answers));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]: [string, unknown]) => [key, resolve(field, answers)]),
  );
}

function valueAt(answer: unknown, path: readonly string[], text: string): unknown {
  const value = fieldAt(answer, path);
  if (value === undefined || typeof value === "object") {
    throw new Error(`{{${text}}}: there is no such value in the answer`);
  }
  return value;
}

function fieldAt(answer: unknown, path: readonly string[]): unknown {
  let value = answer;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** The request with its defaults. */
export function requestOf({ user = "admin", ...asked }: Asked): Step["request"] {
  const isPatch = asked.method === "PATCH";
  const usual = isPatch ? "application/merge-patch+json" : "application/json";
  return { user, ...(asked.body === undefined ? {} : { contentType: usual }), ...asked };
}

/** The requests that come before the first step. */
export function preparation({ namespace }: Scenario): readonly Asked[] {
  if (namespace === undefined) return [];
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  return [
    { method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: namespace } } },
    { method: "POST", path: accounts, body: { metadata: { name: "default" } } },
  ];
}
