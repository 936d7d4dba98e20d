import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { ConfigMap, Pod } from "../../client/builtin.ts";
import { TransportError } from "../../client/transport.ts";
import { aContainer, POD_UID } from "../testing/views.ts";
import { PodsWorld } from "../testing/pods-world.ts";

let world: PodsWorld;

beforeEach(() => {
  world = new PodsWorld();
});

afterEach(() => world.stop());

const key = { namespace: "default", name: "web" };

describe("a pod of this node", () => {
  test("is started, reported ready, and its story told in events", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    expect(world.runtime.running()).toEqual(["app-0"]);
    expect(world.pod()?.status).toMatchObject({
      phase: "Running",
      podIP: "127.64.0.1",
      podIPs: [{ ip: "127.64.0.1" }],
      hostIP: "127.0.0.1",
      startTime: "2026-01-01T00:00:00Z",
      containerStatuses: [
        { name: "app", ready: true, started: true, restartCount: 0, imageID: "fake:run" },
      ],
    });
    expect(world.events()).toEqual([
      'Pulled: Container image "run" already present on machine',
      "Created: Created container: app",
      "Started: Started container app",
    ]);
  });

  test("of another node is left alone", async () => {
    world.create({ spec: { nodeName: "node-2" } });
    await world.start();
    await world.env.advance(10_000);
    expect(world.runtime.journal).toEqual([]);
  });

  test("writes nothing when nothing changes", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    const before = world.cluster.requests.length;
    await world.env.advance(300_000);
    expect(world.cluster.requests.length).toBe(before);
  });

  test("names the pod's revision as the cause of its status", async () => {
    const pod = world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    const patch = world.cluster.requests.find((request) => request.verb === "patch/status");
    expect(patch?.context.cause.triggers).toEqual([Number(pod.metadata.resourceVersion)]);
  });

  test("runs its init containers in order before its apps", async () => {
    world.runtime.images.set("once", { exit: { afterMs: 1_000, code: 0 } });
    world.create({
      spec: {
        initContainers: [
          aContainer({ name: "one", image: "once" }),
          aContainer({ name: "side", restartPolicy: "Always" }),
          aContainer({ name: "two", image: "once" }),
        ],
      },
    });
    await world.start();
    await world.until(() => world.runtime.running().includes("app-0"));
    const starts = world.runtime.journal.filter((line) => /^(start|exit)/.test(line));
    expect(starts).toEqual([
      "start one-0",
      "exit one-0 0",
      "start side-0",
      "start two-0",
      "exit two-0 0",
      "start app-0",
    ]);
    await world.until(() => world.condition("Ready") === "True");
    expect(world.state("one")).toBe("terminated 0 Completed");
  });
});

