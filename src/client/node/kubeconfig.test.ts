import { expect, test } from "vitest";
import type { Files } from "../../base/files.ts";
import type { ProgramRun } from "../../base/real/run-program.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { inClusterAccess, loadKubeconfig, writeKubeconfig } from "./kubeconfig.ts";

/** Files in memory. */
function someFiles(contents: Readonly<Record<string, string>>): Files & {
  readonly modes: Map<string, number | undefined>;
} {
  const files = new Map(Object.entries(contents));
  const modes = new Map<string, number | undefined>();
  return {
    modes,
    read: (path) => {
      const content = files.get(path);
      return Promise.resolve(content === undefined ? undefined : new TextEncoder().encode(content));
    },
    write: (path, content, options) => {
      files.set(path, new TextDecoder().decode(content));
      modes.set(path, options?.mode);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...files.keys()]),
    remove: (path) => Promise.resolve(void files.delete(path)),
  };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const V1 = "client.authentication.k8s.io/v1";

/** A kubeconfig with one context; `user` and `cluster` are lines of YAML. */
function aKubeconfig(parts: { readonly user?: string; readonly cluster?: string }): string {
  const { user = "token: secret", cluster = "server: https://a.example:6443" } = parts;
  return [
    "apiVersion: v1",
    "kind: Config",
    "current-context: dev",
    "contexts:",
    "- name: dev",
    "  context: {cluster: c, user: u}",
    "clusters:",
    "- name: c",
    "  cluster:",
    ...cluster.split("\n").map((line) => `    ${line}`),
    "users:",
    "- name: u",
    "  user:",
    ...user.split("\n").map((line) => `    ${line}`),
  ].join("\n");
}

function load(contents: Readonly<Record<string, string>>, path = "/k/config", context?: string) {
  const run = () => Promise.reject(new Error("no program is run here"));
  const credentials = { run, clock: virtualEnv().clock };
  const files = someFiles(contents);
  const isRun = Object.values(contents).some((text) => text.includes("interactiveMode"));
  return loadKubeconfig({ path, context }, isRun ? { files, credentials } : { files });
}

test("what is written is read back", async () => {
  const files = someFiles({});
  const clientCertificate = { certificate: "CERT", key: "KEY" };
  const config = { name: "setpoint", server: "https://127.0.0.1:6443", authority: "CA" };
  await writeKubeconfig("/k/config", { ...config, clientCertificate }, { files });
  expect(files.modes.get("/k/config")).toBe(0o600);
  expect(await loadKubeconfig({ path: "/k/config" }, { files })).toEqual({
    context: "setpoint",
    namespace: "default",
    connection: {
      server: "https://127.0.0.1:6443",
      authority: "CA",
      clientCertificate,
      caller: expect.anything(),
    },
  });
  await writeKubeconfig("/k/other", { ...config, token: "t", namespace: "web" }, { files });
  const other = await loadKubeconfig({ path: "/k/other" }, { files });
  expect(other.namespace).toBe("web");
  expect(await other.connection.token?.()).toBe("t");
});

test("certificates and tokens come inline, or from files beside the kubeconfig", async () => {
  const user = "client-certificate: pki/u.crt\nclient-key-data: " + base64("KEY");
  const cluster = "server: https://a\ncertificate-authority: /etc/ca.crt\ntls-server-name: b";
  const access = await load({
    "/k/config": aKubeconfig({ user, cluster }),
    "/k/pki/u.crt": "CERT",
    "/etc/ca.crt": "CA",
  });
  expect(access.connection).toMatchObject({
    server: "https://a",
    authority: "CA",
    serverName: "b",
    clientCertificate: { certificate: "CERT", key: "KEY" },
  });
});

test("a token in a file is read anew for each request", async () => {
  const files = someFiles({ "/k/config": aKubeconfig({ user: "tokenFile: t" }), "/k/t": "one\n" });
  const { connection } = await loadKubeconfig({ path: "/k/config" }, { files });
  expect(await connection.token?.()).toBe("one");
  await files.write("/k/t", new TextEncoder().encode("two"));
  expect(await connection.token?.()).toBe("two");
});

test("a user can act as another, and verification can be given up", async () => {
  const user = "token: t\nas: jane\nas-uid: '7'\nas-groups: [a, b]\nas-user-extra: {team: [p, q]}";
  const cluster = "server: https://a\ninsecure-skip-tls-verify: true";
  const { connection } = await load({ "/k/config": aKubeconfig({ user, cluster }) });
  expect(connection).toMatchObject({
    isUnverified: true,
    impersonate: { user: "jane", uid: "7", groups: ["a", "b"], extra: { team: ["p", "q"] } },
  });
});

