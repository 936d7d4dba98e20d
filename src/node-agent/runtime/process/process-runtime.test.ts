import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { realEnv } from "../../../base/real/env.ts";
import { aContext } from "../../../base/testing/context.ts";
import { runtimeConformance, type Behaviour, type RuntimeWorld } from "../conformance.ts";
import type { ContainerConfig, Runtime } from "../runtime.ts";
import { ProcessRuntime } from "./process-runtime.ts";
import { listProcesses } from "./process-table.ts";
import type { Tier } from "./tier.ts";

// Worker threads watch descriptors, and do not see that sockets close those they are given. The
// agent runs in a main thread, where nobody watches.
process.removeAllListeners("warning");

const env = realEnv({ level: "silent" });
const context = aContext(env);
const UID = "44444444-4444-4444-8444-444444444444";

function hasBubblewrap(): boolean {
  try {
    execFileSync("bwrap", ["--ro-bind", "/", "/", "--unshare-pid", "/bin/true"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

const TIERS: readonly Tier[] = hasBubblewrap() ? ["bubblewrap", "plain"] : ["plain"];
test.skipIf(TIERS.includes("bubblewrap"))(
  "bubblewrap is not usable on this machine: its tier is not tested",
  () => undefined,
);

const COMMANDS: Readonly<Record<Exclude<Behaviour, "no-image">, readonly string[]>> = {
  runs: ["sleep", "1000"],
  "runs-and-ignores-the-signal": [
    "sh",
    "-c",
    "trap '' TERM; echo ready; while :; do sleep 0.05; done",
  ],
  "exits-0": ["true"],
  "exits-3": ["sh", "-c", "exit 3"],
  "cannot-start": ["/no/such/program"],
};

/** A state directory that outlives runtimes, as a node's does. */
class Node {
  readonly root: string;
  readonly tier: Tier;
  runtime: Runtime & { close(): Promise<void> };

  private constructor(root: string, tier: Tier, runtime: ProcessRuntime) {
    this.root = root;
    this.tier = tier;
    this.runtime = runtime;
  }

  static async open(tier: Tier): Promise<Node> {
    const root = await mkdtemp(join(tmpdir(), "setpoint-node-"));
    const node = new Node(root, tier, await Node.#runtime(root, tier));
    return node;
  }

  static #runtime(root: string, tier: Tier): Promise<ProcessRuntime> {
    const options = { root: join(root, "state"), imageDirs: [join(root, "images")], tier };
    return ProcessRuntime.open(options, env);
  }

  async restart(): Promise<Runtime> {
    await this.runtime.close();
    this.runtime = await Node.#runtime(this.root, this.tier);
    return this.runtime;
  }

  /** A started container of a new pod. */
  async start(config: Partial<ContainerConfig>): Promise<string> {
    const id = await this.create(config);
    await this.runtime.startContainer(id, context);
    return id;
  }

  async create(config: Partial<ContainerConfig>): Promise<string> {
    const known = (await this.runtime.listSandboxes({}, context))[0]?.id;
    const sandbox = known ?? (await this.runtime.runSandbox(this.sandbox(), context));
    return this.runtime.createContainer(sandbox, this.config(config), context);
  }

  sandbox() {
    return {
      pod: { namespace: "default", name: "web", uid: UID },
      attempt: 0,
      hostname: "web-host",
      logDirectory: join(this.root, "logs"),
      labels: {},
    };
  }

  config(config: Partial<ContainerConfig>): ContainerConfig {
    return {
      name: "app",
      attempt: 0,
      image: "host",
      command: [],
      args: [],
      workingDir: "",
      env: [],
      mounts: [],
      runAs: { user: undefined, group: undefined, isNonRootRequired: false },
      stdin: "none",
      terminationMessagePath: "/dev/termination-log",
      logPath: `${config.name ?? "app"}/${config.attempt ?? 0}.log`,
      labels: {},
      ...config,
    };
  }

  async find(id: string) {
    const found = (await this.runtime.listContainers({}, context)).find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no container ${id}`);
    return found;
  }

  async untilExited(id: string) {
    await until(async () => (await this.find(id)).state.kind === "exited");
    return this.find(id);
  }

  /** The text of a container's log, without times and streams. */
  async log(name = "app", attempt = 0): Promise<string> {
    const path = join(this.root, "logs", name, `${attempt}.log`);
    const text = existsSync(path) ? await readFile(path, "utf8") : "";
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => line.replace(/^\S+ \S+ F (.*)$/s, "$1\n").replace(/^\S+ \S+ P /, ""))
      .join("");
  }

  async close(): Promise<void> {
    for (const { id } of await this.runtime.listSandboxes({}, context)) {
      await this.runtime.removeSandbox(id, context);
    }
    await this.runtime.close();
    // Who has written the last state down still has to end; one that stays is told by the time-out.
    await until(async () => (await processesNaming(this.root)).length === 0);
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Command lines of living processes that name this path. */
async function processesNaming(path: string): Promise<readonly string[]> {
  const lines = (await listProcesses()).map(async ({ pid }) => {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return text.replaceAll("\0", " ");
  });
  return (await Promise.all(lines)).filter((line) => line.includes(path));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await env.timers.sleep(10, context.signal);
}

for (const tier of TIERS) {
  runtimeConformance(`the process runtime (${tier})`, async (): Promise<RuntimeWorld> => {
    const node = await Node.open(tier);
    return {
      get runtime() {
        return node.runtime;
      },
      context,
      config: (behaviour) =>
        behaviour === "no-image"
          ? { image: "no-such-image:1" }
          : { image: "host", command: COMMANDS[behaviour] },
      ready: ({ logFile }) =>
        until(async () => (await readFile(logFile, "utf8")).includes(" ready\n")),
      until,
      during: (work) => work,
      restart: () => node.restart(),
      logDirectory: join(node.root, "logs"),
      close: () => node.close(),
    };
  });

  describe(`a process container (${tier})`, () => {
    const withNode = (work: (node: Node) => Promise<void>) => async (): Promise<void> => {
      const node = await Node.open(tier);
      try {
        await work(node);
      } finally {
        await node.close();
      }
    };

    test(
      "sees its environment, and nothing of the agent's",
      withNode(async (node) => {
        const env_ = [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ];
        const id = await node.start({ command: ["sh", "-c", "echo $A; env"], env: env_ });
        await node.untilExited(id);
        const log = await node.log();
        expect(log.split("\n")[0]).toBe("2");
        expect(log).not.toContain("npm_");
        expect(log).toContain("PATH=");
      }),
    );

    test(
      "sees variables whose names no shell could hold",
      withNode(async (node) => {
        const env_ = [
          { name: "data-1", value: "a b" },
          { name: "tls.crt", value: "c=d" },
        ];
        const id = await node.start({ command: ["env"], env: env_ });
        await node.untilExited(id);
        const lines = (await node.log()).split("\n");
        expect(lines).toContain("data-1=a b");
        expect(lines).toContain("tls.crt=c=d");
      }),
    );

    test(
      "has both its streams in the log, line by line, with times",
      withNode(async (node) => {
        const id = await node.start({
          command: ["sh", "-c", "echo out; echo err >&2; printf half"],
        });
        await node.untilExited(id);
        const text = await readFile(join(node.root, "logs/app/0.log"), "utf8");
        const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;
        const lines = text.trimEnd().split("\n");
        expect(lines.every((line) => time.test(line))).toBe(true);
        expect(lines.map((line) => line.replace(time, "")).sort()).toEqual([
          "stderr F err",
          "stdout F out",
          "stdout P half",
        ]);
      }),
    );

    test(
      "loses no output when it writes much and ends at once",
      withNode(async (node) => {
        const id = await node.start({
          command: ["sh", "-c", "i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done"],
        });
        await node.untilExited(id);
        const lines = (await node.log()).trimEnd().split("\n");
        expect(lines).toEqual(Array.from({ length: 5_000 }, (_, index) => `line ${index}`));
      }),
    );

    test(
      "keeps its output and its exit code while no agent is there",
      withNode(async (node) => {
        const go = join(node.root, "go");
        const ended = join(node.root, "state/pods", UID, "containers/app/0/exit");
        const script = "while [ ! -e go ]; do sleep 0.01; done; echo last words; exit 7";
        await mkdir(join(node.root, "images/late/1"), { recursive: true });
        const image = { entrypoint: ["sh", "-c", script], workingDir: "../../.." };
        await writeFile(join(node.root, "images/late/1/image.json"), JSON.stringify(image));
        const id = await node.start({
          image: "late:1",
          workingDir: "/mnt-go",
          command: ["sh", "-c", script],
          ...(tier === "plain"
            ? { workingDir: node.root }
            : {
                mounts: [
                  {
                    volume: "go",
                    hostPath: node.root,
                    containerPath: "/mnt-go",
                    isReadOnly: true,
                    isFoundByEnv: false,
                  },
                ],
              }),
        });
        await node.runtime.close();
        await writeFile(go, "");
        await until(() => Promise.resolve(existsSync(ended)));
        const options = { root: join(node.root, "state"), imageDirs: [], tier };
        node.runtime = await ProcessRuntime.open(options, env);
        expect((await node.find(id)).state).toMatchObject({ kind: "exited", exitCode: 7 });
        expect(await node.log()).toBe("last words\n");
      }),
    );

    test(
      "takes its children along when it is stopped",
      withNode(async (node) => {
        const marker = `setpoint-child-${UID.slice(0, 4)}-${tier}`;
        const child = `exec -a ${marker} sleep 1000`;
        const id = await node.start({
          command: ["bash", "-c", `(${child}) & (${child}) & trap 'exit 0' TERM; wait; exit 1`],
        });
        const count = async () => (await processesNaming(marker)).length;
        await until(async () => (await processesNaming(`${marker} 1000`)).length === 2);
        await node.runtime.stopContainer(id, 10_000, context);
        expect((await node.find(id)).state).toMatchObject({ exitCode: 0 });
        expect(await count()).toBe(0);
      }),
    );

    test(
      "that is killed from outside has ended with 137, whichever process was hit",
      withNode(async (node) => {
        const id = await node.start({ command: ["sleep", "1234"] });
        const isSleep = (line: string): boolean => /^sleep 1234 $/.test(line);
        await until(async () => (await processesNaming("sleep 1234")).some(isSleep));
        for (const { pid } of await listProcesses()) {
          const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
          if (line === "sleep\u00001234\u0000") process.kill(pid, "SIGKILL");
        }
        expect((await node.untilExited(id)).state).toMatchObject({ exitCode: 137 });
      }),
    );

    test(
      "whose watcher is killed is taken down and reported as unknown",
      withNode(async (node) => {
        const id = await node.start({ command: ["sleep", "1235"] });
        const shimFile = join(node.root, "state/pods", UID, "containers/app/0/shim");
        await until(() => Promise.resolve(existsSync(shimFile)));
        await until(async () => (await processesNaming("sleep 1235")).length > 1);
        process.kill(Number((await readFile(shimFile, "utf8")).split(" ")[0]), "SIGKILL");
        const { state } = await node.untilExited(id);
        expect(state).toMatchObject({ exitCode: 137, reason: "ContainerStatusUnknown" });
        expect(await processesNaming("sleep 1235")).toEqual([]);
      }),
    );

    test(
      "leaves its last words",
      withNode(async (node) => {
        const command = ["sh", "-c", 'echo sorry > "$SETPOINT_TERMINATION_LOG"; exit 1'];
        const { terminationMessageFile } = await node.untilExited(await node.start({ command }));
        expect(await readFile(terminationMessageFile, "utf8")).toBe("sorry\n");
      }),
    );

    test(
      "runs what its image says, in the image's directory",
      withNode(async (node) => {
        const directory = join(node.root, "images/hello/2");
        await mkdir(directory, { recursive: true });
        await writeFile(join(directory, "text"), "from the image\n");
        const image = {
          entrypoint: ["cat"],
          cmd: ["text"],
          env: { COLOR: "blue" },
        };
        await writeFile(join(directory, "image.json"), JSON.stringify(image));
        await node.untilExited(await node.start({ image: "hello:2" }));
        expect(await node.log()).toBe("from the image\n");
        const byPath = { name: "b", image: `file://${directory}`, args: ["-n", "text"] };
        await node.untilExited(await node.start(byPath));
        expect(await node.log("b")).toContain("1\tfrom the image");
        const script = { name: "c", image: "hello:2", command: ["sh", "-c", "echo $COLOR"] };
        await node.untilExited(await node.start(script));
        expect(await node.log("c")).toBe("blue\n");
      }),
    );

    test(
      "answers commands run inside it, in its directory and environment",
      withNode(async (node) => {
        const env_ = [{ name: "WHO", value: "me" }];
        const id = await node.start({ command: ["sleep", "1000"], workingDir: "/usr", env: env_ });
        await until(async () => (await tryExec(node, id, ["true"])) !== undefined);
        const shell = ["sh", "-c", "pwd; echo $WHO; echo no >&2; exit 4"];
        const result = await node.runtime.execSync(id, shell, 5_000, context);
        expect(Buffer.from(result.stdout).toString()).toBe("/usr\nme\n");
        expect(Buffer.from(result.stderr).toString()).toBe("no\n");
        expect(result.exitCode).toBe(4);
        await expect(
          node.runtime.execSync(id, ["sleep", "100"], 50, context),
        ).rejects.toMatchObject({ kind: "timeout" });
      }),
    );

    test(
      "writes on in a new log file after a rotation",
      withNode(async (node) => {
        const { rename } = await import("node:fs/promises");
        const id = await node.start({
          command: [
            "sh",
            "-c",
            "echo one; trap 'echo two; exit 0' TERM; while :; do sleep 0.01; done",
          ],
        });
        const file = join(node.root, "logs/app/0.log");
        await until(async () => (await node.log()) === "one\n");
        await rename(file, `${file}.old`);
        await node.runtime.reopenContainerLog(id, context);
        await node.runtime.stopContainer(id, 10_000, context);
        expect(await node.log()).toBe("two\n");
      }),
    );
  });
}