describe("restarts", () => {
  test("back off 10 s, 20 s, 40 s after the end of the container, the first at once", async () => {
    world.runtime.images.set("crash", { exit: { afterMs: 1_000, code: 1 } });
    world.create({ spec: { containers: [aContainer({ image: "crash" })] } });
    await world.start();
    const starts: number[] = [];
    await world.until(() => {
      const count = world.runtime.journal.filter((line) => line.startsWith("start ")).length;
      if (count > starts.length) starts.push(world.env.clock.monotonic());
      return count === 5;
    });
    const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(gaps.map((gap) => Math.floor(gap / 1_000))).toEqual([1, 11, 21, 41]);
    await world.until(() => world.state() === "waiting CrashLoopBackOff");
    expect(world.pod()?.status.containerStatuses?.[0]).toMatchObject({
      restartCount: 4,
      lastState: { terminated: { exitCode: 1, reason: "Error" } },
    });
    expect(world.events().filter((event) => event.startsWith("BackOff"))).not.toEqual([]);
  });

  test("keep the container before the present one and remove earlier ones", async () => {
    world.runtime.images.set("crash", { exit: { afterMs: 1_000, code: 1 } });
    world.create({ spec: { containers: [aContainer({ image: "crash" })] } });
    await world.start();
    await world.until(() => world.runtime.running().includes("app-2"));
    await world.env.settle();
    expect(world.logs.removed).toEqual([`/logs/default_web_${POD_UID}/app/0.log`]);
  });

  test("follow at once when a long-running container is killed", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.env.advance(3_600_000);
    world.runtime.crash("app");
    await world.until(() => world.runtime.running().includes("app-1"), 1_000);
    await world.until(() => world.condition("Ready") === "True", 2_000);
    expect(world.pod()?.status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137 } },
    });
  });

  test("do not happen under restartPolicy Never: the pod succeeds or fails for good", async () => {
    world.runtime.images.set("fail", { exit: { afterMs: 1_000, code: 3 } });
    world.create({
      spec: { restartPolicy: "Never", containers: [aContainer({ image: "fail" })] },
    });
    await world.start();
    await world.until(() => world.pod()?.status.phase === "Failed");
    expect(world.state()).toBe("terminated 3 Error");
    expect(world.condition("Ready")).toBe("False");
    await world.env.advance(3_600_000);
    expect(world.runtime.journal.filter((line) => line.startsWith("start"))).toHaveLength(1);
  });

  test("a success after a failure is not said to be a failure", async () => {
    world.runtime.images.set("flaky", { exit: { afterMs: 1_000, code: 1 } });
    world.create({
      spec: { restartPolicy: "OnFailure", containers: [aContainer({ image: "flaky" })] },
    });
    await world.start();
    await world.until(() => world.runtime.running().includes("app-0"));
    world.runtime.images.set("flaky", { exit: { afterMs: 1_000, code: 0 } });
    await world.until(() => world.pod()?.status.phase === "Succeeded");
    expect(world.events().filter((event) => event.startsWith("BackOff"))).toEqual([]);
  });

  test("follow a change of the image", async () => {
    const pod = world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    const spec = { ...pod.spec, containers: [aContainer({ image: "run2" })] };
    const current = world.pod() ?? pod;
    await world.cluster.client.update(Pod, { ...current, spec }, aContext(world.env));
    await world.until(() => world.runtime.running().includes("app-1"));
    expect(world.runtime.configOf("app")?.image).toBe("run2");
    expect(world.events()).toContain(
      "Killing: Container app definition changed, will be restarted",
    );
  });
});

describe("what cannot run", () => {
  test("an image that is not there waits in back-off, and starts when it comes", async () => {
    world.runtime.images.set("nope", { missing: "image-not-found" });
    world.create({ spec: { containers: [aContainer({ image: "nope" })] } });
    await world.start();
    await world.until(() => world.state() === "waiting ErrImagePull");
    await world.until(() => world.state() === "waiting ImagePullBackOff");
    expect(world.pod()?.status.phase).toBe("Pending");
    world.runtime.images.delete("nope");
    await world.until(() => world.state() === "running");
  });

  const cases = [
    ["ErrImageNeverPull", { image: "nope", imagePullPolicy: "Never" }],
    ["InvalidImageName", { image: "bad" }],
    ["CreateContainerError", { image: "no-create" }],
    ["CreateContainerConfigError", { image: "no-config" }],
    [
      "CreateContainerConfigError",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "none", key: "a" } } }] },
    ],
  ] as const;
  test.each(cases)("waits with reason %s (case %#)", async (reason, container) => {
    world.runtime.images.set("nope", { missing: "image-not-found" });
    world.runtime.images.set("bad", { missing: "invalid-image-name" });
    world.runtime.images.set("no-create", { createError: "create-failed" });
    world.runtime.images.set("no-config", { createError: "bad-config" });
    world.create({ spec: { containers: [aContainer(container)] } });
    await world.start();
    await world.until(() => world.state() === `waiting ${reason}`);
  });

  test("a command that is not there ends with 128 and StartError", async () => {
    world.runtime.images.set("no-binary", { startError: 'exec: "x" not found' });
    world.create({
      spec: { restartPolicy: "Never", containers: [aContainer({ image: "no-binary" })] },
    });
    await world.start();
    await world.until(() => world.pod()?.status.phase === "Failed");
    expect(world.pod()?.status.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 128,
      reason: "StartError",
      message: 'exec: "x" not found',
    });
  });

  test("a volume of an unknown kind is named; the rest is said by the message", async () => {
    world.create({
      spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "c" } }] },
    });
    await world.start();
    await world.until(() => world.state() === "waiting CreateContainerConfigError");
    const waiting = world.pod()?.status.containerStatuses?.[0]?.state?.waiting;
    expect(waiting?.message).toContain('volume "data": persistentVolumeClaim volumes are not');
  });

  test("a missing ConfigMap is waited for", async () => {
    const env = [{ name: "A", valueFrom: { configMapKeyRef: { name: "later", key: "a" } } }];
    world.create({ spec: { containers: [aContainer({ env })] } });
    await world.start();
    await world.until(() => world.state() === "waiting CreateContainerConfigError");
    world.cluster.seed(ConfigMap, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "later", namespace: "default" },
      data: { a: "1" },
    });
    await world.until(() => world.state() === "running", 20_000);
    expect(world.runtime.configOf("app")?.env).toContainEqual({ name: "A", value: "1" });
  });
});