test("several files are one kubeconfig: of equal names the first counts", async () => {
  const contents = {
    "/k/a": "contexts:\n- name: x\n  context: {cluster: c, namespace: from-a}\n",
    "/k/b":
      "current-context: x\ncontexts:\n- name: x\n  context: {cluster: none}\n" +
      "clusters:\n- name: c\n  cluster: {server: 'https://b'}\n",
  };
  const access = await load(contents, "/k/a:/k/missing:/k/b");
  expect(access).toEqual({
    context: "x",
    namespace: "from-a",
    connection: { server: "https://b", caller: expect.anything() },
  });
});

test("in each of several files, paths are meant from its own folder", async () => {
  const contents = {
    "/a/config": "current-context: x\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\n",
    "/b/config":
      "clusters:\n- name: c\n  cluster: {server: 'https://b', certificate-authority: ca.crt}\n",
    "/c/config": "users:\n- name: u\n  user: {tokenFile: ../tokens/u}\n",
    "/b/ca.crt": "CA",
    "/tokens/u": "secret",
  };
  const { connection } = await load(contents, "/a/config:/b/config:/c/config");
  expect(connection).toMatchObject({ server: "https://b", authority: "CA" });
  expect(await connection.token?.()).toBe("secret");
});

test("a context other than the current one can be chosen, in any of the files", async () => {
  const other =
    "contexts:\n- name: prod\n  context: {cluster: p, namespace: live}\n" +
    "clusters:\n- name: p\n  cluster: {server: 'https://p'}\n";
  const contents = { "/k/a": aKubeconfig({}), "/k/b": other };
  const access = await load(contents, "/k/a:/k/b", "prod");
  expect(access).toEqual({
    context: "prod",
    namespace: "live",
    connection: { server: "https://p", caller: expect.anything() },
  });
});

test.each([
  ["token: t", "kubectl config set-credentials u --token=TOKEN"],
  ["tokenFile: t", "read from /k/t for each request"],
  [
    `exec: {apiVersion: ${V1}, command: cloud, interactiveMode: Never}`,
    "the program cloud gave: log in with it again",
  ],
  ["client-certificate: u.crt\nclient-key-data: S0VZ", "read from /k/u.crt: put a new one"],
  ["client-certificate-data: Qw==\nclient-key-data: S0VZ", "get a new kubeconfig"],
  ["as: ''", "Give it some in /k/config"],
])("of a user with %s it is known how credentials are renewed", async (user, renewal) => {
  const { connection } = await load({ "/k/config": aKubeconfig({ user }), "/k/u.crt": "C" });
  expect(connection.caller?.name).toBe('user "u" (context "dev" of /k/config)');
  expect(connection.caller?.renewal).toContain(renewal);
});

test("a token or a certificate goes before a program, as in kubectl", async () => {
  const exec = `exec: {apiVersion: ${V1}, command: cloud}`;
  const run = () => Promise.reject(new Error("it is not asked"));
  const files = someFiles({ "/k/config": aKubeconfig({ user: `token: t\n${exec}` }) });
  const { clock } = virtualEnv();
  const deps = { files, credentials: { run, clock } };
  const { connection } = await loadKubeconfig({ path: "/k/config" }, deps);
  expect(await connection.token?.()).toBe("t");
  expect(connection.tlsMaterial).toBeUndefined();
});

