import { expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { AFFINITY_CLIENTS_MAX, BACKEND_TRIES_MAX, Balancer } from "./balancer.ts";

const env = virtualEnv();
const at = (...ports: readonly number[]): readonly { address: string; port: number }[] =>
  ports.map((port) => ({ address: "127.64.0.1", port }));

function aBalancer(ports: readonly number[], affinityMs?: number): Balancer {
  const balancer = new Balancer(env.clock);
  balancer.update(at(...ports), affinityMs);
  return balancer;
}

const order = (balancer: Balancer, client = "a"): readonly number[] =>
  balancer.order(client).map(({ port }) => port);

/** The backend a client gets that is not refused. */
function chosen(balancer: Balancer, client: string): number | undefined {
  const [backend] = balancer.order(client);
  if (backend !== undefined) balancer.used(client, backend);
  return backend?.port;
}

test("backends take turns, and the next ones are tried after the first", () => {
  const balancer = aBalancer([1, 2, 3]);
  expect([order(balancer), order(balancer), order(balancer), order(balancer)]).toEqual([
    [1, 2, 3],
    [2, 3, 1],
    [3, 1, 2],
    [1, 2, 3],
  ]);
});

test("nobody gets anything where there is nothing, and few are tried of many", () => {
  expect(order(aBalancer([]))).toEqual([]);
  const many = aBalancer(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(order(many)).toHaveLength(BACKEND_TRIES_MAX);
});

test("turns go on when backends change", () => {
  const balancer = aBalancer([1, 2, 3]);
  order(balancer);
  balancer.update(at(1, 3), undefined);
  expect(order(balancer)[0]).toBe(3);
  expect(order(balancer)[0]).toBe(1);
});

test("a client with affinity comes back to its backend, others take turns", () => {
  const balancer = aBalancer([1, 2, 3], 1_000);
  expect([chosen(balancer, "a"), chosen(balancer, "b"), chosen(balancer, "a")]).toEqual([1, 2, 1]);
  expect(order(balancer, "a")).toEqual([1, 3, 2]);
  expect(chosen(balancer, "c")).toBe(3);
});

test("affinity counts from the last connection; it ends with its time or its backend", async () => {
  const balancer = aBalancer([1, 2], 1_000);
  chosen(balancer, "a");
  await env.advance(999);
  expect(chosen(balancer, "a")).toBe(1);
  await env.advance(999);
  expect(chosen(balancer, "a")).toBe(1);
  await env.advance(1_000);
  expect(chosen(balancer, "a")).toBe(2);
  balancer.update(at(1, 3), 1_000);
  expect(chosen(balancer, "a")).not.toBe(2);
});

test("clients longest unseen are forgotten first", () => {
  const balancer = aBalancer([1, 2], 1_000);
  chosen(balancer, "old");
  chosen(balancer, "kept");
  for (let index = 0; index < AFFINITY_CLIENTS_MAX - 1; index += 1) {
    if (index === 5) chosen(balancer, "kept");
    chosen(balancer, `client-${index}`);
  }
  // Whoever is remembered is sent to the same backend again, others to the next.
  const isRemembered = (client: string): boolean =>
    order(balancer, client)[0] === order(balancer, client)[0];
  expect([isRemembered("kept"), isRemembered("client-0"), isRemembered("old")]).toEqual([
    true,
    true,
    false,
  ]);
});