describe("probes", () => {
  test("readiness gates the pod, liveness restarts the container", async () => {
    const probe = { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    const livenessProbe = { ...probe, initialDelaySeconds: 30 };
    world.create({
      spec: { containers: [aContainer({ readinessProbe: probe, livenessProbe })] },
    });
    await world.start();
    await world.env.advance(5_000);
    expect(world.condition("Ready")).toBe("False");
    world.network.open("127.64.0.1", 80);
    await world.until(() => world.condition("Ready") === "True", 2_000);
    await world.env.advance(30_000);
    world.network.close("127.64.0.1", 80);
    await world.until(() => world.runtime.running().includes("app-1"), 5_000);
    expect(world.events()).toContain(
      "Killing: Container app failed liveness probe, will be restarted",
    );
    expect(world.events().some((event) => event.startsWith("Unhealthy: Liveness"))).toBe(true);
  });
});

describe("hooks", () => {
  test("preStop runs before the signal, inside the grace", async () => {
    const lifecycle = { preStop: { sleep: { seconds: 3 } } };
    world.create({
      spec: { terminationGracePeriodSeconds: 10, containers: [aContainer({ lifecycle })] },
    });
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.delete();
    await world.env.advance(2_900);
    expect(world.runtime.running()).toEqual(["app-0"]);
    await world.until(() => world.pod() === undefined, 2_000);
    expect(world.runtime.journal).toContain("stop app-0 7000");
  });

  test("a postStart hook that fails takes the container down", async () => {
    const refuse = { exitCode: 1, stdout: new Uint8Array(), stderr: new Uint8Array() };
    world.runtime.images.set("hook", { exec: () => refuse });
    const lifecycle = { postStart: { exec: { command: ["setup"] } } };
    world.create({ spec: { containers: [aContainer({ image: "hook", lifecycle })] } });
    await world.start();
    await world.until(() => world.state() === "waiting PostStartHookError");
    expect(world.events().some((event) => event.startsWith("FailedPostStartHook"))).toBe(true);
  });
});

describe("a deletion", () => {
  test("stops the containers, cleans up, and only then removes the object", async () => {
    world.runtime.images.set("slow", { onTerm: { afterMs: 5_000, code: 0 } });
    world.create({ spec: { containers: [aContainer({ image: "slow" })] } });
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.delete();
    await world.env.advance(4_000);
    expect(world.pod()?.metadata.deletionTimestamp).toBeDefined();
    expect(world.runtime.running()).toEqual(["app-0"]);
    await world.until(() => world.pod() === undefined, 2_000);
    await world.env.settle();
    expect(world.runtime.running()).toEqual([]);
    expect(await world.runtime.listSandboxes({})).toEqual([]);
    expect(await world.volumes.list()).toEqual([]);
    expect(world.logs.removed).toEqual([`/logs/default_web_${POD_UID}`]);
    expect(world.events()).toContain("Killing: Stopping container app");
  });

  test("kills what does not stop in its grace, sooner if the grace is cut", async () => {
    world.runtime.images.set("deaf", { onTerm: "ignore" });
    world.create({ spec: { containers: [aContainer({ image: "deaf" })] } });
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.delete();
    await world.env.advance(10_000);
    expect(world.runtime.running()).toEqual(["app-0"]);
    await world.delete(1);
    await world.until(() => world.pod() === undefined, 2_000);
    expect(world.runtime.running()).toEqual([]);
  });

  test("reports the last state of the containers before the object goes", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.delete();
    await world.until(() => world.pod() === undefined);
    const patches = world.cluster.requests.filter(({ verb }) => verb === "patch/status");
    expect(patches.at(-1)?.body).toMatchObject({
      patch: {
        status: {
          phase: "Failed",
          containerStatuses: [{ state: { terminated: { exitCode: 143 } } }],
        },
      },
    });
  });

  test("of the object by force still stops the containers", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    world.cluster.vanish(Pod, key);
    await world.until(() => world.runtime.running().length === 0);
    await world.env.settle();
    expect(await world.runtime.listSandboxes({})).toEqual([]);
  });

  test("is finished when the API comes back, if it was away", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.delete();
    world.cluster.intercept(() => {
      throw new TransportError("connection refused", { isRefused: true });
    });
    await world.env.advance(60_000);
    expect(world.runtime.running()).toEqual([]);
    expect(world.pod()).toBeDefined();
    world.cluster.intercept();
    await world.until(() => world.pod() === undefined, 60_000);
  });

  test("leaves an object that a finalizer holds, and does not start the pod again", async () => {
    world.create({ metadata: { finalizers: ["example.com/hold"] } });
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.delete();
    await world.env.advance(120_000);
    expect(world.pod()?.metadata.finalizers).toEqual(["example.com/hold"]);
    expect(world.runtime.journal.filter((line) => line.startsWith("start"))).toHaveLength(1);
  });
});