for (const { name, contents, context, message } of [
  {
    name: "groups without a user",
    contents: { "/k/config": aKubeconfig({ user: "as-groups: [a]\nas-uid: b" }) },
    message: "/k/config: u: as: not set, and as-uid, as-groups cannot be asked for without it",
  },
  {
    name: "what is known of a user that is not text",
    contents: { "/k/config": aKubeconfig({ user: "as: j\nas-user-extra: {team: x}" }) },
    message: "/k/config: u: as-user-extra: team: not a list of strings",
  },
  {
    name: "an authority where nothing is verified",
    contents: {
      "/k/config": aKubeconfig({
        cluster:
          "server: https://a\ninsecure-skip-tls-verify: true\n" +
          `certificate-authority-data: ${base64("CA")}`,
      }),
    },
    message: "/k/config: c: insecure-skip-tls-verify: a certificate-authority beside it is not",
  },
  { name: "no file", contents: {}, message: "/k/config: there is no such file" },
  {
    name: "no current context",
    contents: { "/k/config": "kind: Config" },
    message: "/k/config: current-context is not set",
  },
  {
    name: "an unknown context",
    contents: { "/k/config": aKubeconfig({}) },
    context: "prod",
    message: '/k/config: contexts has no "prod" (known: dev)',
  },
  {
    name: "a program where none is run",
    contents: { "/k/config": aKubeconfig({ user: `exec: {apiVersion: ${V1}, command: aws}` }) },
    message: "/k/config: u: exec: programs that give credentials are not run here; use a token",
  },
  {
    name: "a program that wants a terminal",
    contents: {
      "/k/config": aKubeconfig({
        user: `exec: {apiVersion: ${V1}, command: aws, interactiveMode: Always}`,
      }),
    },
    message: "/k/config: u: exec.interactiveMode: Always: programs run without a terminal here",
  },
  {
    name: "a password",
    contents: { "/k/config": aKubeconfig({ user: "username: me" }) },
    message: "/k/config: u: username: passwords are not supported",
  },
  {
    name: "a certificate without a key",
    contents: { "/k/config": aKubeconfig({ user: `client-certificate-data: ${base64("C")}` }) },
    message: "/k/config: u: client-key: a certificate and its key go together",
  },
  {
    name: "a missing certificate",
    contents: { "/k/config": aKubeconfig({ user: "client-certificate: x\nclient-key: y" }) },
    message: "/k/x: there is no such file",
  },
  {
    name: "no server",
    contents: { "/k/config": aKubeconfig({ cluster: "tls-server-name: x" }) },
    message: "/k/config: c: server: not set",
  },
  {
    name: "a token that is a number",
    contents: { "/k/config": aKubeconfig({ user: "token: 123" }) },
    message: "/k/config: u: token: not a string",
  },
  {
    name: "no mapping",
    contents: { "/k/config": "- 1" },
    message: "/k/config: a kubeconfig is a YAML mapping",
  },
  { name: "broken YAML", contents: { "/k/config": "a: [" }, message: "/k/config: " },
] as {
  name: string;
  contents: Record<string, string>;
  context?: string;
  message: string;
}[]) {
  test(`${name} is refused with the file and field at fault`, async () => {
    await expect(load(contents, "/k/config", context)).rejects.toThrow(message);
    await expect(load(contents, "/k/config", context)).rejects.toMatchObject({
      name: "KubeconfigError",
    });
  });
}

test("a pod reaches its own cluster", async () => {
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  const files = someFiles({
    [`${folder}/ca.crt`]: "CA",
    [`${folder}/namespace`]: "web\n",
    [`${folder}/token`]: "t",
  });
  const access = await inClusterAccess({ host: "fd00::1", port: "443" }, { files });
  expect(access).toMatchObject({ namespace: "web", context: "in-cluster" });
  expect(access.connection).toMatchObject({ server: "https://[fd00::1]:443", authority: "CA" });
  expect(await access.connection.token?.()).toBe("t");
});

test("a program of the kubeconfig's folder gives the token, told of the cluster", async () => {
  const exec = [
    "exec:",
    `  apiVersion: ${V1}`,
    "  command: ./login",
    "  args: [--now]",
    "  env: [{name: REGION, value: north}]",
    "  provideClusterInfo: true",
  ].join("\n");
  const cluster = [
    "server: https://a",
    "proxy-url: http://p:3128",
    "certificate-authority: ca.crt",
    "extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]",
  ].join("\n");
  const files = someFiles({
    "/k/config": aKubeconfig({ user: exec, cluster }),
    "/k/ca.crt": "CA",
  });
  const runs: ProgramRun[] = [];
  const run = (each: ProgramRun) => {
    runs.push(each);
    const status = { token: "t" };
    const output = JSON.stringify({ apiVersion: V1, kind: "ExecCredential", status });
    return Promise.resolve({ exitCode: 0, output });
  };
  const { clock } = virtualEnv();
  const { connection } = await loadKubeconfig(
    { path: "/k/config" },
    { files, credentials: { run, clock } },
  );
  expect(connection.proxy).toBe("http://p:3128");
  expect(await connection.token?.()).toBe("t");
  expect(runs).toMatchObject([
    { command: "/k/login", args: ["--now"], variables: { REGION: "north" } },
  ]);
  expect(JSON.parse(runs[0]?.variables["KUBERNETES_EXEC_INFO"] ?? "")).toMatchObject({
    spec: {
      cluster: {
        server: "https://a",
        "proxy-url": "http://p:3128",
        "certificate-authority-data": base64("CA"),
        config: { audience: "x" },
      },
    },
  });
});
