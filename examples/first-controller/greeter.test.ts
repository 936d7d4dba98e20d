/** The controller on a whole control plane in memory: the real server, no network, no mocks. */
import { createControlPlane, type ControlPlane } from "setpoint";
import { ConfigMap, Namespace } from "setpoint/client";
import { expect, test } from "vitest";
import { greeter } from "./greeter.ts";

const KEY = { namespace: "team", name: "greeting" };

/** Resolves at the first greeting that is not the one with `uid`. */
async function greetingAfter(plane: ControlPlane, uid: string): Promise<ConfigMap> {
  const { client, context } = plane;
  const from = { namespace: KEY.namespace, fieldSelector: "metadata.name=greeting" };
  for await (const batch of await client.watch(ConfigMap, from, context)) {
    for (const event of batch) {
      if (event.kind !== "ADDED" || event.object.value.metadata.uid === uid) continue;
      return event.object.value;
    }
  }
  throw new Error("the watch ended");
}

test("a labelled namespace is greeted, and again when the greeting is deleted", async () => {
  await using plane = await createControlPlane();
  const { client, context } = plane;
  plane.manage(greeter);

  const metadata = { name: "team", labels: { greet: "world" } };
  await client.create(Namespace, { metadata }, context);
  const first = await greetingAfter(plane, "");
  expect(first.data).toEqual({ text: "Hello, world!" });

  await client.delete(ConfigMap, KEY, context);
  const second = await greetingAfter(plane, first.metadata.uid ?? "");
  expect(second.data).toEqual(first.data);
  expect(second.metadata.ownerReferences?.[0]).toMatchObject({ kind: "Namespace", name: "team" });
});
