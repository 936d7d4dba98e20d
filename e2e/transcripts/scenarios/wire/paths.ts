import type { Scenario } from "../../scenario.ts";
import { bare, get } from "./requests.ts";

const PODS = "/api/v1/namespaces/wire-none/pods";

/** Paths that are nearly right, and methods that are not. */
export const paths: Scenario = {
  name: "wire-paths",
  steps: [
    "//",
    "/api/v2",
    "/api/v1//pods",
    "//api/v1/pods",
    "/apis/nope",
    "/apis/apps/v7",
    "/apis/apps/v1/nope",
    "/apis/nope/v1/things",
    "/version/x",
    "/livez/",
    "/livez/nope",
    "/healthz/ping",
    "/livez/ping?verbose",
    "/api/v1/watch",
    "/api/v1/proxy/nodes/x",
    "/api/v1/nodes/a%zz",
    "/api/v1/nodes/%2e%2e",
    "/api/v1/nodes/a%25b",
    "/api/v1/bindings",
    `${PODS}/x/nope`,
    `${PODS}/x/log/y`,
    "/api/v1/namespaces/wire-none/nodes",
    `${PODS}//`,
    "/openapi/v3/nope",
    "/openid/v1",
    "/api/v1/pods/x",
  ].map((path) => get(path)),
};

/** The same to people who may do nothing: what they are told about what they asked for. */
export const pathsOfNobody: Scenario = {
  name: "wire-paths-of-nobody",
  steps: [
    "/apis/scheduling.k8s.io/v1",
    "/livez",
    "/api/v1//pods",
    "//api/v1/pods",
    "/nope",
    "/api/v1/namespaces//configmaps",
    "/api/v1/namespaces/x/configmaps/a%2Fb",
    PODS,
    `${PODS}/x/log`,
    "/api/v1/namespaces/x",
    "/api/v1/proxy/nodes/x",
    "/api/v1/nodes?watch=1",
    "/api/v1/nodes?fieldSelector=metadata.name%3Da",
    "/apis/apps/v1/deployments",
  ].flatMap((path) => [
    { ...get(path), user: null },
    { ...get(path), user: "alice" as const },
  ]),
};

/** Methods that nothing is behind. */
export const methods: Scenario = {
  name: "wire-methods",
  steps: [
    bare("DELETE", "/api/v1/configmaps"),
    bare("DELETE", "/api/v1/namespaces"),
    bare("POST", `${PODS}/x`),
    bare("PUT", PODS),
    bare("PATCH", PODS),
    bare("OPTIONS", PODS),
    bare("OPTIONS", "/api/v1/nope"),
    bare("HEAD", PODS),
    bare("HEAD", "/healthz"),
    bare("HEAD", "/api"),
    bare("POST", "/healthz"),
    bare("POST", "/api/v1"),
    bare("DELETE", "/version"),
    bare("POST", "/api/v1/watch/pods"),
    bare("DELETE", "/api/v1/watch/namespaces/wire-none/pods/x"),
    bare("PUT", "/api/v1/componentstatuses/x"),
    bare("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
    bare("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x"),
    bare("DELETE", "/apis/apps/v1/namespaces/wire-none/deployments/x/scale"),
    bare("GET", "/api/v1/namespaces/x/finalize"),
  ],
};