async function tryExec(node: Node, id: string, command: readonly string[]) {
  return node.runtime.execSync(id, command, 5_000, context).catch(() => undefined);
}

describe.skipIf(!TIERS.includes("bubblewrap"))("under bubblewrap", () => {
  test("a container sees its own processes, host name, /tmp and volumes only", async () => {
    const node = await Node.open("bubblewrap");
    try {
      const volume = join(node.root, "volume");
      await mkdir(volume);
      await writeFile(join(volume, "greeting"), "hello");
      const mount = { volume: "v", hostPath: volume, isReadOnly: true, isFoundByEnv: false };
      const script = [
        "hostname",
        "cat /etc/setpoint-test/deep/greeting /tmp/inside/greeting; echo",
        "ls /tmp",
        "ls /proc | grep -c '^[0-9]'",
        "touch /etc/x 2>/dev/null || echo root is read-only",
        "touch /tmp/inside/x 2>/dev/null || echo volume is read-only",
        "touch /tmp/mine && echo tmp is writable",
        "ls -l /proc/self/fd | grep -c -e bwrap -e events",
      ];
      const id = await node.start({
        command: ["sh", "-c", script.join("; ")],
        mounts: [
          { ...mount, containerPath: "/etc/setpoint-test/deep" },
          { ...mount, containerPath: "/tmp/inside" },
        ],
      });
      await node.untilExited(id);
      const lines = (await node.log()).trimEnd().split("\n");
      expect(lines.slice(0, 3)).toEqual(["web-host", "hellohello", "inside"]);
      expect(Number(lines[3])).toBeLessThan(8);
      expect(lines.slice(4, 7)).toEqual([
        "root is read-only",
        "volume is read-only",
        "tmp is writable",
      ]);
      expect(lines[7]).toBe("0"); // nothing of the runtime's own is left open in it
    } finally {
      await node.close();
    }
  });
});

