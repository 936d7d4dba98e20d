import { expect, test } from "vitest";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { Node } from "../client/builtin.ts";
import { TransportError } from "../client/transport.ts";
import { createControlPlane } from "./control-plane.ts";
import { AgentLogs } from "./node-logs.ts";

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "default", name: "web" },
  spec: { nodeName: "n", containers: [{ name: "app" }] },
};
const FOLLOWED = {
  container: "app",
  isFollowed: true,
  isPrevious: false,
  hasTimestamps: false,
  sinceSeconds: undefined,
  sinceTime: undefined,
  tailLines: 1,
  limitBytes: undefined,
};
const URL = "https://10.1.2.3:10250/containerLogs/default/web/app?follow=true&tailLines=1";
const AT = { address: "10.1.2.3", port: 10250 };

test.each([
  ["ECONNREFUSED", "dial tcp 10.1.2.3:10250: connect: connection refused"],
  ["ETIMEDOUT", "dial tcp 10.1.2.3:10250: i/o timeout"],
])(
  "the log of a pod whose agent fails with %s is refused in upstream's words",
  async (code, why) => {
    await using plane = await createControlPlane({ env: virtualEnv(), hasControllers: false });
    const status = {
      addresses: [{ type: "InternalIP", address: AT.address }],
      daemonEndpoints: { kubeletEndpoint: { Port: AT.port } },
    };
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n" },
      spec: {},
      status,
    } as const;
    await plane.client.create(Node, node, plane.context);
    const cause = Object.assign(new Error(code), { code, ...AT });
    const logs = new AgentLogs({
      client: () => plane.client,
      connect: () => ({
        send: () => Promise.reject(new TransportError("no", { isRefused: true, cause })),
        close: () => Promise.resolve(),
      }),
    });
    const failure = logs.open(POD, FOLLOWED, plane.context);
    await expect(failure).rejects.toMatchObject({
      message: `Get "${URL}": ${why}`,
      code: 500,
      reason: "",
    });
  },
);
