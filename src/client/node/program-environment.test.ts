import { expect, test } from "vitest";
import type { Files } from "../../base/files.ts";
import { accessOfProgram } from "./program-environment.ts";

const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

function aKubeconfig(name: string): string {
  const contexts = ["dev", "prod"].map((each) => `{name: ${each}, context: {cluster: ${each}}}`);
  const clusters = ["dev", "prod"].map((each) => {
    return `{name: ${each}, cluster: {server: 'https://${each}.${name}'}}`;
  });
  const lists = `contexts: [${contexts.join(", ")}]\nclusters: [${clusters.join(", ")}]`;
  return `current-context: dev\n${lists}`;
}

const CONTENTS: Readonly<Record<string, string>> = {
  "/named": aKubeconfig("named"),
  "/home/me/.kube/config": aKubeconfig("home"),
  [`${FOLDER}/ca.crt`]: "CA",
  [`${FOLDER}/namespace`]: "web",
  [`${FOLDER}/token`]: "t",
};

const POD = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };

async function serverOf(
  variables: Readonly<Record<string, string>>,
  context?: string,
): Promise<string> {
  const files: Files = {
    read: (path) => {
      const content = CONTENTS[path];
      return Promise.resolve(content === undefined ? undefined : Buffer.from(content));
    },
    write: () => Promise.reject(new Error("it is only read")),
    list: () => Promise.resolve([]),
    remove: () => Promise.reject(new Error("it is only read")),
  };
  const variable = (name: string): string | undefined => variables[name];
  const access = await accessOfProgram({ files, variable, home: "/home/me" }, { context });
  return access.connection.server;
}

test.each([
  { where: "the files KUBECONFIG names", variables: { KUBECONFIG: "/named", ...POD } },
  { where: "the pod's own cluster", variables: POD, server: "https://10.0.0.1:443" },
  { where: "the home folder", variables: {}, server: "https://dev.home" },
])("a program finds its cluster in $where", async ({ variables, server }) => {
  expect(await serverOf(variables)).toBe(server ?? "https://dev.named");
});

test("a context that is named is looked for in kubeconfigs, also by a pod", async () => {
  expect(await serverOf({ KUBECONFIG: "/named" }, "prod")).toBe("https://prod.named");
  expect(await serverOf(POD, "prod")).toBe("https://prod.home");
  await expect(serverOf({}, "test")).rejects.toThrow('contexts has no "test" (known: dev, prod)');
});
