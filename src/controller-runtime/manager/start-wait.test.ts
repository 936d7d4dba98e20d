/** How a manager begins while its API server is away, phase by phase. */
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { rootContext } from "../../base/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { RestClient } from "../../client/rest-client.ts";
import { TransportError, type Transport } from "../../client/transport.ts";
import { createControlPlane } from "../../control-plane/control-plane.ts";
import { createInformers } from "../../informer/informers.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { internalError } from "../../machinery/status.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { DONE } from "../controller/outcome.ts";
import { controller } from "../declared/controller.ts";
import { ownSource } from "../sources/sources.ts";
import { admission } from "../webhooks/admission.ts";
import type { ManagerOptions } from "./manager-options.ts";
import { createManager } from "./manager.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ text: z.string().default("hello") }),
});

const sites = controller(Site, { reconcile: (_, ctx) => Promise.resolve(ctx.done()) });
const maps = controller(ConfigMap, { reconcile: (_, ctx) => Promise.resolve(ctx.done()) });
const handMade = ({ informers }: ControllerDeps): ControllerSpec => ({
  name: "hand-made",
  sources: [ownSource(informers.for(ConfigMap))],
  reconcile: () => Promise.resolve(DONE),
});

type Phase = Partial<ManagerOptions> & {
  readonly name: string;
  /** Of the requests that fail. */
  readonly asks: RegExp;
  readonly says: RegExp;
};

const PREFLIGHT: Phase = {
  name: "the look at what is served",
  controllers: [maps],
  asks: /configmaps/,
  says: /syncing: waits for the API server to say what it serves and allows: it/,
};
const PHASES: readonly Phase[] = [
  PREFLIGHT,
  {
    name: "the look at what is allowed",
    controllers: [maps],
    asks: /selfsubjectaccessreviews/,
    says: /syncing: waits for the API server to say what it serves and allows: it/,
  },
  {
    name: "definitions",
    controllers: [sites],
    installsDefinitions: true,
    asks: /customresourcedefinitions/,
    says: /syncing: waits for the API server to take definitions: it /,
  },
  {
    name: "the registration of webhooks",
    controllers: [],
    webhooks: {
      handlers: [admission(ConfigMap, { validate: () => [] })],
      port: 0,
      host: "127.0.0.1",
      url: (port: number) => `https://127.0.0.1:${port}`,
    },
    asks: /webhookconfigurations/,
    says: /syncing: waits for the API server to register webhooks: it /,
  },
  {
    name: "the first lists",
    controllers: [handMade],
    asks: /configmaps/,
    says: /syncing: waits for the API server to list what its controllers read: configmaps: it /,
  },
  {
    name: "the lease",
    controllers: [maps],
    leaderElection: { lease: { namespace: "default", name: "maps" }, identity: "a" },
    asks: /leases/,
    says: /standby: the lease could not be read or written: /,
  },
];

const FIVE_HUNDRED: ApiResponse = {
  status: 500,
  headers: { "content-type": "application/json" },
  warnings: [],
  body: {
    kind: "object",
    object: EncodedObject.fromValue({
      ...internalError("etcdserver: no leader").status,
      metadata: {},
    }),
  },
};
const WAYS: Readonly<Record<string, { answer: () => Promise<ApiResponse>; why: RegExp }>> = {
  "refuses connections": {
    answer: () =>
      Promise.reject(new TransportError("cannot connect to api:6443", { isRefused: true })),
    why: /cannot connect to api:6443/,
  },
  "answers 500": { answer: () => Promise.resolve(FIVE_HUNDRED), why: /etcdserver: no leader/ },
};

