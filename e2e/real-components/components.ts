/** The real kube-controller-manager and kube-scheduler, at work on this program's API server. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { KUBECTL, processesOf, PROGRAM, SetpointProcess } from "../setpoint-process.ts";

const NAMES = ["kube-controller-manager", "kube-scheduler"] as const;

/** The folder that SETPOINT_KUBE_BINARIES names, if both programs are in it. */
export const BINARIES: string | undefined = [process.env["SETPOINT_KUBE_BINARIES"] ?? ""]
  .filter((folder) => folder !== "")
  .find((folder) => NAMES.every((name) => existsSync(join(folder, name))));

/** The kubectl beside them, or one on PATH. */
export const REAL_KUBECTL: string | undefined =
  BINARIES !== undefined && existsSync(join(BINARIES, "kubectl"))
    ? join(BINARIES, "kubectl")
    : KUBECTL;

/** Who comes with which token. */
const USERS = [
  { token: "of-the-manager", user: "system:kube-controller-manager", groups: "" },
  { token: "of-the-scheduler", user: "system:kube-scheduler", groups: "" },
  { token: "of-the-node", user: "system:node:node-1", groups: "system:nodes" },
] as const;

/** An API server of this program with the controllers, scheduler and a node beside it. */
export class RealComponents {
  readonly plane: SetpointProcess;
  readonly #children: ChildProcess[] = [];

  private constructor(plane: SetpointProcess) {
    this.plane = plane;
  }

  static async start(folder: string): Promise<RealComponents> {
    const tokens = join(folder, "tokens");
    const lines = USERS.map(({ token, user, groups }) => `${token},${user},${user},"${groups}"`);
    writeFileSync(tokens, lines.join("\n"));
    const plane = await SetpointProcess.start({
      data: join(folder, "data"),
      args: ["--no-controllers", "--token-auth-file", tokens],
      expected: /Ctrl-C stops everything/,
    });
    const components = new RealComponents(plane);
    await components.#startAll();
    return components;
  }

  /** What a component has logged. */
  log(name: string): string {
    return readFileSync(this.#logOf(name), "utf8");
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map(ended));
    for (const pid of processesOf(join(this.plane.data, "nodes"))) process.kill(pid, "SIGKILL");
    await this.plane.dispose();
  }

  async #startAll(): Promise<void> {
    const { data } = this.plane;
    const pki = join(data, "pki");
    const manager = this.#kubeconfig("of-the-manager");
    const scheduler = this.#kubeconfig("of-the-scheduler");
    this.#run(NAMES[0], join(BINARIES ?? "", NAMES[0]), [
      ...(await ownServing(manager, join(data, "manager"))),
      "--use-service-account-credentials",
      `--service-account-private-key-file=${join(pki, "sa.key")}`,
      `--root-ca-file=${join(pki, "ca.crt")}`,
      `--cluster-signing-cert-file=${join(pki, "ca.crt")}`,
      `--cluster-signing-key-file=${join(pki, "ca.key")}`,
      "--controllers=*,bootstrapsigner,tokencleaner",
    ]);
    this.#run(NAMES[1], join(BINARIES ?? "", NAMES[1]), [
      ...(await ownServing(scheduler, join(data, "scheduler"))),
    ]);
    const directory = join(data, "nodes", "node-1");
    const node = ["node", "--name", "node-1", "--directory", directory, "--index", "7"];
    const kubeconfig = this.#kubeconfig("of-the-node");
    this.#run("node", process.execPath, [PROGRAM, "--kubeconfig", kubeconfig, ...node]);
  }

  /** A kubeconfig of the user with this token. */
  #kubeconfig(token: string): string {
    const { data, kubeconfig } = this.plane;
    const server = /server: (\S+)/.exec(readFileSync(kubeconfig, "utf8"))?.[1] ?? "";
    const authority = readFileSync(join(data, "pki", "ca.crt")).toString("base64");
    const path = join(data, `kubeconfig-${token}`);
    const value = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server, "certificate-authority-data": authority } }],
      users: [{ name: "u", user: { token } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    };
    writeFileSync(path, JSON.stringify(value));
    return path;
  }

  #run(name: string, program: string, args: readonly string[]): void {
    const child = spawn(
      "sh",
      ["-c", `exec "$0" "$@" > '${this.#logOf(name)}' 2>&1`, program, ...args],
      {
        stdio: "ignore",
        cwd: this.plane.data,
      },
    );
    this.#children.push(child);
  }

  #logOf(name: string): string {
    return join(this.plane.data, `${name}.log`);
  }
}

/** Where a component answers for its health, and what it asks with. */
async function ownServing(kubeconfig: string, folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${await freePort()}`,
    `--cert-dir=${folder}`,
    "--v=2",
  ];
}

/** A port that nobody has at the moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await end;
  clearTimeout(timer);
}
