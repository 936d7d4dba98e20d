import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { realFiles } from "../../base/real/files.ts";
import { aContext } from "../../base/testing/context.ts";
import { Pod } from "../../client/builtin.ts";
import {
  NODE_CLIENTS_GROUP,
  openClusterPki,
  type ClusterPki,
} from "../../control-plane/pki/cluster-pki.ts";
import { fakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { FakeRuntime } from "../runtime/testing/fake-runtime.ts";
import { aContainer, aPod, POD_UID } from "../testing/views.ts";
import { LogRequests } from "./log-requests.ts";
import { nodeMetrics } from "./node-metrics.ts";
import { StreamingRequests } from "./streaming/streaming-requests.ts";
import { NodeServer } from "./node-server.ts";

const env = realEnv({ level: "silent" });
const context = aContext(env);
let pki: ClusterPki;
let directory: string;
let runtime: FakeRuntime;
let port: number;
let stop: () => Promise<void>;

beforeAll(async () => {
  pki = await openClusterPki({ directory: undefined, hosts: [] }, { files: realFiles, env });
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "setpoint-server-"));
  runtime = new FakeRuntime(env);
  const cluster = fakeCluster(env);
  const containers = [aContainer(), aContainer({ name: "other" })];
  const ephemeralContainers = [aContainer({ name: "debugger" })];
  cluster.seed(Pod, aPod({ spec: { containers, ephemeralContainers } }));
  const { lister } = cluster.informers.for(Pod);
  const node = await pki.node("node-1");
  const server = new NodeServer(
    {
      host: "127.0.0.1",
      port: 0,
      certificate: node.certificate,
      key: node.key,
      clientAuthority: pki.authority.certificate,
      clientGroups: [NODE_CLIENTS_GROUP],
    },
    {
      logs: new LogRequests({ runtime, pods: lister, env }),
      streaming: new StreamingRequests({ runtime, pods: lister, env }),
      metrics: () => nodeMetrics("node-1", runtime.version(), lister),
    },
  );
  port = await server.listen();
  const controller = new AbortController();
  const ended = server.run({ ...context, signal: controller.signal });
  stop = async () => {
    controller.abort(new Error("the test is over"));
    await ended;
  };
});

afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

type Client = { readonly certificate: string; readonly key: string } | "none";
type Answer = { readonly status: number; readonly text: string };

function get(
  path: string,
  client: Client = pki.nodeClient,
  onText: (text: string, end: () => void) => void = () => undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = client === "none" ? {} : { cert: client.certificate, key: client.key };
    const tls = { ca: pki.authority.certificate, ...own };
    const call = request({ host: "127.0.0.1", port, path, agent: false, ...tls }, (response) => {
      let text = "";
      const finish = (): void => resolve({ status: response.statusCode ?? 0, text });
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
        onText(text, () => {
          finish();
          call.destroy();
        });
      });
      response.on("end", finish);
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end();
  });
}

async function startContainer(image = "run", attempt = 0): Promise<string> {
  const [known] = await runtime.listSandboxes({});
  const sandbox =
    known?.id ??
    (await runtime.runSandbox({
      pod: { namespace: "default", name: "web", uid: POD_UID },
      attempt: 0,
      hostname: "web",
      logDirectory: directory,
      labels: {},
    }));
  const id = await runtime.createContainer(sandbox, {
    name: "app",
    attempt,
    image,
    command: [],
    args: [],
    workingDir: "",
    env: [],
    mounts: [],
    runAs: { user: undefined, group: undefined, isNonRootRequired: false },
    stdin: "none",
    terminationMessagePath: "/dev/termination-log",
    logPath: `app/${attempt}.log`,
    labels: {},
  });
  await runtime.startContainer(id);
  return id;
}

async function writeLog(text: string, attempt = 0): Promise<void> {
  const lines = text.split(",").map((line) => `2026-01-01T00:00:00.000000000Z stdout F ${line}\n`);
  await mkdir(join(directory, "app"), { recursive: true });
  await appendFile(join(directory, `app/${attempt}.log`), lines.join(""));
}

