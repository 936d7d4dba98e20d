/** What probes are told. */
import { expect, test } from "vitest";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { MemoryEngine } from "../store/engine/memory/memory-engine.ts";
import { MvccStore } from "../store/mvcc/mvcc-store.ts";
import { MoodyEngine } from "../store/testing/moody-engine.ts";
import { aServer } from "./testing/test-server.ts";

const NAMESPACES = "/api/v1/namespaces";

test("a store that takes no more writes fails the probes, while reads go on", async () => {
  const env = virtualEnv();
  const engine = new MoodyEngine(new MemoryEngine());
  const server = await aServer({ env, store: await MvccStore.open({ engine, env }) });
  expect((await server.call("GET", "/livez/etcd")).status).toBe(200);
  engine.failOnce(new Error("no space left on device"));
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } };
  expect((await server.call("POST", NAMESPACES, { body })).status).toBe(503);
  for (const path of ["/healthz", "/livez", "/readyz", "/readyz/etcd"]) {
    const answer = await server.call("GET", path);
    expect(answer.status).toBe(500);
    const why = path.endsWith("/etcd") ? "internal server error:" : "[-]etcd failed:";
    expect(answer.value).toContain(`${why} reason withheld`);
  }
  const { value: components } = await server.call("GET", "/api/v1/componentstatuses/etcd-0");
  expect(components).toMatchObject({ conditions: [{ type: "Healthy", status: "False" }] });
  expect((await server.call("GET", NAMESPACES)).status).toBe(200);
});
