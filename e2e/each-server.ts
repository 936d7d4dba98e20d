/**
 * One test, three servers: this program in-process, this program over HTTPS, and any other
 * Kubernetes API server that SETPOINT_CLUSTER names by its kubeconfig (skipped without).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import type { Env } from "../src/base/env.ts";
import type { Client } from "../src/client/client.ts";
import { clientFromKubeconfig } from "../src/client/node/connect.ts";
import { createControlPlane, type ControlPlane } from "../src/control-plane/control-plane.ts";

/** What is tried on a server; by default the same in-process as over a connection. */
export type Trial = {
  readonly env: Env;
  readonly inProcess: (client: Client) => Promise<void>;
  readonly connected?: (client: Client) => Promise<void>;
  /** Of each of the tests (default: that of the configuration). */
  readonly timeoutMs?: number;
};

/** `title` goes before the name of each server. */
export function onEachServer(title: string, trial: Trial): void {
  const { env, inProcess, connected = inProcess, timeoutMs } = trial;
  describe(title, () => {
    let plane: ControlPlane;
    const folder = mkdtempSync(join(tmpdir(), "setpoint-anywhere-"));
    beforeAll(async () => {
      plane = await createControlPlane({ serve: {}, directory: folder });
    });
    afterAll(async () => {
      await plane.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test("this program, in-process", () => inProcess(plane.client), timeoutMs);

    const over = async (path: string): Promise<void> =>
      connected(await clientFromKubeconfig({ path, env }));
    test("this program, over HTTPS", () => over(join(folder, "kubeconfig")), timeoutMs);

    const cluster = process.env["SETPOINT_CLUSTER"];
    const another = test.skipIf(cluster === undefined);
    another("another server: SETPOINT_CLUSTER", () => over(cluster ?? ""), timeoutMs);
  });
}
