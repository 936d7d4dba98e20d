import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { Secret } from "./builtin.ts";
import { metadataReader } from "./metadata-reader.ts";
import type { Transport } from "./transport.ts";

test("lists and watches ask for metadata only", async () => {
  const env = virtualEnv();
  const asked: (string | undefined)[] = [];
  const transport: Transport = {
    send: ({ headers }) => {
      asked.push(headers["accept"]?.split(",")[0]);
      return Promise.reject(new Error("no server"));
    },
    close: () => Promise.resolve(),
  };
  const reader = metadataReader({ transport, env });
  await expect(reader.list(Secret, {}, aContext(env))).rejects.toThrow("no server");
  await expect(reader.watch(Secret, {}, aContext(env))).rejects.toThrow("no server");
  expect(asked).toEqual([
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
  ]);
});
