import { expect, test } from "vitest";
import { aServer, type TestServer } from "../../testing/test-server.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import type { Authorizer } from "../authorizer.ts";
import { authorizerConformance } from "../conformance.ts";
import { anAccess, aUser } from "../testing.ts";
import { nodeAuthorizer } from "./node-authorizer.ts";
import { NodeGraph } from "./node-graph.ts";

const PODS = "/api/v1/namespaces/t/pods";
const ACCOUNTS = "/api/v1/namespaces/t/serviceaccounts";

function aNode(name: string): UserInfo {
  return aUser(`system:node:${name}`, "system:nodes");
}

function authorizerOf(server: TestServer): Authorizer {
  return nodeAuthorizer(new NodeGraph({ store: server.store, log: server.env.log }));
}

const container = { name: "c", image: "i" };

/** A pod that refers to one object of each kind, all called after it. */
async function aPodOn(server: TestServer, name: string, node: string): Promise<void> {
  const body = {
    metadata: { name },
    spec: {
      nodeName: node,
      serviceAccountName: `${name}-account`,
      imagePullSecrets: [{ name: `${name}-pull` }],
      containers: [
        {
          ...container,
          env: [
            { name: "A", valueFrom: { secretKeyRef: { name: `${name}-env`, key: "k" } } },
            { name: "B", valueFrom: { configMapKeyRef: { name: `${name}-map`, key: "k" } } },
          ],
          envFrom: [{ secretRef: { name: `${name}-from` } }],
        },
      ],
      volumes: [
        { name: "s", secret: { secretName: `${name}-volume` } },
        { name: "p", projected: { sources: [{ configMap: { name: `${name}-part` } }] } },
        { name: "c", persistentVolumeClaim: { claimName: `${name}-claim` } },
      ],
    },
  };
  const account = { metadata: { name: `${name}-account` } };
  await server.call("POST", ACCOUNTS, { body: account });
  const { status, value } = await server.call("POST", PODS, { body });
  expect([status, value.message]).toEqual([201, undefined]);
}

authorizerConformance("nodeAuthorizer", async () => {
  const server = await aServer();
  await aPodOn(server, "web", "n1");
  return {
    authorizer: authorizerOf(server),
    context: server.context,
    user: aNode("n1"),
    allowed: anAccess("get secrets t/web-env", aNode("n1")),
    refused: anAccess("get secrets t/other", aNode("n1")),
    namespace: "t",
  };
});

test("a node reads what its own pods refer to, and nothing of others", async () => {
  const server = await aServer();
  await aPodOn(server, "web", "n1");
  await aPodOn(server, "db", "n2");
  const authorizer = authorizerOf(server);
  const kindOf = async (text: string, node: string): Promise<string> =>
    (await authorizer.authorize(anAccess(text, aNode(node)), server.context)).kind;
  for (const what of [
    "get secrets t/web-pull",
    "get secrets t/web-env",
    "get secrets t/web-from",
    "get secrets t/web-volume",
    "watch configmaps t/web-map",
    "get configmaps t/web-part",
    "get persistentvolumeclaims t/web-claim",
    "create serviceaccounts/token t/web-account",
    "get pods t/web",
  ]) {
    expect([what, await kindOf(what, "n1")]).toEqual([what, "allowed"]);
    expect([what, await kindOf(what, "n2")]).toEqual([what, "undecided"]);
    expect(await kindOf(what.replace("t/web", "default/web"), "n1")).toBe("undecided");
  }
  for (const what of [
    "list secrets t",
    "delete secrets t/web-env",
    "get nodes /n2",
    "list nodes",
  ]) {
    expect([what, await kindOf(what, "n1")]).toEqual([what, "undecided"]);
  }
});

test("what a pod refers to is seen as long as the pod is there", async () => {
  const server = await aServer();
  const authorizer = authorizerOf(server);
  const access = anAccess("get secrets t/web-env", aNode("n1"));
  const kind = async (): Promise<string> =>
    (await authorizer.authorize(access, server.context)).kind;
  expect(await kind()).toBe("undecided");
  await aPodOn(server, "web", "n1");
  expect(await kind()).toBe("allowed");
  await server.call("DELETE", `${PODS}/web?gracePeriodSeconds=0`);
  expect(await kind()).toBe("undecided");
});

test("a node watches its own pods by the field that names it", async () => {
  const server = await aServer();
  const list = async (query: string): Promise<readonly unknown[]> => {
    const { status, value } = await server.call("GET", `/api/v1/pods${query}`, {
      user: aNode("n1"),
    });
    return [status, value.message];
  };
  expect(await list("?fieldSelector=spec.nodeName%3Dn1")).toEqual([200, undefined]);
  expect(await list("?fieldSelector=spec.nodeName%3Dn2")).toEqual([
    403,
    'pods is forbidden: User "system:node:n1" cannot list resource "pods" in API group "" ' +
      "at the cluster scope: can only list/watch pods with spec.nodeName field selector",
  ]);
});

test("a node writes its own node, lease, and the status of pods", async () => {
  const server = await aServer();
  const authorizer = authorizerOf(server);
  const kindOf = async (text: string, group = ""): Promise<string> =>
    (await authorizer.authorize(anAccess(text, aNode("n1"), group), server.context)).kind;
  expect(await kindOf("create nodes")).toBe("allowed");
  expect(await kindOf("patch nodes/status /n1")).toBe("allowed");
  expect(await kindOf("patch pods/status t/web")).toBe("allowed");
  expect(await kindOf("create events t")).toBe("allowed");
  const leases = "coordination.k8s.io";
  expect(await kindOf("update leases kube-node-lease/n1", leases)).toBe("allowed");
  expect(await kindOf("update leases kube-node-lease/n2", leases)).toBe("undecided");
  expect(await kindOf("update leases default/n1", leases)).toBe("undecided");
});

test("who is called like a node but is none of the group is no node", async () => {
  const server = await aServer();
  await aPodOn(server, "web", "n1");
  const access = anAccess("get pods t/web", aUser("system:node:n1", "others"));
  const decision = await authorizerOf(server).authorize(access, server.context);
  expect(decision).toEqual({ kind: "undecided", reason: "", problem: "" });
});
