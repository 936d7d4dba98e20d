/**
 * The sandboxes of a node: per pod an address, a directory and a record on disk. A process needs no
 * more of a frame, so a sandbox is ready until it is stopped or the machine is started anew.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../../base/env.ts";
import {
  RuntimeError,
  type PodFilter,
  type RuntimeSandbox,
  type SandboxConfig,
  type SandboxId,
} from "../runtime.ts";
import { listeningAddresses, type AddressPool } from "./address-pool.ts";
import {
  makePrivate,
  readSandboxRecord,
  readText,
  segment,
  writeRecord,
  type SandboxRecord,
} from "./state-files.ts";

const SANDBOX_FILE = "sandbox.json";

export type SandboxTableDeps = {
  readonly env: Env;
  readonly addresses: AddressPool;
  readonly bootId: string;
};

export class SandboxTable {
  /** Has a directory per pod. */
  readonly root: string;
  readonly #deps: SandboxTableDeps;
  /** By pod uid: the newest sandbox. */
  readonly #records = new Map<string, SandboxRecord>();

  constructor(root: string, deps: SandboxTableDeps) {
    this.root = root;
    this.#deps = deps;
  }

  directoryOf(podUid: string): string {
    return join(this.root, segment(podUid));
  }

  /** Reads what an earlier agent left. Answers the uids of the pods it found. */
  async load(): Promise<readonly string[]> {
    await makePrivate(this.root);
    const found: string[] = [];
    for (const uid of await readdir(this.root)) {
      const directory = join(this.root, uid);
      const record = await readSandboxRecord(join(directory, SANDBOX_FILE));
      if (record === undefined) {
        await rm(directory, { recursive: true, force: true }); // nothing was started in it yet
        continue;
      }
      this.#records.set(uid, record);
      if (this.#isReady(record)) this.#deps.addresses.keep(record.ip);
      found.push(uid);
    }
    return found;
  }

  /** Makes a sandbox for a pod that has none that is ready. */
  async run(config: SandboxConfig): Promise<SandboxId> {
    const { uid, name } = config.pod;
    const old = this.#records.get(uid);
    if (old !== undefined && this.#isReady(old)) {
      throw new RuntimeError("create-failed", `pod ${name} has a sandbox`);
    }
    const directory = this.directoryOf(uid);
    const { addresses, bootId, env } = this.#deps;
    // Another control plane of this machine may give out addresses of the same range.
    const ip = addresses.take(listeningAddresses((await readText("/proc/net/tcp")) ?? ""));
    if (ip === undefined) {
      throw new RuntimeError("create-failed", "all pod addresses of this node are in use");
    }
    const createdAtMs = env.clock.now();
    const record: SandboxRecord = { config, ip, createdAtMs, bootId, isStopped: false };
    await makePrivate(directory);
    await writeRecord(join(directory, SANDBOX_FILE), record);
    await mkdir(config.logDirectory, { recursive: true, mode: 0o755 });
    this.#records.set(uid, record);
    return idOf(record);
  }

  /** The record of a sandbox, unless a newer one has taken its place. */
  find(id: SandboxId): SandboxRecord | undefined {
    const record = this.#records.get(id.slice(0, id.lastIndexOf("_")));
    return record !== undefined && idOf(record) === id ? record : undefined;
  }

  /** The record of a sandbox that containers can be made in. */
  ready(id: SandboxId): SandboxRecord {
    const record = this.find(id);
    if (record !== undefined && this.#isReady(record)) return record;
    throw new RuntimeError("not-found", `there is no sandbox ${id}`);
  }

  /** Called when nothing runs in it any more. */
  async markStopped(record: SandboxRecord): Promise<void> {
    if (record.isStopped) return;
    const { uid } = record.config.pod;
    const stopped = { ...record, isStopped: true };
    await writeRecord(join(this.directoryOf(uid), SANDBOX_FILE), stopped);
    this.#records.set(uid, stopped);
    if (record.bootId === this.#deps.bootId) this.#deps.addresses.give(record.ip);
  }

  async remove(record: SandboxRecord): Promise<void> {
    const { uid } = record.config.pod;
    await rm(this.directoryOf(uid), { recursive: true, force: true });
    this.#records.delete(uid);
  }

  list({ podUid }: PodFilter): readonly RuntimeSandbox[] {
    return [...this.#records.values()]
      .filter(({ config }) => podUid === undefined || config.pod.uid === podUid)
      .map((record) => this.#describe(record));
  }

  #isReady(record: SandboxRecord): boolean {
    return !record.isStopped && record.bootId === this.#deps.bootId;
  }

  #describe(record: SandboxRecord): RuntimeSandbox {
    const { pod, attempt, logDirectory, labels } = record.config;
    const { ip, createdAtMs } = record;
    const state = this.#isReady(record) ? "ready" : "not-ready";
    return { id: idOf(record), pod, attempt, state, ip, logDirectory, createdAtMs, labels };
  }
}

function idOf({ config }: SandboxRecord): SandboxId {
  return `${config.pod.uid}_${config.attempt}`;
}
