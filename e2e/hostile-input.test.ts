/** Whatever comes over the wire: a clear 4xx, a live server, nothing stored. */
import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SetpointProcess } from "./setpoint-process.ts";

let setpoint: SetpointProcess;
let server: { readonly url: URL; readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };

beforeAll(async () => {
  const expected = /Ctrl-C stops everything/;
  setpoint = await SetpointProcess.start({ args: ["--nodes", "0", "--memory"], expected });
  const kubeconfig = readFileSync(setpoint.kubeconfig, "utf8");
  const data = (name: string): Buffer =>
    Buffer.from(new RegExp(`${name}: "?([^\\s"]+)`).exec(kubeconfig)?.[1] ?? "", "base64");
  server = {
    url: new URL(/server: "?(https:[^\s"]+)/.exec(kubeconfig)?.[1] ?? ""),
    ca: data("certificate-authority-data"),
    cert: data("client-certificate-data"),
    key: data("client-key-data"),
  };
});
afterAll(() => setpoint.dispose());

type Answer = { readonly code: number; readonly body: string };

function send(
  method: string,
  path: string,
  body: string | Buffer,
  options: { readonly type?: string; readonly isAnonymous?: boolean } = {},
): Promise<Answer> {
  const { ca, cert, key, url } = server;
  const credentials = options.isAnonymous === true ? { ca } : { ca, cert, key };
  return new Promise((resolve, reject) => {
    const headers = { "content-type": options.type ?? "application/json" };
    const target = { ...credentials, host: url.hostname, port: url.port, method, path, headers };
    const request = httpsRequest(target, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ code: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments?fieldValidation=Strict";

const CASES: readonly {
  readonly name: string;
  readonly path: string;
  readonly body: () => string;
  readonly type?: string;
  readonly code: number;
  readonly says: RegExp;
}[] = [
  {
    name: "broken YAML",
    path: CONFIG_MAPS,
    type: "application/yaml",
    body: () => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [a\n",
    code: 400,
    says: /line 4, column 1/,
  },
  { name: "broken JSON", path: CONFIG_MAPS, body: () => '{"a": ', code: 400, says: /JSON/ },
  {
    name: "another kind",
    path: CONFIG_MAPS,
    body: () => '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}',
    code: 400,
    says: /cannot be handled as a ConfigMap/,
  },
  {
    name: "an unknown kind",
    path: "/apis/example.dev/v1/namespaces/default/gadgets",
    body: () => "{}",
    code: 404,
    says: /not found/,
  },
  {
    name: "an unknown field",
    path: DEPLOYMENTS,
    body: () =>
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replica":1}}',
    code: 400,
    says: /unknown field \\"spec.replica\\"/,
  },
  {
    name: "a wrong type",
    path: DEPLOYMENTS,
    body: () =>
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":"1"}}',
    code: 400,
    says: /replicas/,
  },
  {
    name: "a body of 10 MB",
    path: CONFIG_MAPS,
    body: () => `{"data":{"a":"${"x".repeat(10 * 2 ** 20)}"}}`,
    code: 413,
    says: /large/,
  },
  {
    name: "JSON of depth 100,000",
    path: CONFIG_MAPS,
    body: () => `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
    code: 400,
    says: /deep|depth/,
  },
  {
    name: "YAML of depth 100,000",
    path: CONFIG_MAPS,
    type: "application/yaml",
    body: () => `${"[".repeat(100_000)}`,
    code: 400,
    says: /./,
  },
  {
    name: "a YAML alias bomb",
    path: CONFIG_MAPS,
    type: "application/yaml",
    body: () =>
      ["a: &a [x,x,x,x,x,x,x,x,x]"]
        .concat(
          "bcdefghi"
            .split("")
            .map((name, at) => `${name}: &${name} [${`*${"abcdefgh"[at]},`.repeat(9)}]`),
        )
        .join("\n"),
    code: 400,
    says: /alias/i,
  },
];

test.each(CASES)("$name is refused", async ({ path, body, type, code, says }) => {
  const answer = await send("POST", path, body(), type === undefined ? {} : { type });
  expect(answer.code).toBe(code);
  expect(answer.body).toMatch(says);
  expect((await send("GET", "/healthz", "")).code).toBe(200);
});

test("keys that name prototypes are data: stored, returned, and harmless", async () => {
  const data = '{"__proto__":"p","constructor":"c","then":"t","toString":"s"}';
  const object = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"keys"},"data":${data}}`;
  expect((await send("POST", CONFIG_MAPS, object)).code).toBe(201);
  const { body } = await send("GET", `${CONFIG_MAPS}/keys`, "");
  for (const part of ['"__proto__":"p"', '"constructor":"c"', '"then":"t"', '"toString":"s"']) {
    expect(body).toContain(part);
  }
  const patch = '{"__proto__":{"polluted":true},"data":{"__proto__":"q"}}';
  const type = "application/merge-patch+json";
  const patched = await send("PATCH", `${CONFIG_MAPS}/keys`, patch, { type });
  expect(patched.code).toBe(200);
  expect((await send("GET", `${CONFIG_MAPS}/keys`, "")).body).toContain('"__proto__":"q"');
});

test("without credentials there is nothing but health and version", async () => {
  const isAnonymous = true;
  for (const path of ["/api", "/api/v1/pods", "/metrics", CONFIG_MAPS]) {
    expect((await send("GET", path, "", { isAnonymous })).code).toBe(403);
  }
  expect((await send("GET", "/readyz", "", { isAnonymous })).code).toBe(200);
});

test("none of it was stored", async () => {
  const { body } = await send("GET", CONFIG_MAPS, "");
  const { items } = JSON.parse(body) as { items: readonly { metadata: { name: string } }[] };
  const names = items.map(({ metadata }) => metadata.name);
  expect(names.filter((name) => name !== "kube-root-ca.crt")).toEqual(["keys"]);
});
