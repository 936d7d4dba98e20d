/** The built program as a black box: started, talked to, stopped or killed like a user would. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "..");
export const PROGRAM: string = join(ROOT, "dist/cli/main.js");
export const WEB_MANIFESTS: string = join(ROOT, "examples/web/manifests");
export const WEB_IMAGES: string = join(ROOT, "examples/web/images");

/** How a command ended. */
export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A kubectl on PATH, or undefined: then the tests that need it are skipped, visibly. */
export const KUBECTL: string | undefined = (process.env["PATH"] ?? "")
  .split(":")
  .map((folder) => join(folder, "kubectl"))
  .find((path) => existsSync(path));

export class SetpointProcess {
  readonly data: string;
  readonly #child: ChildProcess;
  #output = "";
  readonly #ended: Promise<number>;

  private constructor(data: string, args: readonly string[]) {
    this.data = data;
    this.#child = spawn(process.execPath, [PROGRAM, "--data", data, "up", "--port", "0", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const keep = (chunk: Buffer): void => {
      this.#output += chunk.toString("utf8");
    };
    this.#child.stdout?.on("data", keep);
    this.#child.stderr?.on("data", keep);
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => resolve(signal === null ? (code ?? -1) : -1));
    });
  }

  /** Starts `up` and waits until it says `expected`. `data` is made if none is given. */
  static async start(options: {
    readonly data?: string;
    readonly args: readonly string[];
    readonly expected: RegExp;
    readonly withinMs?: number;
  }): Promise<SetpointProcess> {
    const data = options.data ?? mkdtempSync(join(tmpdir(), "setpoint-e2e-"));
    const started = new SetpointProcess(data, options.args);
    await started.says(options.expected, options.withinMs ?? 60_000);
    return started;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get output(): string {
    return this.#output;
  }

  get kubeconfig(): string {
    return join(this.data, "kubeconfig");
  }

  /** Waits until the output matches; throws with the output when it ends or time is up. */
  async says(expected: RegExp, withinMs: number): Promise<void> {
    let hasEnded = false;
    void this.#ended.then(() => {
      hasEnded = true;
    });
    await eventually(() => {
      if (expected.test(this.#output)) return;
      throw new Error(
        `${hasEnded ? "ended" : "still running"} without ${String(expected)}:\n${this.#output}`,
      );
    }, withinMs);
  }

  /** Runs a command of the program itself against this server. */
  setpoint(...args: readonly string[]): Promise<Ran> {
    return run(process.execPath, [PROGRAM, "--data", this.data, ...args]);
  }

  kubectl(...args: readonly string[]): Promise<Ran> {
    return run(KUBECTL ?? "kubectl", ["--kubeconfig", this.kubeconfig, ...args]);
  }

  /** The output of kubectl as JSON; throws when it fails. */
  async kubectlJson<T>(...args: readonly string[]): Promise<T> {
    const ran = await this.kubectl(...args, "-o", "json");
    if (ran.code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${ran.stderr}`);
    return JSON.parse(ran.stdout) as T;
  }

  /** Ctrl-C. Answers the exit code. */
  async interrupt(): Promise<number> {
    this.#child.kill("SIGINT");
    return this.#ended;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Stops what still runs and removes the data. For the end of a test. */
  async dispose(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill("SIGINT");
      await Promise.race([this.#ended, new Promise((resolve) => setTimeout(resolve, 20_000))]);
      this.#child.kill("SIGKILL");
    }
    for (const pid of processesOf(this.data)) process.kill(pid, "SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Every process that names `text` (a data folder) in its command line or environment. */
export function processesOf(text: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        const files = ["cmdline", "environ"].map((file) =>
          readFileSync(`/proc/${name}/${file}`, "utf8"),
        );
        return files.some((content) => content.includes(text));
      } catch {
        return false; // it ended while we looked
      }
    })
    .map(Number);
}

/** Calls `check` until it passes; throws its last error when time is up. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  withinMs: number = 30_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function run(command: string, args: readonly string[]): Promise<Ran> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, [...args], {
      maxBuffer: 2 ** 26,
      timeout: 120_000,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string };
    return {
      code: typeof failed.code === "number" ? failed.code : -1,
      stdout: failed.stdout ?? "",
      stderr: failed.stderr ?? String(error),
    };
  }
}
