/**
 * What every `Runtime` promises. Run by each implementation's tests with a world that says how time
 * passes there and which containers do what.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import type { ContainerConfig, Runtime, RuntimeContainer, SandboxConfig } from "./runtime.ts";
import { RuntimeError } from "./runtime.ts";

/** What the containers of a case do. */
export type Behaviour =
  /** Runs until it is stopped; ends at the polite signal. */
  | "runs"
  | "runs-and-ignores-the-signal"
  | "exits-0"
  | "exits-3"
  /** There is no such program. */
  | "cannot-start"
  /** There is no such image. */
  | "no-image";

export type RuntimeWorld = {
  readonly runtime: Runtime;
  readonly context: Context;
  /** What makes a container behave so. */
  readonly config: (behaviour: Behaviour) => Partial<ContainerConfig> & { readonly image: string };
  /** Resolves when a started container has come as far as to behave so. */
  readonly ready: (container: RuntimeContainer) => Promise<void>;
  /** Lets time pass until the condition holds. */
  readonly until: (condition: () => Promise<boolean>) => Promise<void>;
  /** Lets time pass while `work` goes on. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
  /** The runtime as the next agent finds it, after this one was killed. */
  readonly restart: () => Promise<Runtime>;
  readonly logDirectory: string;
  readonly close: () => Promise<void>;
};

const UID = "22222222-2222-4222-8222-222222222222";
const SHORT_MS = 300;
const LONG_MS = 60_000;

