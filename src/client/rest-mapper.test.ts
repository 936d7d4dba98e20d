import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { serviceUnavailable } from "../machinery/status.ts";
import type { ApiRequest } from "../machinery/request.ts";
import type { DiscoveredResource } from "./discovery.ts";
import { inProcessTransport } from "./in-process.ts";
import { RestClient } from "./rest-client.ts";
import { createRestMapper, RestMapper, UnknownKindError } from "./rest-mapper.ts";

function aResource(
  apiVersion: string,
  kind: string,
  resource: string,
  shortNames: readonly string[] = [],
): DiscoveredResource {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const type = { group: group ?? "", version: version ?? "", kind, resource, isNamespaced: true };
  return { type, singular: kind.toLowerCase(), shortNames, categories: ["all"], verbs: [] };
}

const mapper = new RestMapper([
  aResource("v1", "Pod", "pods", ["po"]),
  aResource("v1", "Event", "events", ["ev"]),
  aResource("apps/v1", "Deployment", "deployments", ["deploy"]),
  aResource("events.k8s.io/v1", "Event", "events", ["ev"]),
  aResource("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ["hpa"]),
  aResource("autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ["hpa"]),
  aResource("example.io/v1", "Po", "pos"),
]);

for (const [word, expected] of [
  ["pods", "/v1 Pod"],
  ["pod", "/v1 Pod"],
  ["Pod", "/v1 Pod"],
  ["PODS", "/v1 Pod"],
  ["pods.v1", "/v1 Pod"],
  ["pods.v1.", "/v1 Pod"],
  ["deploy", "apps/v1 Deployment"],
  ["deployments.apps", "apps/v1 Deployment"],
  ["Deployment.v1.apps", "apps/v1 Deployment"],
  ["events", "/v1 Event"],
  ["events.events.k8s.io", "events.k8s.io/v1 Event"],
  ["ev.v1.events.k8s.io", "events.k8s.io/v1 Event"],
  ["hpa", "autoscaling/v2 HorizontalPodAutoscaler"],
  ["hpa.v1.autoscaling", "autoscaling/v1 HorizontalPodAutoscaler"],
  ["po", "example.io/v1 Po"], // a real name goes before a short one
] as const) {
  test(`"${word}" is ${expected}`, () => {
    const { group, version, kind } = mapper.resolve(word);
    expect(`${group}/${version} ${kind}`).toBe(expected);
  });
}

test("an unknown word is answered with what is known", () => {
  expect(() => mapper.resolve("pdos")).toThrow(UnknownKindError);
  expect(() => mapper.resolve("pdos")).toThrow(
    'the server has no kind "pdos"; it has deployments (deploy), events (ev), ' +
      "horizontalpodautoscalers (hpa), pods (po), pos",
  );
  expect(() => mapper.resolve("pods.apps")).toThrow('no kind "pods.apps"');
  const many = Array.from({ length: 70 }, (_, index) => aResource("v1", "X", `x${100 + index}`));
  expect(() => new RestMapper(many).resolve("y")).toThrow(/x100, .*x159 and 10 more$/);
  expect(() => new RestMapper([]).resolve("y")).toThrow("it has none at all");
});

test("a manifest's kind is found, or what may have been meant", () => {
  expect(mapper.forKind("apps/v1", "Deployment").resource).toBe("deployments");
  expect(() => mapper.forKind("extensions/v1beta1", "deployment")).toThrow(
    'no kind "deployment" in extensions/v1beta1; there is Deployment in apps/v1',
  );
  expect(() => mapper.forKind("apps/v1", "Deplyment")).toThrow("it has Deployment");
  expect(() => mapper.forKind("app/v1", "X")).toThrow(
    "it has the versions apps/v1, autoscaling/v1, autoscaling/v2, events.k8s.io/v1, example.io/v1, v1",
  );
});

test("a category is all its resources", () => {
  expect(mapper.inCategory("all").length).toBe(7);
  expect(mapper.inCategory("none")).toEqual([]);
});

/** A client of a server that answers each path with a JSON document. */
function aClient(documents: Readonly<Record<string, unknown>>) {
  const env = virtualEnv();
  const requests: ApiRequest[] = [];
  const dispatch = (request: ApiRequest) => {
    requests.push(request);
    const document = Object.hasOwn(documents, request.path)
      ? documents[request.path]
      : serviceUnavailable("away").status;
    const bytes = new TextEncoder().encode(JSON.stringify(document));
    const status = Object.hasOwn(documents, request.path) ? 200 : 503;
    const headers = { "content-type": "application/json" };
    return Promise.resolve({
      status,
      headers,
      warnings: [],
      body: { kind: "bytes", bytes } as const,
    });
  };
  const transport = inProcessTransport({ dispatch, user: { name: "me", groups: [] } });
  return { env, requests, client: new RestClient({ transport, env }) };
}

test("aggregated discovery takes two requests", async () => {
  const resources = (resource: string, kind: string, scope: string) => [
    {
      resource,
      responseKind: { group: "", version: "", kind },
      scope,
      singularResource: kind.toLowerCase(),
      verbs: ["get"],
      shortNames: ["x"],
      subresources: [{ subresource: "status" }],
    },
  ];
  const list = (items: unknown) => ({
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items,
  });
  const { env, client, requests } = aClient({
    "/api": list([
      { versions: [{ version: "v1", resources: resources("nodes", "Node", "Cluster") }] },
    ]),
    "/apis": list([
      {
        metadata: { name: "apps" },
        versions: [
          { version: "v1", resources: resources("deployments", "Deployment", "Namespaced") },
        ],
      },
    ]),
  });
  const found = await createRestMapper(client, aContext(env));
  expect(found.resolve("node")).toEqual({
    group: "",
    version: "v1",
    kind: "Node",
    resource: "nodes",
    isNamespaced: false,
  });
  expect(found.forKind("apps/v1", "Deployment").isNamespaced).toBe(true);
  expect(requests.length).toBe(2);
  expect(requests[0]?.headers["accept"]).toContain("as=APIGroupDiscoveryList");
});

test("a server without aggregated discovery is asked for each version", async () => {
  const { env, client } = aClient({
    "/api": { kind: "APIVersions", versions: ["v1"] },
    "/apis": {
      kind: "APIGroupList",
      groups: [
        { name: "apps", versions: [{ groupVersion: "apps/v1" }] },
        { name: "metrics.k8s.io", versions: [{ groupVersion: "metrics.k8s.io/v1beta1" }] },
      ],
    },
    "/api/v1": {
      kind: "APIResourceList",
      resources: [
        {
          name: "pods",
          kind: "Pod",
          namespaced: true,
          singularName: "",
          shortNames: ["po"],
          verbs: [],
        },
        { name: "pods/log", kind: "Pod", namespaced: true },
      ],
    },
    "/apis/apps/v1": {
      kind: "APIResourceList",
      resources: [
        { name: "deployments", kind: "Deployment", namespaced: true, categories: ["all"] },
      ],
    },
  });
  const found = await createRestMapper(client, aContext(env));
  expect(found.resources.map(({ type }) => type.resource)).toEqual(["pods", "deployments"]);
  expect(found.resolve("po").kind).toBe("Pod");
  expect(found.resolve("deployment").group).toBe("apps");
  expect(env.lines.map((line) => line.fields["apiVersion"])).toEqual(["metrics.k8s.io/v1beta1"]);
});
