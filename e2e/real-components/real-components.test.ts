/**
 * Setpoint's API server under the real controllers and scheduler of Kubernetes, with Setpoint's
 * node agent: everything converges as in any cluster. Needs a folder with kube-controller-manager
 * and kube-scheduler 1.36, named by SETPOINT_KUBE_BINARIES.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, run, type Ran } from "../setpoint-process.ts";
import { BINARIES, REAL_KUBECTL, RealComponents } from "./components.ts";
import { workloads } from "./workloads.ts";

const NS = "real";
/** Controllers back off for seconds, and the machine may be busy. */
const WITHIN_MS = 90_000;

const canRun = BINARIES !== undefined && REAL_KUBECTL !== undefined;

describe.skipIf(!canRun)("the real controllers and scheduler on Setpoint", () => {
  const folder = mkdtempSync(join(tmpdir(), "setpoint-real-"));
  let components: RealComponents;

  beforeAll(async () => {
    components = await RealComponents.start(folder);
    await eventually(async () => {
      expect((await kubectl("get", "nodes")).stdout).toMatch(/node-1 +Ready/);
      expect((await kubectl("get", "serviceaccount", "default")).code).toBe(0);
    }, WITHIN_MS);
  }, 180_000);
  afterAll(async () => {
    await components.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  function kubectl(...args: readonly string[]): Promise<Ran> {
    const { kubeconfig } = components.plane;
    return run(REAL_KUBECTL ?? "kubectl", ["--kubeconfig", kubeconfig, ...args]);
  }

  async function succeeds(...args: readonly string[]): Promise<string> {
    const ran = await kubectl(...args);
    expect(ran, `kubectl ${args.join(" ")}`).toMatchObject({ code: 0 });
    return ran.stdout;
  }

  /** What a JSON path finds in an object of the namespace. */
  async function field(what: string, path: string): Promise<string> {
    return (await kubectl("-n", NS, "get", what, "-o", `jsonpath=${path}`)).stdout;
  }

  function file(name: string, value: object): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  }

  /** Until the place holds the value. */
  async function becomes(what: string, path: string, value: string): Promise<void> {
    await eventually(async () => expect(await field(what, path), what).toBe(value), WITHIN_MS);
  }

  async function vanishes(what: string): Promise<void> {
    await eventually(async () => {
      expect((await kubectl("-n", NS, "get", what)).stderr, what).toContain("NotFound");
    }, WITHIN_MS);
  }

  test("every kind of workload comes up, and what is counted and bound is", async () => {
    await succeeds("create", "namespace", NS);
    await succeeds("-n", NS, "create", "-f", file("workloads.json", workloads(NS)));
    for (const [what, path, value] of [
      ["deployment/web", "{.status.availableReplicas}", "3"],
      ["statefulset/db", "{.status.readyReplicas}", "2"],
      ["daemonset/each", "{.status.numberReady}", "1"],
      ["replicationcontroller/old", "{.status.readyReplicas}", "1"],
      ["job/once", "{.status.succeeded}", "2"],
      ["persistentvolumeclaim/data", "{.status.phase}", "Bound"],
      ["poddisruptionbudget/web", "{.status.disruptionsAllowed}", "1"],
      ["resourcequota/q", "{.status.used.count/deployments\\.apps}", "1"],
      ["horizontalpodautoscaler/db", "{.status.conditions[0].type}", "AbleToScale"],
    ] as const) {
      await becomes(what, path, value);
    }
    await vanishes("job/gone");
    const addresses = "{.subsets[*].addresses[*].targetRef.name}";
    expect((await field("endpoints/web", addresses)).split(" ")).toHaveLength(3);
    const slices = await field("endpointslices", "{.items[0].endpoints[*].conditions.ready}");
    expect(slices).toBe("true true true");
    expect(await field("secret/token", "{.data.token}")).not.toBe("");
  }, 300_000);

  test("a schedule makes jobs, and they end", async () => {
    await eventually(async () => {
      expect(await field("cronjob/often", "{.status.lastSuccessfulTime}")).not.toBe("");
    }, WITHIN_MS);
  });

  test("an eviction respects the budget, and another pod comes instead", async () => {
    const [first = "", second = ""] = (
      await field("pods", '{.items[?(@.metadata.labels.app=="web")].metadata.name}')
    ).split(" ");
    const evicts = (name: string): Promise<Ran> => {
      const metadata = { name, namespace: NS };
      const body = { apiVersion: "policy/v1", kind: "Eviction", metadata };
      const path = `/api/v1/namespaces/${NS}/pods/${name}/eviction`;
      return kubectl("create", "--raw", path, "-f", file("eviction.json", body));
    };
    const both = await Promise.all([evicts(first), evicts(second)]);
    expect(both.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 1]);
    await becomes("poddisruptionbudget/web", "{.status.disruptionsAllowed}", "1");
    expect(await field("deployment/web", "{.status.availableReplicas}")).toBe("3");
  });

  test("owned objects are left, go first or go after, as the deletion says", async () => {
    await succeeds("-n", NS, "delete", "deployment", "web", "--cascade=orphan");
    await succeeds("-n", NS, "delete", "replicationcontroller", "old", "--cascade=foreground");
    await succeeds("-n", NS, "delete", "statefulset", "db");
    await vanishes("pod/db-0");
    const owners = '{.items[?(@.metadata.labels.app=="web")].metadata.ownerReferences}';
    expect(await field("replicasets", owners)).toBe("");
    const old = await field("pods", '{.items[?(@.metadata.labels.app=="old")].metadata.name}');
    expect(old).toBe("");
    expect(await field("replicasets", "{.items[0].status.readyReplicas}")).toBe("3");
  });

  test("a claim that nobody uses goes, and its volume is released", async () => {
    await succeeds("-n", NS, "delete", "persistentvolumeclaim", "data", "--timeout=60s");
    await becomes(`persistentvolume/${NS}-disk`, "{.status.phase}", "Released");
    await succeeds("delete", "persistentvolume", `${NS}-disk`, "--timeout=60s");
  });

  test("a certificate that is approved is signed, and its owner is known by it", async () => {
    const key = join(folder, "bob.key");
    const args = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-subj", "/O=devs/CN=bob"];
    const request = execFileSync("openssl", ["req", "-new", ...args], { stdio: "pipe" });
    const spec = {
      request: request.toString("base64"),
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
    };
    const metadata = { name: "bob" };
    const type = { apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest" };
    await succeeds("create", "-f", file("request.json", { ...type, metadata, spec }));
    await succeeds("certificate", "approve", "bob");
    const certificate = await eventually(async () => {
      const found = await field("certificatesigningrequest/bob", "{.status.certificate}");
      expect(found).not.toBe("");
      return found;
    }, WITHIN_MS);
    const path = join(folder, "bob.crt");
    writeFileSync(path, Buffer.from(certificate, "base64"));
    const own = readFileSync(components.plane.kubeconfig, "utf8").replace(/\nusers:[^]*/, "\n");
    writeFileSync(join(folder, "bob.kubeconfig"), own.replace(/user: \S+/, "user: bob"));
    const whoami = await run(REAL_KUBECTL ?? "kubectl", [
      `--kubeconfig=${join(folder, "bob.kubeconfig")}`,
      `--client-certificate=${path}`,
      `--client-key=${key}`,
      "auth",
      "whoami",
    ]);
    expect(whoami.stdout).toMatch(/Username +bob\n/);
    expect(whoami.stdout).toContain("[devs system:authenticated]");
  });

  test("a namespace goes with everything in it", async () => {
    await succeeds("delete", "namespace", NS, "--timeout=100s");
    expect((await kubectl("get", "namespace", NS)).stderr).toContain("NotFound");
  });

  test("nothing that the components asked for was missing, forbidden or unreadable", () => {
    for (const name of ["kube-controller-manager", "kube-scheduler"]) {
      const complaints = components
        .log(name)
        .split("\n")
        .filter((line) => /forbidden|unmarshal|unable to decode|no matches for kind/i.test(line))
        .filter((line) => !line.includes("it is being terminated")); // as in any cluster
      expect(complaints, name).toEqual([]);
    }
  });
});