/** A manager, and a server of which some requests fail until `mend()`. */
async function aStart({ name: _name, says: _says, asks, ...options }: Phase) {
  const env = virtualEnv();
  const plane = await createControlPlane({ env });
  let away: (() => Promise<ApiResponse>) | undefined;
  const transport: Transport = {
    send: (request, context) =>
      away !== undefined && asks.test(request.path)
        ? away()
        : plane.transport.send(request, context),
    close: () => Promise.resolve(),
  };
  const client = new RestClient({ transport, env });
  const stop = new AbortController();
  const manager = createManager({
    controllers: [],
    client,
    env,
    informers: createInformers({ client, env }),
    ...options,
  });
  const fail = (how?: () => Promise<ApiResponse>): void => {
    away = how;
  };
  const run = (): Promise<void> => manager.run(rootContext(env, stop.signal));
  const state = (): string => manager.readyz().checks[0]?.state ?? "";
  return { env, plane, manager, stop, fail, run, state };
}

/** Moves time on; what happens on real sockets may take a moment besides. */
async function until(env: VirtualEnv, isSo: () => void): Promise<void> {
  const look = async (): Promise<void> => {
    await env.advance(2_000);
    isSo();
  };
  await vi.waitFor(look, { timeout: 15_000, interval: 1 });
}

const lines = (env: VirtualEnv) =>
  env.lines.filter(({ message }) => /^the start waits for|^the lease could not/.test(message));

describe.each(Object.entries(WAYS))("a server that %s", (_way, { answer, why }) => {
  test.each(PHASES)("is waited for at $name, as the log and readiness say", async (phase) => {
    const { env, plane, manager, stop, fail, run, state } = await aStart(phase);
    fail(answer);
    const running = run();
    await until(env, () => expect(state()).toMatch(phase.says));
    expect(state()).toMatch(why);
    await env.advance(150_000); // and for ever
    const told = lines(env).find(({ fields }) =>
      why.test(String(fields["why"] ?? fields["error"])),
    );
    expect(told?.level).toBe("warn");
    expect(state()).toMatch(phase.says);
    fail();
    await until(env, () => expect(state()).toBe("leading"));
    await until(env, () => expect(manager.readyz().isOk).toBe(true));
    stop.abort();
    await running;
    await plane.close();
  });

  test.each(PHASES)("does not keep from an end at $name", async (phase) => {
    const { env, plane, stop, fail, run, state } = await aStart(phase);
    fail(answer);
    const running = run();
    await until(env, () => expect(state()).toMatch(phase.says));
    stop.abort();
    await running;
    expect(state()).toBe("stopped");
    await plane.close();
  });
});

const SILENT = (): Promise<ApiResponse> => new Promise(() => undefined);

test("lines are rare, name the server and say what to do; one tells that it is over", async () => {
  const { env, plane, stop, fail, run } = await aStart(PREFLIGHT);
  fail(WAYS["answers 500"]?.answer);
  const running = run();
  await env.advance(100);
  expect(lines(env)).toMatchObject([
    {
      level: "warn",
      message: "the start waits for the API server to say what it serves and allows",
      fields: { server: "the API server", hint: /^It is reached and cannot answer/ },
    },
  ]);
  await env.advance(600_000);
  expect(lines(env).length).toBeGreaterThan(8);
  expect(lines(env).length).toBeLessThan(16);
  fail();
  await env.advance(20_000);
  expect(env.lines.some(({ message }) => message === "the start waits no more")).toBe(true);
  stop.abort();
  await running;
  await plane.close();
});

for (const phase of PHASES.slice(0, 5)) {
  test(`a server that never answers is told of, and left at once: ${phase.name}`, async () => {
    const { env, plane, stop, fail, run, state } = await aStart(phase);
    fail(SILENT);
    const running = run();
    await until(env, () => expect(state()).toMatch(/no answer for \d+ s$/));
    expect(lines(env)[0]?.level).toBe("warn");
    stop.abort();
    await running;
    await plane.close();
  });
}

test("with a time limit the start ends, and says why", async () => {
  for (const [answer, why] of [
    [WAYS["refuses connections"]?.answer, /60000 ms \(syncMsMax\): it is not reached: cannot/],
    [SILENT, /60000 ms \(syncMsMax\): no answer for 60 s/],
  ] as const) {
    const { env, plane, fail, run } = await aStart({ ...PREFLIGHT, syncMsMax: 60_000 });
    fail(answer);
    const ended = expect(run()).rejects.toThrow(why);
    await env.advance(61_000);
    await ended;
    await plane.close();
  }
});
