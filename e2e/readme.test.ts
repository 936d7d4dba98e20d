/**
 * The controller that README shows is run as it stands there, against a server, and does what it
 * says; Ctrl-C stops it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Deployment } from "../src/client/builtin.ts";
import { createControlPlane } from "../src/control-plane/control-plane.ts";

const ROOT = join(import.meta.dirname, "..");
const LINES_MAX = 20;

/** The first block of TypeScript in README that makes a controller. */
function controllerOfReadme(): string {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code = ""]) => code);
  const found = blocks.find((code) => code.includes("createManager("));
  if (found === undefined) throw new Error("README shows no controller");
  return found;
}

test("the controller of README runs as printed", async () => {
  const code = controllerOfReadme();
  const written = code.split("\n").filter((line) => line.trim() !== "");
  expect(written.length).toBeLessThanOrEqual(LINES_MAX);

  const folder = mkdtempSync(join(import.meta.dirname, ".readme-")); // here `setpoint` is found
  await using plane = await createControlPlane({ serve: {}, directory: join(folder, "plane") });
  const program = join(folder, "controller.ts");
  writeFileSync(program, code);
  const child = spawn(process.execPath, ["--conditions=setpoint-source", program], {
    env: { ...process.env, KUBECONFIG: join(folder, "plane", "kubeconfig") },
    stdio: ["ignore", "inherit", "inherit"],
  });
  try {
    const { client, context } = plane;
    const path = "/apis/example.dev/v1/namespaces/default/sites";
    const metadata = { name: "home" };
    const site = { apiVersion: "example.dev/v1", kind: "Site", metadata, spec: { image: "web:1" } };
    const body = { kind: "value", value: site } as const;
    await expect
      .poll(
        () => client.request({ method: "POST", path, body }, context).then(() => "made", String),
        {
          timeout: 20_000,
        },
      )
      .toBe("made");
    const key = { namespace: "default", name: "home" };
    await expect
      .poll(() => client.get(Deployment, key, context).then(({ spec }) => spec.replicas, String), {
        timeout: 20_000,
      })
      .toBe(1);
    child.kill("SIGINT");
    const [exitCode] = (await once(child, "exit")) as [number | null];
    expect(exitCode).toBe(0);
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
