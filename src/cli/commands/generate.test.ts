/** What `generate` prints, of the example and of modules that are not as they should be. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { HEALTH_PORT } from "../authoring/manifests-of-module.ts";
import { loadModule, loadProblem, NO_CLUSTER, nameOfModule } from "../authoring/load-module.ts";
import { parseManifests } from "../manifests.ts";
import { explainError } from "../user-error.ts";
import { generateAccess, generateDefinitions, generateInstall, generateTypes } from "./generate.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const EXAMPLE = join(ROOT, "examples", "site-operator");
const CONTROLLER = join(EXAMPLE, "controller.ts");
const deps = { env: realEnv({ level: "error" }), signal: new AbortController().signal };
const PLACEMENT = { name: "site-operator", namespace: undefined };
const noServer = (): Promise<never> => Promise.reject(new Error("no server was to be asked"));

// Inside of the repository, where modules find the package; `tmp` is not part of it.
let folder = "";
beforeAll(() => {
  mkdirSync(join(ROOT, "tmp"), { recursive: true });
  folder = mkdtempSync(join(ROOT, "tmp", "generate-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function moduleOf(name: string, code: string): string {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
}

function objectsOf(text: string) {
  return parseManifests(text, "generated.yaml").map(({ object }) => object);
}

test("the definitions are those of kinds, exported or used by exported controllers", async () => {
  const text = await generateDefinitions(CONTROLLER, deps);
  expect(text).toBe(await generateDefinitions(join(EXAMPLE, "site.ts"), deps));
  const [definition] = objectsOf(text);
  expect(definition).toMatchObject({ metadata: { name: "sites.example.dev" } });
  expect(definition).not.toHaveProperty("status");
});

test("the roles are what the controllers do, and leases in their own namespace", async () => {
  const objects = objectsOf(await generateAccess(CONTROLLER, PLACEMENT, deps));
  expect(
    objects.map(({ kind, metadata: { name, namespace = "-" } }) => [kind, name, namespace]),
  ).toEqual([
    ["ServiceAccount", "site-operator", "site-operator"],
    ["ClusterRole", "site-operator", "-"],
    ["ClusterRoleBinding", "site-operator", "-"],
    ["Role", "site-operator-leader-election", "site-operator"],
    ["RoleBinding", "site-operator-leader-election", "site-operator"],
  ]);
  expect(objects[1]).toHaveProperty("rules", [
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    {
      apiGroups: [""],
      resources: ["services"],
      verbs: ["get", "list", "watch", "create", "patch", "delete"],
    },
    {
      apiGroups: ["apps"],
      resources: ["deployments"],
      verbs: ["get", "list", "watch", "create", "patch", "delete"],
    },
    { apiGroups: ["example.dev"], resources: ["sites"], verbs: ["get", "list", "watch"] },
    { apiGroups: ["example.dev"], resources: ["sites/finalizers"], verbs: ["update"] },
    { apiGroups: ["example.dev"], resources: ["sites/status"], verbs: ["patch"] },
    {
      apiGroups: ["authorization.k8s.io"],
      resources: ["selfsubjectaccessreviews"],
      verbs: ["create"],
    },
  ]);
  expect(objects[3]).toHaveProperty("rules", [
    {
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      verbs: ["get", "list", "create", "update", "delete"],
    },
  ]);
});

test("a permission for single objects is not widened to all of them", async () => {
  const path = moduleOf(
    "narrow.ts",
    `import { Deployment } from "setpoint/client";
     import { controller } from "setpoint/controller-runtime";
     const one = { resources: ["secrets"], resourceNames: ["a"] };
     const narrow = { apiGroups: [""], ...one, verbs: ["get"] };
     export const c = controller(Deployment, {
       permissions: [narrow],
       reconcile: async (_, ctx) => ctx.done(),
     });`,
  );
  const [, role] = objectsOf(await generateAccess(path, PLACEMENT, deps));
  const rules = Object.values(Object(role)["rules"]);
  const ofSecrets = rules.filter((rule) => JSON.stringify(rule).includes("secrets"));
  expect(ofSecrets).toEqual([
    { apiGroups: [""], resources: ["secrets"], resourceNames: ["a"], verbs: ["get"] },
  ]);
});

test("of several modules all is generated, each kind once, named for the first", async () => {
  const first = moduleOf(
    "pods.ts",
    `import { Pod } from "setpoint/client";
     import { controller } from "setpoint/controller-runtime";
     export const pods = controller(Pod, { reconcile: async (_, ctx) => ctx.done() });`,
  );
  const second = moduleOf(
    "nodes.ts",
    `import { Node } from "setpoint/client";
     import { controller } from "setpoint/controller-runtime";
     export const pods = controller(Node, { reconcile: async (_, ctx) => ctx.done() });`,
  );
  const text = await generateAccess([first, second, first], PLACEMENT, deps);
  const [, role] = objectsOf(text);
  const told = JSON.stringify(Object(role)["rules"]);
  expect(told.match(/"pods"/g)).toHaveLength(1);
  expect(told.match(/"nodes"/g)).toHaveLength(1);
});

const INSTALL = { ...PLACEMENT, image: "site-operator:1", replicas: 2, healthPort: HEALTH_PORT };

test("an installation is everything in the order it is needed, and always the same", async () => {
  const text = await generateInstall(CONTROLLER, { ...INSTALL, namespace: "sites" }, deps);
  expect(await generateInstall(CONTROLLER, { ...INSTALL, namespace: "sites" }, deps)).toBe(text);
  const objects = objectsOf(text);
  expect(objects.map(({ kind }) => kind)).toEqual([
    "CustomResourceDefinition",
    "Namespace",
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRole",
    "PodDisruptionBudget",
    "Deployment",
  ]);
  expect(objects.at(-1)).toMatchObject({
    metadata: { name: "site-operator", namespace: "sites" },
    spec: {
      replicas: 2,
      template: {
        spec: {
          securityContext: { runAsNonRoot: true },
          containers: [
            { image: "site-operator:1", readinessProbe: { httpGet: { path: "/readyz" } } },
          ],
        },
      },
    },
  });
});

test.each([
  { name: "gone.ts", code: undefined, says: /there is no file .*\nName the file that exports/ },
  { name: "site.yaml", code: "a: 1", says: /site\.yaml is not a module\n/ },
  { name: "empty.ts", code: "export {};", says: /empty\.ts exports no kind\nExport what/ },
  { name: "fails.ts", code: 'throw new Error("no luck");', says: /cannot be loaded: no luck\n/ },
  {
    name: "twice.ts",
    code: `import { defineResource, structural } from "setpoint/controller-runtime";
      const of = { group: "example.dev", kind: "Site", spec: structural({ type: "object" }) };
      export const old = defineResource({ ...of, version: "v1" });
      export const young = defineResource({ ...of, version: "v2" });`,
    says: /2 definitions of sites\.example\.dev\nDefine each kind once/,
  },
])("$name is refused, with what to do", async ({ name, code, says }) => {
  const path = code === undefined ? join(folder, name) : moduleOf(name, code);
  const failure = await generateDefinitions(path, deps).catch((error: unknown) => error);
  expect(explainError(failure)).toMatch(says);
});

test("a module without a controller has no roles", async () => {
  const failure = await generateAccess(join(EXAMPLE, "site.ts"), PLACEMENT, deps).catch(String);
  expect(failure).toMatch(/site\.ts exports no controller/);
});

test.each([
  { code: "ERR_UNKNOWN_FILE_EXTENSION", says: /Node 20\.1\.0 does not load TypeScript.*22\.18/s },
  { code: "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX", says: /no enum, namespace/ },
  { code: "ERR_MODULE_NOT_FOUND", says: /npm install/ },
])("$code is explained", ({ code, says }) => {
  const problem = loadProblem(Object.assign(new Error("it failed"), { code }), "a.ts", "20.1.0");
  expect(explainError(problem)).toMatch(says);
});

test("a program that runs when it is loaded is told to keep its controllers apart", () => {
  const failure = new Error(`${NO_CLUSTER}: there is no such file`);
  const told = explainError(loadProblem(failure, "main.ts", process.versions.node));
  expect(told).toMatch(/main\.ts runs its manager as soon as it is loaded\nExport the controllers/);
});

test("things are named for the package a module is in", async () => {
  writeFileSync(join(folder, "package.json"), '{ "name": "@acme/Shop_Operator" }');
  expect(await nameOfModule(join(folder, "controller.ts"))).toBe("shop-operator");
});

test("types of a definition make the same definition again", async () => {
  const definitions = await generateDefinitions(CONTROLLER, deps);
  writeFileSync(join(folder, "site.crd.yaml"), definitions);
  const types = await generateTypes(join(folder, "site.crd.yaml"), noServer);
  expect(types).toContain("readonly image: string;");
  expect(types).toContain("readonly replicas?: number;");
  const made = await generateDefinitions(moduleOf("site-types.ts", types), deps);
  expect(made).toBe(definitions);
});

test("a kind may be called as it likes, and none of its texts becomes code", async () => {
  const crd = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: "records\\n*/ throw 1; //"}
