/** A folder with a kubeconfig of its own, where the lines of a group are run. */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { eventually, type Ran, type SetpointProcess } from "../setpoint-process.ts";
import type { Expected, Group, Line } from "./line.ts";

/** What a single command may take. Above what kubectl itself waits for in any line. */
const LINE_MS_MAX = 40_000;
/** What client libraries log about watches that they end themselves. */
const NOISE = /^I\d{4} .*reflector\.go.*\n/gm;

export class Workplace {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#env = env;
  }

  /** With the files of the group, and a namespace named like it. `clients` go first on PATH. */
  static async of(
    plane: SetpointProcess,
    group: Group,
    clients: readonly string[],
  ): Promise<Workplace> {
    const folder = mkdtempSync(join(tmpdir(), `setpoint-${group.name}-`));
    for (const [name, content] of Object.entries(group.files ?? {})) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    copyFileSync(plane.kubeconfig, join(folder, "kubeconfig"));
    const made = new Workplace(folder, {
      PATH: [...clients, dirname(process.execPath), process.env["PATH"] ?? ""].join(":"),
      HOME: folder,
      KUBECONFIG: join(folder, "kubeconfig"),
      KUBECACHEDIR: join(plane.data, "kube-cache"),
      NS: group.name,
    });
    const setUp =
      "kubectl create namespace $NS && kubectl config set-context --current --namespace $NS";
    const ran = await made.#shell({ run: setUp });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return made;
  }

  /** Runs a line, and expects what it says. */
  async holds(line: Line): Promise<void> {
    const once = async (): Promise<void> => {
      const { code, stdout, stderr } = await this.#shell(line);
      const context = `${line.run}\n--- stdout\n${stdout}\n--- stderr\n${stderr}\n---`;
      expect(code, context).toBe(line.code ?? 0);
      if (line.says !== undefined) check(stdout, line.says, context);
      check(stderr.replace(NOISE, ""), line.warns ?? "", context);
    };
    await (line.until === undefined ? once() : eventually(once));
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #shell(line: Pick<Line, "run" | "input">): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.#folder, env: this.#env, timeout: LINE_MS_MAX } as const;
      const child = spawn("sh", ["-c", line.run], options);
      const output = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const) {
        child[stream].setEncoding("utf8").on("data", (text: string) => {
          output[stream] += text;
        });
      }
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? -1, ...output }));
      child.stdin.on("error", () => undefined); // it ended without reading
      child.stdin.end(line.input ?? "");
    });
  }
}

function check(output: string, expected: Expected, context: string): void {
  if (typeof expected === "string") {
    expect(output.trimEnd(), context).toBe(expected);
    return;
  }
  for (const pattern of [expected].flat()) expect(output, context).toMatch(pattern);
}