describe("a node's server", () => {
  test("serves the log of a container", async () => {
    await startContainer();
    await writeLog("one,two,three");
    expect(await get("/containerLogs/default/web/app")).toEqual({
      status: 200,
      text: "one\ntwo\nthree\n",
    });
    const tail = await get("/containerLogs/default/web/app?tailLines=1&timestamps=true");
    expect(tail.text).toBe("2026-01-01T00:00:00.000000000Z three\n");
    expect((await get("/containerLogs/default/web/app?limitBytes=5")).text).toBe("one\nt");
  });

  test("streams a followed log until the container ends", async () => {
    await startContainer();
    await writeLog("one");
    let hasSeenOne = false;
    const answer = get("/containerLogs/default/web/app?follow=true", pki.nodeClient, (text) => {
      if (hasSeenOne || text !== "one\n") return;
      hasSeenOne = true;
      void writeLog("two").then(() => runtime.crash("app", 0));
    });
    expect(await answer).toEqual({ status: 200, text: "one\ntwo\n" });
  });

  test("lets go of a followed log when the reader goes", async () => {
    await startContainer();
    await writeLog("one");
    const path = "/containerLogs/default/web/app?follow=true";
    const answer = await get(path, pki.nodeClient, (_text, end) => end());
    expect(answer.text).toBe("one\n");
  });

  test("serves the log of the run before", async () => {
    runtime.images.set("crash", { exit: { afterMs: 0, code: 1 } });
    await startContainer("crash");
    await writeLog("old");
    await startContainer("run", 1);
    await writeLog("new", 1);
    expect((await get("/containerLogs/default/web/app?previous=true")).text).toBe("old\n");
    expect((await get("/containerLogs/default/web/app")).text).toBe("new\n");
  });

  const refusals = [
    ["/containerLogs/default/none/app", 404, 'pod "none" does not exist on this node'],
    ["/containerLogs/default/web/none", 400, "container none is not valid for pod web"],
    [
      "/containerLogs/default/web/debugger",
      400,
      'container "debugger" in pod "web" is waiting to start: ContainerCreating',
    ],
    ["/containerLogs/default/web/other", 400, "is waiting to start: ContainerCreating"],
    ["/containerLogs/default/web/app?previous=true", 400, "previous terminated container"],
    ["/containerLogs/default/web/app?tailLines=-1", 400, "tailLines is not a whole number"],
    ["/containerLogs/default/web/app?sinceTime=yesterday", 400, "sinceTime is not"],
    ["/containerLogs/default/%ff/app", 400, "not properly encoded"],
    ["/containerLogs/default/web", 404, "not found"],
    ["/", 404, "not found"],
  ] as const;
  test.each(refusals)("answers %s with %i", async (path, status, text) => {
    await startContainer();
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });

  test("tells of its health and in metrics of its pods", async () => {
    expect(await get("/healthz")).toEqual({ status: 200, text: "ok\n" });
    const { text } = await get("/metrics");
    expect(text).toContain('setpoint_node_pods{phase="Pending"} 1');
    expect(text).toContain('tier="virtual"');
  });

  test("lets in nobody without a certificate, and no other node", async () => {
    await expect(get("/healthz", "none")).rejects.toThrow();
    const other = await pki.node("node-2");
    expect(await get("/healthz", other)).toMatchObject({ status: 403 });
    const stranger = await openClusterPki(
      { directory: undefined, hosts: [] },
      { files: realFiles, env },
    );
    await expect(get("/healthz", stranger.nodeClient)).rejects.toThrow();
  });
});

test("a record that is written meanwhile does not disturb", async () => {
  await startContainer();
  await mkdir(join(directory, "app"), { recursive: true });
  await writeFile(join(directory, "app/0.log"), "2026-01-01T00:00:00Z stdout F whole\n2026-01");
  expect((await get("/containerLogs/default/web/app")).text).toBe("whole\n");
});
