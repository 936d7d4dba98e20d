/** Requests of every kind, most of them wrong in some way, for tests that send many. */
import fc from "fast-check";
import { BUILT_IN } from "../../apis/registry.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Method } from "../../machinery/request.ts";
import { hasProtobufForm, protobufBody } from "../protobuf/encode-object.ts";

export type AnyRequest = {
  readonly method: Method;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
};

const word: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "a",
    "t",
    "default",
    "status",
    "scale",
    "log",
    "exec",
    "binding",
    "eviction",
    "finalize",
    "token",
    "proxy",
    "watch",
    "namespaces",
    "__proto__",
    "constructor",
    "toString",
    "..",
    ".",
    "%2e%2e",
    "%2f",
    "%00",
    "%0a",
    "%ff",
    "%",
    "%E2%82%AC",
    "A".repeat(300),
    "",
  ),
  fc.string({ maxLength: 8, unit: "binary" }).map(encodeLoosely),
);

/** As `encodeURIComponent`, of any text. */
function encodeLoosely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

const collections: readonly string[] = BUILT_IN.flatMap(({ names }) => {
  const base =
    names.group === "" ? `/api/${names.version}` : `/apis/${names.group}/${names.version}`;
  const all = `${base}/${names.plural}`;
  return names.isNamespaced ? [all, `${base}/namespaces/t/${names.plural}`] : [all];
});

const path: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...collections) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...collections), fc.array(word, { minLength: 1, maxLength: 3 }))
      .map(([base, rest]) => `${base}/${rest.join("/")}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...collections), fc.constantFrom("/api/v1", "/apis/apps/v1"))
      .map(([base, root]) => base.replace(root, `${root}/watch`)),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.oneof(word, fc.constantFrom("api", "apis", "v1", "apps", "openapi", "v2", "v3")), {
        maxLength: 8,
      })
      .map((words) => `/${words.join("/")}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("/healthz", "/livez/x", "/readyz", "/version", "/openapi/v2", "//"),
  },
);

const queryValue: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 20, unit: "binary" }).map((text) => text.toWellFormed()),
  fc.constantFrom(
    "",
    "0",
    "1",
    "-1",
    "5",
    "true",
    "false",
    "All",
    "Exact",
    "NotOlderThan",
    "Strict",
    "Warn",
    "Orphan",
    "Foreground",
    "99999999999999999999",
    "999999",
    "metadata.name=a",
    "metadata.name!=a,spec.x=1",
    "a in (b,c),!d",
    "a>1,b<x",
    "1s",
    "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0",
  ),
);

const query: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "labelSelector",
        "fieldSelector",
        "limit",
        "continue",
        "resourceVersion",
        "resourceVersionMatch",
        "sendInitialEvents",
        "allowWatchBookmarks",
        "watch",
        "timeoutSeconds",
        "timeout",
        "dryRun",
        "fieldValidation",
        "fieldManager",
        "force",
        "propagationPolicy",
        "gracePeriodSeconds",
        "orphanDependents",
        "includeObject",
        "pretty",
        "container",
        "tailLines",
        "verbose",
        "exclude",
        "__proto__",
      ),
      queryValue,
    ),
    { maxLength: 4 },
  )
  .map((pairs) =>
    new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString(),
  );

const VIEW = ";v=v1;g=meta.k8s.io";
const accept: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
    `application/json;as=Table${VIEW},application/json`,
    `application/json;as=Table${VIEW}`,
    `application/yaml;as=Table${VIEW}`,
    `application/vnd.kubernetes.protobuf;as=PartialObjectMetadata${VIEW},*/*`,
    `application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList${VIEW}`,
    "application/vnd.kubernetes.protobuf;stream=watch",
    "*/*;q=0.1,application/yaml;q=0.2",
    "text/html",
    ",;=,;q=,/",
  ),
  fc.string({ maxLength: 30 }),
);

const contentType: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "application/json",
    "application/json; charset=utf-8",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/apply-patch+cbor",
    "text/plain",
    "",
  ),
  fc.string({ maxLength: 20 }),
);

/** Kinds and parts of objects that are nearly right. */
const object: fc.Arbitrary<unknown> = fc
  .record(
    {
      apiVersion: fc.oneof(
        fc.constantFrom("v1", "apps/v1", "", "v2"),
        fc.jsonValue({ maxDepth: 1 }),
      ),
      kind: fc.constantFrom("ConfigMap", "Pod", "Deployment", "Secret", "DeleteOptions", "Scale"),
      metadata: fc.oneof(
        fc.record(
          {
            name: fc.constantFrom("a", "b", "Bad_Name", "", "x".repeat(254)),
            generateName: fc.constantFrom("g-", ""),
            labels: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 })),
            finalizers: fc.array(fc.constantFrom("a.b/c", "bad", "orphan"), { maxLength: 2 }),
            resourceVersion: fc.constantFrom("1", "x", ""),
            managedFields: fc.constant([{}]),
            ownerReferences: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 1 }),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      spec: fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.constant({ containers: [{ name: "c", image: "i" }], replicas: 2 }),
      ),
      data: fc.oneof(
        fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 })),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      status: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: [] },
  )
  .map((value): unknown => value);