describe("an agent that comes back", () => {
  test("adopts what runs: nothing is started twice, nothing is restarted", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    const before = [...world.runtime.journal];
    await world.stop();
    const requests = world.cluster.requests.length;
    await world.start();
    await world.env.advance(60_000);
    expect(world.runtime.journal).toEqual(before);
    expect(world.cluster.requests.length).toBe(requests);
  });

  test("keeps a ready pod ready while its probe has not answered yet", async () => {
    const readinessProbe = { tcpSocket: { port: 80 }, initialDelaySeconds: 20 };
    world.create({ spec: { containers: [aContainer({ readinessProbe })] } });
    world.network.open("127.64.0.1", 80);
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.stop();
    await world.start();
    await world.env.advance(100);
    expect(world.condition("Ready")).toBe("True");
  });

  test("takes down pods that were deleted meanwhile", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.stop();
    world.cluster.vanish(Pod, key);
    await world.start();
    await world.until(() => world.runtime.running().length === 0);
    await world.env.settle();
    expect(await world.runtime.listSandboxes({})).toEqual([]);
  });

  test("counts restarts that happened before it", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.stop();
    world.runtime.crash("app");
    await world.start();
    await world.until(() => world.runtime.running().includes("app-1"));
  });

  test("after a reboot makes new sandboxes and counts on", async () => {
    world.create();
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.stop();
    world.runtime.reboot();
    await world.start();
    await world.until(() => world.runtime.running().includes("app-1"));
    await world.until(() => world.condition("Ready") === "True");
    expect(world.pod()?.status).toMatchObject({
      podIP: "127.64.0.2",
      podIPs: [{ ip: "127.64.0.2" }],
      hostIPs: [{ ip: "127.0.0.1" }],
    });
    expect(world.runtime.journal.filter((line) => line === "sandbox web")).toHaveLength(2);
  });

  test("after a reboot runs init containers afresh: none waits, none is said to fail", async () => {
    world.runtime.images.set("once", { exit: { afterMs: 1_000, code: 0 } });
    world.create({ spec: { initContainers: [aContainer({ name: "init", image: "once" })] } });
    await world.start();
    await world.until(() => world.condition("Ready") === "True");
    await world.stop();
    for (const attempt of [1, 2]) {
      world.runtime.reboot();
      await world.start();
      await world.until(() => world.runtime.running().includes(`app-${attempt}`), 5_000);
      await world.until(() => world.condition("Ready") === "True");
      await world.env.advance(60_000);
      await world.stop();
    }
    expect(world.events().filter((event) => event.startsWith("BackOff"))).toEqual([]);
  });

  test("a lost sandbox does not make init containers wait, however often", async () => {
    world.runtime.images.set("once", { exit: { afterMs: 1_000, code: 0 } });
    world.create({ spec: { initContainers: [aContainer({ name: "init", image: "once" })] } });
    await world.start();
    const exits = (): number =>
      world.runtime.journal.filter((line) => line.startsWith("exit init-")).length;
    for (const count of [1, 2, 3]) {
      await world.until(() => exits() === count, 5_000);
      world.runtime.reboot();
    }
    await world.until(() => exits() === 4, 5_000);
    expect(world.events().filter((event) => event.includes("container init"))).not.toContainEqual(
      expect.stringContaining("BackOff"),
    );
  });

  test("does not run a finished pod again", async () => {
    world.runtime.images.set("once", { exit: { afterMs: 1_000, code: 0 } });
    world.create({
      spec: { restartPolicy: "Never", containers: [aContainer({ image: "once" })] },
    });
    await world.start();
    await world.until(() => world.pod()?.status.phase === "Succeeded");
    await world.stop();
    await world.start();
    await world.env.advance(600_000);
    expect(world.runtime.journal.filter((line) => line.startsWith("start"))).toHaveLength(1);
    expect(world.state()).toBe("terminated 0 Completed");
  });
});

