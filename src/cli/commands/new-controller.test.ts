/**
 * A new project is what it promises: it type-checks and its tests pass, with the compiler and the
 * test runner of this repository and nothing from a network.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { HEALTH_PORT } from "../authoring/manifests-of-module.ts";
import { projectOf } from "../authoring/project/project.ts";
import type { Terminal } from "../terminal.ts";
import { generateInstall } from "./generate.ts";
import { newController } from "./new-controller.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const BIN = join(ROOT, "node_modules", ".bin");
const run = promisify(execFile);
const terminal: Terminal = { write: () => {}, warn: () => {}, isInteractive: false, columns: 80 };

// Inside of the repository, where the project finds the packages; `tmp` is not part of it.
let folder = "";
let hooked = "";
const options = { name: "shop-operator", group: "acme.example", kind: undefined };
beforeAll(async () => {
  mkdirSync(join(ROOT, "tmp"), { recursive: true });
  folder = mkdtempSync(join(ROOT, "tmp", "new-"));
  hooked = mkdtempSync(join(ROOT, "tmp", "new-"));
  await newController({ ...options, folder }, terminal);
  await newController({ ...options, folder: hooked, hasWebhook: true }, terminal);
});
afterAll(() => {
  for (const each of [folder, hooked]) rmSync(each, { recursive: true, force: true });
});

const readIn = (where: string, path: string): string => readFileSync(join(where, path), "utf8");
const read = (path: string): string => readIn(folder, path);
const BOTH = [
  { what: "a project", where: () => folder, tests: 2 },
  { what: "one with a webhook", where: () => hooked, tests: 3 },
];

test("it is named for what it is about", () => {
  expect(read("src/shop.ts")).toContain('kind: "Shop"');
  expect(read("src/controller.ts")).toContain("export const shops = controller(Shop, {");
  expect(JSON.parse(read("package.json"))).toMatchObject({
    name: "shop-operator",
    dependencies: { setpoint: expect.stringMatching(/^\^\d/), zod: expect.stringMatching(/^\^4/) },
  });
});

test.each(BOTH)(
  "$what: its program is type-checked",
  async ({ where }) => {
    const flags = ["-p", ".", "--pretty", "false", "--customConditions", "setpoint-source"];
    const { stdout } = await run(join(BIN, "tsc"), flags, { cwd: where() }).catch(Object);
    // The sources of this package are read along; what is wrong in them, `npm run types` says.
    const own = String(stdout)
      .split("\n")
      .filter((line) => /^(src\/|error)/.test(line));
    expect(own).toEqual([]);
  },
  120_000,
);

test.each(BOTH)(
  "$what: its tests pass",
  async ({ where, tests }) => {
    // The package is taken from its sources, as everywhere in this repository.
    const conditions = ["setpoint-source"];
    const settings = { resolve: { conditions }, ssr: { resolve: { conditions } } };
    writeFileSync(
      join(where(), "vitest.config.mjs"),
      `export default ${JSON.stringify(settings)};`,
    );
    const flags = ["run", "--root", where(), "--testTimeout", "60000", "--reporter", "json"];
    const report = join(where(), "report.json");
    const env = { ...process.env, VITEST: "" };
    await run(join(BIN, "vitest"), [...flags, "--outputFile", report], { env });
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({
      success: true,
      numPassedTests: tests,
    });
  },
  120_000,
);

test.each(BOTH)("$what: its manifests are what generate makes of its code", async ({ where }) => {
  const flags = { name: undefined, namespace: undefined, image: "shop-operator:1", replicas: 1 };
  const deps = { env: realEnv({ level: "error" }), signal: new AbortController().signal };
  const path = join(where(), "src", "controller.ts");
  const made = await generateInstall(path, { ...flags, healthPort: HEALTH_PORT }, deps);
  expect(readIn(where(), "manifests/install.yaml")).toBe(made);
});

test.each(BOTH)("$what: every file its README and its Dockerfile name is there", ({ where }) => {
  const texts = `${readIn(where(), "README.md")}\n${readIn(where(), "Dockerfile")}`;
  const named = [...texts.matchAll(/\b(?:src|manifests)\/[\w.-]+/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(join(where(), path)))).toEqual([]);
});

test("nothing is written over", async () => {
  const before = read("README.md");
  await expect(newController({ ...options, folder }, terminal)).rejects.toThrow(/is not empty/);
  const file = join(folder, "README.md");
  await expect(newController({ ...options, folder: file }, terminal)).rejects.toThrow(
    /is not a folder/,
  );
  expect(read("README.md")).toBe(before);
});

test.each([
  { name: "web-site-operator", kind: "WebSite", plural: "websites" },
  { name: "backup-controller", kind: "Backup", plural: "backups" },
  { name: "policy", kind: "Policy", plural: "policies" },
])("$name is about $kind", ({ name, kind, plural }) => {
  expect(projectOf(name, "example.dev", undefined)).toMatchObject({ kind, plural });
});

test.each([
  { name: "Site", group: "example.dev", kind: "Site", says: /"Site" cannot be a name/ },
  { name: "site", group: "dev", kind: "Site", says: /"dev" cannot be a group: has at least one/ },
  { name: "site", group: "apps.k8s.io", kind: "Site", says: /belongs to Kubernetes/ },
  { name: "site", group: "example.dev", kind: "site", says: /not in CamelCase/ },
  { name: "operator", group: "example.dev", kind: undefined, says: /not in CamelCase/ },
  { name: "site", group: "example.dev", kind: "Deployment", says: /"Deployment" is taken/ },
])("$name $group $kind is refused", ({ name, group, kind, says }) => {
  expect(() => projectOf(name, group, kind)).toThrow(says);
});
