import { expect, expectTypeOf, test } from "vitest";
import type { Context } from "../base/context.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import type { ApiObject } from "../machinery/object.ts";
import { ConfigMap, Namespace, Pod } from "./builtin.ts";
import type { Deployment, Role, StorageClass } from "./builtin.ts";
import type { Client } from "./client.ts";
import { inProcessTransport } from "./in-process.ts";
import type { ObjectInput } from "./object-input.ts";
import { defineResource, type ObjectOf } from "./resource/define-resource.ts";
import { structural } from "./resource/schema-source.ts";
import type { ResourceType } from "./resource-type.ts";
import { RestClient } from "./rest-client.ts";

const Widget = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Widget",
  spec: structural<{ readonly size: number }>({ type: "object" }),
});
type Widget = ObjectOf<typeof Widget>;

const spec = { containers: [{ name: "web", image: "web:1" }] };

test("what the server fills in is not written, all else is", () => {
  expectTypeOf({ metadata: { name: "a" }, spec }).toExtend<ObjectInput<Pod>>();
  expectTypeOf({ metadata: { name: "a" } }).toExtend<ObjectInput<Namespace>>();
  expectTypeOf({ metadata: { name: "a" }, data: { a: "1" } }).toExtend<ObjectInput<ConfigMap>>();
  expectTypeOf({ metadata: { name: "a" }, spec: { size: 1 } }).toExtend<ObjectInput<Widget>>();

  expectTypeOf({ metadata: { name: "a" } }).not.toExtend<ObjectInput<Pod>>();
  expectTypeOf({ metadata: { name: "a" } }).not.toExtend<ObjectInput<Widget>>();
  expectTypeOf({ metadata: { name: "a" } }).not.toExtend<ObjectInput<StorageClass>>();
  expectTypeOf({ spec }).not.toExtend<ObjectInput<Pod>>();
  expectTypeOf({ metadata: {}, spec: {} }).not.toExtend<ObjectInput<Deployment>>();
  expectTypeOf({ metadata: {}, kind: "Node", spec }).not.toExtend<ObjectInput<Pod>>();
});

test("what was read can be written, whatever its kind", () => {
  expectTypeOf<Pod>().toExtend<ObjectInput<Pod>>();
  expectTypeOf<Widget>().toExtend<ObjectInput<Widget>>();
  expectTypeOf<ApiObject>().toExtend<ObjectInput<ApiObject>>();
  const rewritten = <T extends ApiObject>(
    client: Client,
    type: ResourceType<T>,
    read: T,
    context: Context,
  ): Promise<T> => client.update(type, read, context);
  expectTypeOf(rewritten<Role>).returns.resolves.toEqualTypeOf<Role>();
});

test("an answer has the type of the call, and mistakes are found where they are made", () => {
  const calls = (client: Client, context: Context): void => {
    const metadata = { name: "a" };
    expectTypeOf(client.create(Pod, { metadata, spec }, context)).resolves.toEqualTypeOf<Pod>();
    expectTypeOf(client.create(Namespace, { metadata }, context)).resolves.toHaveProperty("status");
    expectTypeOf(
      client.update(ConfigMap, { metadata }, context),
    ).resolves.toEqualTypeOf<ConfigMap>();
    // @ts-expect-error a field that pods do not have
    void client.create(Pod, { metadata, spec, data: {} }, context);
    // @ts-expect-error a field that containers do not have
    void client.create(Pod, { metadata, spec: { containers: [{ name: "a", img: "a" }] } }, context);
    // @ts-expect-error of another kind
    void client.create(Pod, { kind: "ConfigMap", metadata, spec }, context);
  };
  expect(calls).toBeTypeOf("function");
});

test("what is left out is sent with its kind", async () => {
  const env = virtualEnv();
  const sent: unknown[] = [];
  const transport = inProcessTransport({
    user: { name: "me", groups: [] },
    dispatch: (request) => {
      sent.push(request.body);
      throw new Error("not of interest");
    },
  });
  const client = new RestClient({ transport, env });
  const metadata = { namespace: "default", name: "a" };
  const creating = client.create(Pod, { metadata, spec }, aContext(env));
  await expect(creating).rejects.toThrow("not of interest");
  expect(sent).toMatchObject([{ value: { apiVersion: "v1", kind: "Pod", metadata, spec } }]);
});