test("a pod that is active too long fails with DeadlineExceeded", async () => {
  world.create({ spec: { activeDeadlineSeconds: 30 } });
  await world.start();
  await world.until(() => world.condition("Ready") === "True");
  await world.until(() => world.pod()?.status.phase === "Failed", 60_000);
  expect(world.pod()?.status.reason).toBe("DeadlineExceeded");
  expect(world.runtime.running()).toEqual([]);
  expect(world.env.clock.monotonic()).toBeLessThan(32_000);
});

test("volumes of ConfigMaps follow their objects while the pod runs", async () => {
  const configMap: ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "config", namespace: "default" },
    data: { greeting: "hello" },
  };
  world.cluster.seed(ConfigMap, configMap);
  world.create({
    spec: {
      volumes: [{ name: "config", configMap: { name: "config" } }],
      containers: [
        aContainer({
          volumeMounts: [{ name: "config", mountPath: "/etc/config" }],
          env: [{ name: "FILE", value: "$(SETPOINT_VOLUME_CONFIG)/greeting" }],
        }),
      ],
    },
  });
  await world.start();
  await world.until(() => world.condition("Ready") === "True");
  expect(world.runtime.configOf("app")?.mounts).toEqual([
    {
      volume: "config",
      hostPath: `/volumes/${POD_UID}/config`,
      containerPath: "/etc/config",
      isReadOnly: true,
      isFoundByEnv: true,
    },
  ]);
  expect(world.runtime.configOf("app")?.env).toContainEqual({
    name: "FILE",
    value: "/etc/config/greeting",
  });
  expect(world.volumes.read(POD_UID, "config", "greeting")).toBe("hello");
  const context = aContext(world.env);
  await world.cluster.client.update(ConfigMap, { ...configMap, data: { greeting: "hi" } }, context);
  await world.until(() => world.volumes.read(POD_UID, "config", "greeting") === "hi", 30_000);
});
