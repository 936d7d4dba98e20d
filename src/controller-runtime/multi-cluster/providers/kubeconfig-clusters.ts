/** Clusters of kubeconfigs on the disk, followed as the files change. */
import type { Context } from "../../../base/context.ts";
import type { Files } from "../../../base/files.ts";
import { realFiles } from "../../../base/real/files.ts";
import { runProgram } from "../../../base/real/run-program.ts";
import type { KubeconfigDeps } from "../../../client/node/kubeconfig.ts";
import { KubeconfigError } from "../../../client/node/kubeconfig-error.ts";
import type { Cluster, ClusterProvider, ProviderDeps } from "../cluster.ts";
import { kubeconfigConnection } from "./kubeconfig-connection.ts";
import { fingerprintOf, readKubeconfig, type KubeconfigText } from "./kubeconfig-text.ts";

const CLUSTERS_MAX = 5_000;

const EVERY_MS = 10_000;

/** Which kubeconfigs tell of clusters, and how often they are looked at. */
export type KubeconfigClustersOptions = (
  | {
      /** A kubeconfig: each of its contexts is a cluster, under the name of the context. */
      readonly path: string;
      /** Only these contexts (default: all). */
      readonly contexts?: readonly string[];
    }
  /**
   * A folder of kubeconfigs: the current context of each is a cluster, under the name of the file
   * without its ending. Files whose names begin with a dot are left out.
   */
  | { readonly folder: string }
) & {
  /** How often the files are looked at, in milliseconds (default 10 s). */
  readonly everyMs?: number;
  /** Files of a folder, and contexts of a file, that count; the first ones (default 5,000). */
  readonly clustersMax?: number;
  /** Default: the local disk. */
  readonly files?: Files;
};

/** One place where a cluster is described. */
type Place = { readonly name: string; readonly path: string; readonly context: string };

/**
 * Clusters of a kubeconfig or of a folder of them. A file that cannot be read, or has become
 * nonsense, changes nothing for the clusters that it told of before; a file that is gone does.
 */
export function kubeconfigClusters(options: KubeconfigClustersOptions): ClusterProvider {
  const { everyMs = EVERY_MS, files = realFiles } = options;
  if (!(everyMs > 0)) throw new TypeError("everyMs: must be greater than 0");
  const where = "path" in options ? options.path : options.folder;
  return {
    name: `kubeconfigs of ${where}`,
    run: async (tell, deps, context) => {
      const look = new Look(options, files, deps);
      let last = "";
      while (!context.signal.aborted) {
        const clusters = await look.again(context);
        const text = JSON.stringify(clusters.map(({ name, fingerprint }) => [name, fingerprint]));
        if (text !== last) tell(clusters);
        last = text;
        await deps.env.timers.sleep(everyMs, context.signal).catch(() => undefined);
      }
    },
  };
}

class Look {
  readonly #options: KubeconfigClustersOptions;
  readonly #files: Files;
  readonly #access: KubeconfigDeps;
  /** By path: what it told of when it was last understood. */
  #known = new Map<string, readonly Cluster[]>();
  #complaints = new Set<string>();

  constructor(options: KubeconfigClustersOptions, files: Files, { env }: ProviderDeps) {
    this.#options = options;
    this.#files = files;
    this.#access = { files, credentials: { run: runProgram, clock: env.clock } };
  }

  async again(context: Context): Promise<readonly Cluster[]> {
    const before = this.#known;
    const complaints = new Set<string>();
    this.#known = new Map();
    for (const path of await this.#paths()) {
      try {
        const clusters = await this.#clustersOf(path);
        if (clusters !== undefined) this.#known.set(path, clusters);
      } catch (error) {
        const known = before.get(path);
        if (known !== undefined) this.#known.set(path, known);
        const complaint = `${path} ${String(error)}`;
        complaints.add(complaint);
        if (this.#complaints.has(complaint)) continue; // said already
        context.log.warn("a kubeconfig cannot be used; what it said before holds", { path, error });
      }
    }
    this.#complaints = complaints;
    return [...this.#known.values()].flat();
  }

  async #paths(): Promise<readonly string[]> {
    const options = this.#options;
    const { clustersMax = CLUSTERS_MAX } = options;
    if ("path" in options) return [options.path];
    const names = (await this.#files.list(options.folder)).filter((name) => !name.startsWith("."));
    return names.slice(0, clustersMax).map((name) => `${options.folder}/${name}`);
  }

  /** Undefined: there is no such file. */
  async #clustersOf(path: string): Promise<readonly Cluster[] | undefined> {
    const content = await this.#files.read(path);
    if (content === undefined) return undefined;
    const text = readKubeconfig(content, path);
    const clusters: Cluster[] = [];
    for (const place of this.#placesOf(path, text)) {
      clusters.push(await this.#clusterAt(place, text));
    }
    return clusters;
  }

  #placesOf(path: string, { currentContext, contexts }: KubeconfigText): readonly Place[] {
    const options = this.#options;
    const { clustersMax = CLUSTERS_MAX } = options;
    if ("path" in options) {
      const wanted = contexts.filter((name) => options.contexts?.includes(name) ?? true);
      return wanted.slice(0, clustersMax).map((name) => ({ name, path, context: name }));
    }
    if (currentContext === "") throw new KubeconfigError(`${path}: current-context is not set`);
    const name = path
      .slice(options.folder.length + 1)
      .replace(/\.(ya?ml|json|conf|config|kubeconfig)$/, "");
    return [{ name, path, context: currentContext }];
  }

  async #clusterAt({ name, path, context }: Place, text: KubeconfigText): Promise<Cluster> {
    const access = this.#access;
    const fingerprint = await fingerprintOf(text, { path, context }, access);
    const connect: Cluster["connect"] = (deps) =>
      kubeconfigConnection({ path, context }, deps, access);
    return { name, fingerprint, connect };
  }
}
