import { describe, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { serviceUnavailable } from "../../machinery/status.ts";
import { fakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import type { Client } from "../../client/client.ts";
import { aPod } from "../testing/views.ts";
import { accountTokens } from "./account-tokens.ts";

const env = virtualEnv();
const context = aContext(env);
const pod = aPod({ spec: { serviceAccountName: "robot" } });

/** A client that makes tokens `1`, `2`, … for an hour each, until it is told to fail. */
function issuing(): { readonly client: Client; readonly asked: unknown[]; isDown: boolean } {
  const issuer = {
    asked: new Array<unknown>(),
    isDown: false,
    client: {
      ...fakeCluster(env).client,
      createSubresource: (_type: unknown, key: object, part: string, body: object) => {
        if (issuer.isDown) return Promise.reject(serviceUnavailable("down"));
        issuer.asked.push({ key, part, body });
        const expirationTimestamp = apiTime(env.clock.now() + 3_600_000);
        const status = { token: String(issuer.asked.length), expirationTimestamp };
        return Promise.resolve({ metadata: {}, status });
      },
    },
  };
  return issuer;
}

describe("tokens of accounts", () => {
  test("are for one pod and audience, and are asked for once", async () => {
    const { client, asked } = issuing();
    const tokens = accountTokens(client, env.clock);
    const wanted = { path: "token", expirationSeconds: 3_607 };
    expect(await tokens.token(pod, wanted, context)).toBe("1");
    expect(await tokens.token(pod, wanted, context)).toBe("1");
    expect(await tokens.token(pod, { ...wanted, audience: "vault" }, context)).toBe("2");
    expect(asked).toMatchObject([
      {
        key: { namespace: pod.metadata.namespace, name: "robot" },
        part: "token",
        body: {
          spec: {
            audiences: [],
            expirationSeconds: 3_607,
            boundObjectRef: { kind: "Pod", name: pod.metadata.name, uid: pod.metadata.uid },
          },
        },
      },
      { body: { spec: { audiences: ["vault"] } } },
    ]);
  });

  test("are renewed at four fifths of their life, and used to the end if that fails", async () => {
    const issuer = issuing();
    const tokens = accountTokens(issuer.client, env.clock);
    const wanted = { path: "token" };
    expect(await tokens.token(pod, wanted, context)).toBe("1");
    await env.advance(2_800_000);
    expect(await tokens.token(pod, wanted, context)).toBe("1");
    await env.advance(200_000);
    issuer.isDown = true;
    expect(await tokens.token(pod, wanted, context)).toBe("1");
    issuer.isDown = false;
    expect(await tokens.token(pod, wanted, context)).toBe("2");
    await env.advance(3_700_000);
    issuer.isDown = true;
    await expect(tokens.token(pod, wanted, context)).rejects.toThrow("failed to fetch token: down");
  });
});
