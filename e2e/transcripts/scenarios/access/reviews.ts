import type { Asked, Scenario } from "../../scenario.ts";
import { as, post } from "./requests.ts";

const AUTHORIZATION = "/apis/authorization.k8s.io/v1";
const TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
const ISSUER = "https://kubernetes.default.svc.cluster.local";

function access(spec: object): Asked {
  return post(`${AUTHORIZATION}/subjectaccessreviews`, { spec });
}

function ofNode(resourceAttributes: object): Asked {
  return access({ user: "system:node:a", groups: ["system:nodes"], resourceAttributes });
}

function token(spec: object): Asked {
  return post(TOKENS, { spec });
}

const pods = { verb: "get", resource: "pods" };
const secret = { verb: "get", resource: "secrets", namespace: "default" };

/** Questions about who may do what, and whose a token is. */
export const reviews: Scenario = {
  name: "access-reviews",
  namespace: "access-reviews",
  steps: [
    access({ user: "x" }),
    access({ resourceAttributes: pods }),
    access({ user: "x", resourceAttributes: pods }),
    access({ groups: ["system:masters"], resourceAttributes: pods }),
    access({
      user: "x",
      groups: ["system:authenticated"],
      nonResourceAttributes: { path: "/api", verb: "get" },
    }),
    ofNode({ ...secret, name: "x" }),
    ofNode({ ...secret, verb: "list" }),
    ofNode({ verb: "list", resource: "pods" }),
    ofNode({
      verb: "list",
      resource: "pods",
      fieldSelector: { rawSelector: "spec.nodeName=a" },
    }),
    ofNode({ verb: "get", resource: "nodes", name: "b" }),
    ofNode({ verb: "create", resource: "serviceaccounts", subresource: "token", name: "b" }),
    access({
      user: "x",
      resourceAttributes: { ...pods, labelSelector: { rawSelector: "!!!" } },
    }),
    post(`${AUTHORIZATION}/namespaces/access-reviews/localsubjectaccessreviews`, {
      spec: { user: "x", resourceAttributes: { ...pods, namespace: "other" } },
    }),
    post(`${AUTHORIZATION}/namespaces/access-nowhere/localsubjectaccessreviews`, {
      spec: { user: "x", resourceAttributes: { ...pods, namespace: "access-nowhere" } },
    }),
    post(
      `${AUTHORIZATION}/selfsubjectaccessreviews`,
      { spec: { resourceAttributes: pods } },
      as("access-nobody"),
    ),
    token({ token: "nope" }),
    token({ token: "the-token-of-alice" }),
    token({ token: "the-token-of-alice", audiences: ["x"] }),
    token({ token: "the-token-of-alice", audiences: [ISSUER, "b"] }),
  ],
};