spec:
  group: dns.example.dev
  names: {kind: Record, plural: records, singular: record}
  scope: Cluster
  versions:
  - {name: v1beta1, served: true, storage: false}
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {__proto__: {type: string}, tags: {type: object,
            additionalProperties: {type: string}}}}
`;
  writeFileSync(join(folder, "record.yaml"), crd);
  const types = await generateTypes(join(folder, "record.yaml"), noServer);
  expect(types).toContain("// records * / throw 1; // has other versions than v1: v1beta1.\n");
  const { Record } = await loadModule(moduleOf("record.ts", types), deps);
  expect(Record).toMatchObject({ kind: "Record", isNamespaced: false, version: "v1" });
});

test("each version that is served has types; one that is not served has none", async () => {
  const crd = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: sites.web.example}
spec:
  group: web.example
  names: {kind: Site, plural: sites, singular: site}
  scope: Namespaced
  versions:
  - {name: v1alpha1, served: false, storage: false}
  - name: v1beta1
    served: true
    storage: false
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, required: [host],
      properties: {host: {type: string}}}}}}
  - name: v1beta2
    served: true
    storage: false
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object},
      status: {type: object, properties: {observedGeneration: {type: integer}}}}}}
  - name: v1beta3
    served: true
    storage: false
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object},
      status: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, required: [hosts],
      properties: {hosts: {type: array, items: {type: string}}}}}}}
`;
  writeFileSync(join(folder, "versions.yaml"), crd);
  const types = await generateTypes(join(folder, "versions.yaml"), noServer);
  expect(types).toContain("export type SiteSpec = {\n  readonly hosts: readonly string[];\n};");
  expect(types).toContain("export type SiteV1beta1Spec = {\n  readonly host: string;\n};");
  expect(types).not.toContain("V1alpha1");
  // What says nothing of its own has no type; what says that anything goes has one of anything.
  expect(types.match(/(?<=export type )\w*Status\b/g)).toEqual(["SiteV1beta3Status"]);
  expect(types).not.toContain("status: structural");
  const use =
    "const a: SiteV1beta1Spec = { host: 'a' };\nconst b: SiteSpec = { hosts: [a.host] };\n" +
    "export const c: SiteV1beta1 = { metadata: {}, spec: a, status: {} };\n" +
    "export const d: SiteV1beta2 = { metadata: {}, spec: {}, status: { conditions: [] } };\n" +
    "const status = { any: [1], conditions: [] };\n" +
    "export const e: SiteV1beta3 = { ...d, apiVersion: '', status };\n" +
    "// @ts-expect-error a server would not keep it\n" +
    "export const f = { a } satisfies SiteV1beta2Spec;\n" +
    "// @ts-expect-error no status says so\nexport const g = d.status?.other;\nexport { b };\n";
  const path = moduleOf("versions.ts", `${types}${use}`);
  const { Site, SiteV1beta1 } = await loadModule(path, deps);
  expect(Site).toMatchObject({ version: "v1" });
  expect(SiteV1beta1).toEqual({
    group: "web.example",
    version: "v1beta1",
    kind: "Site",
    resource: "sites",
    isNamespaced: true,
  });
  const flags = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
  ];
  const conditions = ["--customConditions", "setpoint-source", "--allowImportingTsExtensions"];
  const compile = [...flags, ...conditions, "--target", "esnext", "--pretty", "false", path];
  const { stdout } = await promisify(execFile)(join(ROOT, "node_modules/.bin/tsc"), compile).catch(
    Object,
  );
  const wrong = String(stdout)
    .split("\n")
    .filter((line) => /versions\.ts|^error/.test(line));
  expect(wrong).toEqual([]);
}, 120_000);

test("a manifest without a definition has no types", async () => {
  writeFileSync(
    join(folder, "none.yaml"),
    "{apiVersion: v1, kind: Namespace, metadata: {name: a}}",
  );
  const failure = await generateTypes(join(folder, "none.yaml"), noServer).catch(String);
  expect(failure).toMatch(/there is no CustomResourceDefinition in/);
});
