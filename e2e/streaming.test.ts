/** Commands in containers and ports of pods, with a real kubectl over what it speaks by itself. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  eventually,
  KUBECTL,
  SetpointProcess,
  WEB_IMAGES,
  WEB_MANIFESTS,
} from "./setpoint-process.ts";

describe.skipIf(KUBECTL === undefined)("kubectl, connected to a pod", () => {
  let plane: SetpointProcess;
  let pod: string;
  let folder: string;

  beforeAll(async () => {
    const args = ["--image-dir", WEB_IMAGES, "-f", WEB_MANIFESTS];
    plane = await SetpointProcess.start({ args, expected: /Ctrl-C stops everything/ });
    pod = (await plane.kubectl("get", "pods", "-o", "name")).stdout.split("\n")[0] ?? "";
    folder = mkdtempSync(join(tmpdir(), "setpoint-e2e-cp-"));
  }, 60_000);
  afterAll(async () => {
    await plane.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("exec tells output, errors and exit code apart", async () => {
    const script = "echo out; echo err >&2; exit 5";
    const ran = await plane.kubectl("exec", pod, "--", "sh", "-c", script);
    expect(ran.code).toBe(5);
    expect(ran.stdout).toBe("out\n");
    expect(ran.stderr).toContain("err\n");
    expect(ran.stderr).toContain("command terminated with exit code 5");
  });

  test("exec passes input on, whole, and its end", async () => {
    const text = "0123456789abcdef\n".repeat(50_000);
    const input = join(folder, "input");
    writeFileSync(input, text);
    const { code, stdout } = await piped(`${kubectl()} exec -i ${pod} -- cat < ${input}`);
    expect(code).toBe(0);
    expect(stdout === text).toBe(true);
  });

  test("exec says what cannot be", async () => {
    const noContainer = await plane.kubectl("exec", pod, "-c", "nope", "--", "ls");
    expect(noContainer.stderr).toContain("container nope is not valid for pod web-");
    const noPod = await plane.kubectl("exec", "nope", "--", "ls");
    expect(noPod.stderr).toContain('pods "nope" not found');
  });

  test("cp copies there and back", async () => {
    const [there, back] = [join(folder, "there"), join(folder, "back")];
    writeFileSync(there, "copied");
    const name = pod.replace("pod/", "");
    expect((await plane.kubectl("cp", there, `${name}:/tmp/copy`)).code).toBe(0);
    expect((await plane.kubectl("cp", `${name}:/tmp/copy`, back)).code).toBe(0);
    expect(readFileSync(back, "utf8")).toBe("copied");
  });

  test("port-forward carries connections, one after another and at once", async () => {
    const forward = started(["port-forward", pod, ":8080"]);
    try {
      const port = await eventually(() => {
        const found = /127\.0\.0\.1:(\d+) -> 8080/.exec(forward.output())?.[1];
        if (found === undefined) throw new Error(forward.output());
        return found;
      });
      const url = `http://127.0.0.1:${port}/`;
      expect(await (await fetch(url)).text()).toMatch(/^Hello from web-/);
      const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    } finally {
      forward.kill();
    }
  });

  test("attach shows what the container says from then on", async () => {
    const attached = started(["attach", pod]);
    try {
      await eventually(async () => {
        await callPod();
        expect(attached.output()).toContain("GET / 200");
      });
    } finally {
      attached.kill();
    }
  });

  test("attach to a container that fails tells what it said", async () => {
    const command = ["--command", "--", "sh", "-c", "sleep 2; echo told; exit 3"];
    const flags = ["--image=host", "--restart=Never", "-i", "--rm"];
    const { stdout, stderr } = await plane.kubectl("run", "failing", ...flags, ...command);
    expect(stdout).toContain("told");
    expect(stderr).not.toContain("couldn't attach");
  });

  async function callPod(): Promise<void> {
    const { status } = await plane.kubectlJson<{ status: { podIP: string } }>("get", pod);
    await fetch(`http://${status.podIP}:8080/`);
  }

  function kubectl(): string {
    return `${KUBECTL} --kubeconfig ${plane.kubeconfig}`;
  }

  function started(args: readonly string[]): {
    readonly output: () => string;
    readonly kill: () => void;
  } {
    const child = spawn(KUBECTL ?? "", ["--kubeconfig", plane.kubeconfig, ...args]);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    }
    return { output: () => output, kill: () => void child.kill() };
  }
});

function piped(command: string): Promise<{ readonly code: number; readonly stdout: string }> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "inherit"] });
    const parts: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => void parts.push(chunk));
    child.once("close", (code) => {
      resolve({ code: code ?? -1, stdout: Buffer.concat(parts).toString("utf8") });
    });
  });
}
