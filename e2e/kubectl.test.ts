/** The real kubectl, command by command, on the kinds there are. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KUBECTL, SetpointProcess, WEB_IMAGES, WEB_MANIFESTS } from "./setpoint-process.ts";

describe.skipIf(KUBECTL === undefined)("kubectl", () => {
  let plane: SetpointProcess;
  const folder = mkdtempSync(join(tmpdir(), "setpoint-kubectl-"));

  beforeAll(async () => {
    const args = ["--image-dir", WEB_IMAGES, "-f", WEB_MANIFESTS];
    plane = await SetpointProcess.start({ args, expected: /Ctrl-C stops everything/ });
  });
  afterAll(async () => {
    await plane.dispose();
    rmSync(folder, { recursive: true });
  });

  function file(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  const secret = (): string =>
    file(
      "secret.yaml",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {key: value}\n",
    );

  /** In order: later lines build on earlier ones. */
  const LINES: readonly {
    readonly args: () => readonly string[];
    readonly code?: number;
    readonly says: RegExp;
  }[] = [
    { args: () => ["version"], says: /Server Version: v1\.36/ },
    { args: () => ["api-resources"], says: /deployments\s+deploy\s+apps\/v1\s+true\s+Deployment/ },
    {
      args: () => ["get", "pods"],
      says: /NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\nweb-\S+\s+1\/1\s+Running/,
    },
    { args: () => ["get", "pods", "-o", "wide"], says: /NODE.*\n.*node-1/ },
    { args: () => ["get", "deploy,rs,svc,cm"], says: /deployment\.apps\/web\s+3\/3\s+3\s+3/ },
    { args: () => ["get", "nodes"], says: /node-1\s+Ready/ },
    { args: () => ["get", "ns"], says: /kube-system\s+Active/ },
    { args: () => ["get", "leases", "-n", "kube-node-lease"], says: /node-1\s+node-1/ },
    { args: () => ["get", "sa"], says: /default\s+[0-9]+s/ },
    { args: () => ["get", "events"], says: /Scheduled/ },
    { args: () => ["describe", "deployment", "web"], says: /NewReplicaSet:\s+web-\S+ \(3\/3/ },
    { args: () => ["describe", "pods", "-l", "app=web"], says: /Status:\s+Running/ },
    { args: () => ["describe", "node", "node-1"], says: /Ready\s+True/ },
    { args: () => ["create", "-f", secret()], says: /secret\/token created/ },
    { args: () => ["create", "-f", secret()], code: 1, says: /already exists/ },
    { args: () => ["get", "secret", "token", "-o", "jsonpath={.data.key}"], says: /^dmFsdWU=$/ },
    {
      args: () => ["apply", "-f", WEB_MANIFESTS],
      says: /deployment.apps\/web (unchanged|configured)/,
    },
    {
      args: () => ["label", "deployment", "web", "tier=front"],
      says: /deployment.apps\/web labeled/,
    },
    { args: () => ["get", "deploy", "-l", "tier=front"], says: /web/ },
    { args: () => ["annotate", "deployment", "web", "note=a b"], says: /annotated/ },
    { args: () => ["patch", "cm", "web", "-p", '{"data":{"greeting":"Hi"}}'], says: /patched/ },
    { args: () => ["get", "cm", "web", "-o", "yaml"], says: /greeting: Hi/ },
    { args: () => ["scale", "deployment", "web", "--replicas=2"], says: /web scaled/ },
    {
      args: () => ["rollout", "status", "deployment/web", "--timeout=60s"],
      says: /successfully rolled out/,
    },
    {
      args: () => ["wait", "--for=condition=Available", "deployment/web", "--timeout=30s"],
      says: /condition met/,
    },
    { args: () => ["logs", "deployment/web"], says: /listening on http/ },
    { args: () => ["create", "namespace", "team"], says: /namespace\/team created/ },
    { args: () => ["delete", "namespace", "team"], says: /namespace "team" deleted/ },
    { args: () => ["get", "ns", "team"], code: 1, says: /namespaces "team" not found/ },
    { args: () => ["explain", "deployment.spec.replicas"], says: /FIELD: replicas <integer>/ },
    { args: () => ["get", "gadgets"], code: 1, says: /doesn't have a resource type "gadgets"/ },
    { args: () => ["get", "pod", "nobody"], code: 1, says: /pods "nobody" not found/ },
    { args: () => ["delete", "-f", WEB_MANIFESTS], says: /deployment.apps "web" deleted/ },
    { args: () => ["wait", "--for=delete", "pods", "-l", "app=web", "--timeout=60s"], says: /^/ },
    { args: () => ["get", "pods"], says: /No resources found/ },
  ];

  test("each command answers as against Kubernetes", { timeout: 180_000 }, async () => {
    for (const line of LINES) {
      const args = line.args();
      const ran = await plane.kubectl(...args);
      const output = `${ran.stdout}${ran.stderr}`;
      expect.soft(output, `kubectl ${args.join(" ")}`).toMatch(line.says);
      expect.soft(ran.code, `kubectl ${args.join(" ")}: ${output}`).toBe(line.code ?? 0);
    }
  });

  test("edit changes an object", async () => {
    await plane.kubectl("create", "-f", file("edit.yaml", EDITED));
    const editor = file("editor.sh", '#!/bin/sh\nsed -i "s/before/after/" "$1"\n');
    const { run } = await import("./setpoint-process.ts");
    const edited = await run("env", [
      `KUBE_EDITOR=sh ${editor}`,
      KUBECTL ?? "kubectl",
      "--kubeconfig",
      plane.kubeconfig,
      "edit",
      "configmap/edited",
    ]);
    expect(`${edited.stdout}${edited.stderr}`).toContain("configmap/edited edited");
    expect((await plane.kubectl("get", "cm", "edited", "-o", "yaml")).stdout).toContain(
      "key: after",
    );
  });
});

const EDITED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: edited}\ndata: {key: before}\n";