export function runtimeConformance(name: string, open: () => Promise<RuntimeWorld>): void {
  describe(`${name} is a runtime`, () => {
    let world: RuntimeWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    const sandbox = (uid = UID): SandboxConfig => ({
      pod: { namespace: "default", name: "web", uid },
      attempt: 0,
      hostname: "web",
      logDirectory: `${world.logDirectory}/${uid}`,
      labels: { pod: "web" },
    });
    const create = async (
      behaviour: Behaviour,
      options: { readonly uid?: string; readonly name?: string; readonly attempt?: number } = {},
    ): Promise<{ readonly id: string; readonly sandboxId: string }> => {
      const { runtime, context } = world;
      const uid = options.uid ?? UID;
      const known = (await runtime.listSandboxes({ podUid: uid }, context))[0]?.id;
      const sandboxId = known ?? (await runtime.runSandbox(sandbox(uid), context));
      const containerName = options.name ?? "app";
      const attempt = options.attempt ?? 0;
      const config: ContainerConfig = {
        name: containerName,
        attempt,
        command: [],
        args: [],
        workingDir: "",
        env: [],
        mounts: [],
        runAs: { user: undefined, group: undefined, isNonRootRequired: false },
        stdin: "none",
        terminationMessagePath: "/dev/termination-log",
        logPath: `${containerName}/${attempt}.log`,
        labels: { container: containerName },
        ...world.config(behaviour),
      };
      return { id: await runtime.createContainer(sandboxId, config, context), sandboxId };
    };
    const start = async (behaviour: Behaviour): Promise<string> => {
      const { id } = await create(behaviour);
      await world.runtime.startContainer(id, world.context);
      if (behaviour === "runs-and-ignores-the-signal") await world.ready(await find(id));
      return id;
    };
    const find = async (id: string, runtime = world.runtime): Promise<RuntimeContainer> => {
      const found = (await runtime.listContainers({}, world.context)).find((one) => one.id === id);
      if (found === undefined) throw new Error(`there is no container ${id}`);
      return found;
    };
    const untilExited = async (id: string): Promise<RuntimeContainer> => {
      await world.until(async () => (await find(id)).state.kind === "exited");
      return find(id);
    };

    test("a container is created, then runs, and carries its labels", async () => {
      const { id, sandboxId } = await create("runs");
      expect(await find(id)).toMatchObject({ state: { kind: "created" }, sandboxId, attempt: 0 });
      await world.runtime.startContainer(id, world.context);
      expect(await find(id)).toMatchObject({
        state: { kind: "running" },
        name: "app",
        podUid: UID,
        labels: { container: "app" },
        logFile: `${world.logDirectory}/${UID}/app/0.log`,
      });
    });

    test("a container runs at most once", async () => {
      const id = await start("exits-0");
      await untilExited(id);
      await expect(world.runtime.startContainer(id, world.context)).rejects.toThrow(RuntimeError);
      expect((await find(id)).state.kind).toBe("exited");
    });

    test("the exit code, and a reason for it, are kept", async () => {
      const good = await untilExited(await start("exits-0"));
      expect(good.state).toMatchObject({ exitCode: 0, reason: "Completed" });
      const { id } = await create("exits-3", { name: "other" });
      await world.runtime.startContainer(id, world.context);
      expect((await untilExited(id)).state).toMatchObject({ exitCode: 3, reason: "Error" });
    });

    test("a program that is not there is exited with 128 and StartError", async () => {
      const { id } = await create("cannot-start");
      await expect(world.runtime.startContainer(id, world.context)).rejects.toMatchObject({
        kind: "start-failed",
      });
      expect((await find(id)).state).toMatchObject({ exitCode: 128, reason: "StartError" });
    });

    test("an image that is not there is told from a name that cannot be", async () => {
      const { runtime, context } = world;
      const { image } = world.config("no-image");
      expect(await runtime.hasImage(image, context)).toBe(false);
      await expect(runtime.ensureImage(image, context)).rejects.toMatchObject({
        kind: "image-not-found",
      });
      expect(await runtime.hasImage(world.config("runs").image, context)).toBe(true);
    });

    test("a stop asks first: what ends at the signal has 143", async () => {
      const id = await start("runs");
      await world.during(world.runtime.stopContainer(id, LONG_MS, world.context));
      expect((await find(id)).state).toMatchObject({ kind: "exited", exitCode: 143 });
    });

    test("a stop without effect ends in a kill: 137", async () => {
      const id = await start("runs-and-ignores-the-signal");
      await world.during(world.runtime.stopContainer(id, SHORT_MS, world.context));
      expect((await find(id)).state).toMatchObject({ kind: "exited", exitCode: 137 });
    });

    test("a second stop with less grace shortens the first", async () => {
      const id = await start("runs-and-ignores-the-signal");
      const first = world.runtime.stopContainer(id, LONG_MS, world.context);
      await world.during(world.runtime.stopContainer(id, 0, world.context));
      await world.during(first);
      expect((await find(id)).state).toMatchObject({ exitCode: 137 });
    });

    test("stops and removals are idempotent", async () => {
      const { runtime, context } = world;
      const id = await start("runs");
      await world.during(runtime.stopContainer(id, 0, context));
      await runtime.stopContainer(id, 0, context);
      await runtime.removeContainer(id, context);
      await runtime.removeContainer(id, context);
      expect(await runtime.listContainers({}, context)).toEqual([]);
      const [box] = await runtime.listSandboxes({}, context);
      await runtime.stopSandbox(box?.id ?? "", context);
      await runtime.stopSandbox(box?.id ?? "", context);
      await runtime.removeSandbox(box?.id ?? "", context);
      await runtime.removeSandbox(box?.id ?? "", context);
      expect(await runtime.listSandboxes({}, context)).toEqual([]);
    });

    test("stopping a sandbox ends its containers and leaves them listed", async () => {
      const { runtime, context } = world;
      const id = await start("runs-and-ignores-the-signal");
      const { sandboxId } = await find(id);
      await world.during(runtime.stopSandbox(sandboxId, context));
      expect((await find(id)).state).toMatchObject({ kind: "exited", exitCode: 137 });
      expect(await runtime.listSandboxes({}, context)).toMatchObject([{ state: "not-ready" }]);
    });

    test("removing a sandbox takes its running containers along", async () => {
      const { runtime, context } = world;
      const { sandboxId } = await find(await start("runs"));
      await world.during(runtime.removeSandbox(sandboxId, context));
      expect(await runtime.listContainers({}, context)).toEqual([]);
    });

    test("pods have addresses of their own, and lists can be of one pod", async () => {
      const { runtime, context } = world;
      const other = "33333333-3333-4333-8333-333333333333";
      const { id } = await create("runs");
      await create("runs", { uid: other });
      const boxes = await runtime.listSandboxes({}, context);
      expect(new Set(boxes.map((box) => box.ip)).size).toBe(2);
      expect(await runtime.listSandboxes({ podUid: other }, context)).toHaveLength(1);
      const own = await runtime.listContainers({ podUid: UID }, context);
      expect(own.map((container) => container.id)).toEqual([id]);
    });

    test("a command runs in a running container, and in no other", async () => {
      const { runtime, context } = world;
      const { id } = await create("runs");
      await expect(runtime.execSync(id, ["true"], LONG_MS, context)).rejects.toMatchObject({
        kind: "not-found",
      });
      await runtime.startContainer(id, context);
      const result = await world.during(runtime.execSync(id, ["true"], LONG_MS, context));
      expect(result.exitCode).toBe(0);
    });

    test("the next agent finds everything as it was, and can go on with it", async () => {
      const { context } = world;
      const running = await start("runs");
      const ended = (await create("exits-3", { name: "other" })).id;
      await world.runtime.startContainer(ended, context);
      await untilExited(ended);
      const before = [...(await world.runtime.listContainers({}, context))].sort(byId);
      const boxes = await world.runtime.listSandboxes({}, context);
      const next = await world.restart();
      expect([...(await next.listContainers({}, context))].sort(byId)).toEqual(before);
      expect(await next.listSandboxes({}, context)).toEqual(boxes);
      await world.during(next.stopContainer(running, LONG_MS, context));
      expect((await find(running, next)).state).toMatchObject({ exitCode: 143 });
    });

    test("the end of a container is told as an event", async () => {
      const controller = new AbortController();
      const events = world.runtime.events({ ...world.context, signal: controller.signal });
      if (events === undefined) return;
      const told = new Set<string>();
      const reading = (async () => {
        for await (const uid of events) told.add(uid);
      })();
      await untilExited(await start("exits-0"));
      await world.until(() => Promise.resolve(told.has(UID)));
      controller.abort();
      await reading;
    });
  });
}

function byId(a: RuntimeContainer, b: RuntimeContainer): number {
  return a.id < b.id ? -1 : 1;
}