const patch: fc.Arbitrary<unknown> = fc.array(
  fc.record(
    {
      op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test", "nope"),
      path: fc.constantFrom(
        "/data",
        "/metadata/labels/a",
        "/__proto__/x",
        "",
        "/-",
        "/spec/0",
        "x",
      ),
      from: fc.constantFrom("/data", "/none", ""),
      value: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 4 },
);

const encoder = new TextEncoder();
const json: fc.Arbitrary<Uint8Array> = fc
  .oneof(object, patch, fc.jsonValue({ maxDepth: 4 }))
  .map((value) => encoder.encode(JSON.stringify(value)));

const protobuf: fc.Arbitrary<Uint8Array> = fc
  .constantFrom<ApiObject>(
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "p", labels: { a: "b" } } },
    { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } },
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "p" } },
    { apiVersion: "v1", kind: "Namespace", metadata: { generateName: "n-" } },
  )
  .filter(hasProtobufForm)
  .map((value) => protobufBody(EncodedObject.fromValue(value)));

const yaml: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    fc.constantFrom(
      "metadata:\n  name: y\ndata:\n  a: b\n",
      "a: &x [1, *x]\n",
      "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
      "- 1\n---\n- 2\n",
      "? {a: b}\n: c\n",
      "\ta: b",
      "!!binary x",
      "{",
    ),
    fc.string({ maxLength: 60, unit: "binary" }).map((text) => text.toWellFormed()),
  )
  .map((text) => encoder.encode(text));

/** Whole bodies, cut ones, ones with some bytes changed, and noise. */
const body: fc.Arbitrary<Uint8Array | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 8, arbitrary: fc.oneof(json, protobuf, yaml) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.oneof(json, protobuf, yaml), fc.nat(400), fc.uint8Array({ maxLength: 3 }))
      .map(([bytes, at, noise]) => {
        const cut = bytes.slice();
        cut.set(noise.slice(0, Math.max(0, cut.length - at)), Math.min(at, cut.length));
        return at % 2 === 0 ? cut : cut.subarray(0, at);
      }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
);

const method: fc.Arbitrary<Method> = fc.constantFrom(
  "GET",
  "GET",
  "HEAD",
  "OPTIONS",
  "POST",
  "POST",
  "PUT",
  "PATCH",
  "PATCH",
  "DELETE",
);

/** Objects as they should be, and where they belong. */
const SOUND: readonly { readonly collection: string; readonly body: object }[] = [
  { collection: "/api/v1/namespaces/t/configmaps", body: { data: { k: "v" }, binaryData: {} } },
  { collection: "/api/v1/namespaces/t/secrets", body: { type: "Opaque", data: { k: "dg==" } } },
  { collection: "/api/v1/namespaces", body: {} },
  {
    collection: "/api/v1/namespaces/t/services",
    body: { spec: { ports: [{ port: 80, targetPort: "http" }], selector: { a: "b" } } },
  },
  {
    collection: "/api/v1/namespaces/t/pods",
    body: {
      spec: { containers: [{ name: "c", image: "i", resources: { limits: { cpu: "1" } } }] },
    },
  },
  {
    collection: "/apis/apps/v1/namespaces/t/deployments",
    body: {
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: "b" } },
        template: {
          metadata: { labels: { a: "b" } },
          spec: { containers: [{ name: "c", image: "i" }] },
        },
      },
    },
  },
  { collection: "/apis/coordination.k8s.io/v1/namespaces/t/leases", body: { spec: {} } },
];

const BODY_TYPES: Readonly<Partial<Record<Method, readonly string[]>>> = {
  POST: ["application/json", "application/yaml"],
  PUT: ["application/json", "application/yaml"],
  PATCH: [
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
  ],
};

/** Requests that are right, but for one value somewhere in their body. */
const soundRequest: fc.Arbitrary<AnyRequest> = fc
  .record({
    method,
    sound: fc.constantFrom(...SOUND),
    name: fc.constantFrom("a", "b", "c"),
    subresource: fc.constantFrom("", "", "", "/status", "/scale"),
    query,
    accept: fc.oneof(
      { weight: 4, arbitrary: fc.constant("application/json") },
      { weight: 1, arbitrary: accept },
    ),
    typeIndex: fc.nat(2),
    change: fc.option(fc.record({ at: fc.nat(12), value: fc.jsonValue({ maxDepth: 2 }) })),
  })
  .map(({ method, sound, name, subresource, query, accept, typeIndex, change }) => {
    const isCollection = method === "POST" || (method === "GET" && typeIndex === 0);
    const path = isCollection ? sound.collection : `${sound.collection}/${name}${subresource}`;
    const type = BODY_TYPES[method]?.[typeIndex] ?? "application/json";
    const whole = { metadata: { name }, ...sound.body };
    const value = change === null ? whole : changed(whole, change.at, change.value);
    const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
    return {
      method,
      target: query === "" ? path : `${path}?${query}`,
      headers: { accept, ...(hasBody ? { "content-type": type } : {}) },
      body: hasBody ? encoder.encode(JSON.stringify(value)) : undefined,
    };
  });

/** `value` with the value that is met as number `at` replaced. */
function changed(value: unknown, at: number, other: unknown): unknown {
  let met = 0;
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => {
    met += 1;
    return met - 1 === at ? other : inner;
  });
}

const wildRequest: fc.Arbitrary<AnyRequest> = fc
  .record({
    method,
    path,
    query,
    body,
    headers: fc.record(
      {
        accept,
        "content-type": contentType,
        "user-agent": fc.string({ maxLength: 10 }),
        "audit-id": fc.string({ maxLength: 10 }),
        "if-none-match": fc.string({ maxLength: 5 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ method, path, query, body, headers }) => ({
    method,
    target: query === "" ? path : `${path}?${query}`,
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    body: method === "GET" || method === "HEAD" ? undefined : body,
  }));

/** Any request at all. */
export const anyRequest: fc.Arbitrary<AnyRequest> = fc.oneof(wildRequest, soundRequest);