describe("a plain process", () => {
  test("is refused mounts it would not find, and told how it could", async () => {
    const node = await Node.open("plain");
    try {
      const mount = {
        volume: "my-config",
        hostPath: node.root,
        containerPath: "/etc/app",
        isReadOnly: true,
        isFoundByEnv: false,
      };
      await expect(node.create({ command: ["true"], mounts: [mount] })).rejects.toMatchObject({
        kind: "bad-config",
        message: expect.stringContaining("$(SETPOINT_VOLUME_MY_CONFIG)"),
      });
      expect(node.runtime.volumePath(mount)).toBe(node.root);
      await node.create({ command: ["true"], mounts: [{ ...mount, isFoundByEnv: true }] });
    } finally {
      await node.close();
    }
  });
});

test("a host image without a command is refused when it is created", async () => {
  const node = await Node.open("plain");
  try {
    await expect(node.create({})).rejects.toMatchObject({
      kind: "create-failed",
      message: expect.stringContaining("no command of its own"),
    });
  } finally {
    await node.close();
  }
});

test("one state directory has one agent", async () => {
  const node = await Node.open("plain");
  try {
    const options = { root: join(node.root, "state") };
    await expect(ProcessRuntime.open(options, env)).rejects.toThrow("another node agent");
  } finally {
    await node.close();
  }
});

test("an agent that is still ending is waited for, if that is asked for", async () => {
  const node = await Node.open("plain");
  const options = { root: join(node.root, "state"), lockWaitMs: 20_000 };
  let isOpen = false;
  const opening = ProcessRuntime.open(options, env).then((runtime) => {
    isOpen = true;
    return runtime;
  });
  for (let turn = 0; turn < 20; turn += 1) await env.timers.yield();
  expect(isOpen).toBe(false);
  await node.runtime.close();
  await (await opening).close();
  expect(isOpen).toBe(true);
  await node.close();
});
