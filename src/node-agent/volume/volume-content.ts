/** What the volumes of a pod hold, from its spec and the objects it names. */
import type {
  ConfigMapVolumeSource,
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { compareText } from "../../machinery/key.ts";
import { ConfigError } from "../pod/config-error.ts";
import { base64Bytes, findContainer, type EnvDeps } from "../pod/container-env.ts";
import { podFieldValue, resourceFieldValue } from "../pod/field-refs.ts";
import type { VolumeContent, VolumeFile } from "./volumes.ts";

const DEFAULT_MODE = 0o644;

const encoder = new TextEncoder();

/** Throws `ConfigError` for volumes of a kind this node has not, and for what is missing. */
export async function volumeContents(
  pod: Pod,
  deps: EnvDeps,
  context: Context,
): Promise<readonly VolumeContent[]> {
  const contents: VolumeContent[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    try {
      contents.push(await contentOf(pod, volume, deps, context));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new ConfigError(`volume "${volume.name}": ${error.message}`, { cause: error });
    }
  }
  return contents;
}

/** Whether a volume is made of objects that can change while the pod runs. */
export function hasLiveVolumes(pod: Pod): boolean {
  return (pod.spec.volumes ?? []).some(
    (volume) =>
      volume.configMap !== undefined ||
      volume.secret !== undefined ||
      volume.projected !== undefined ||
      volume.downwardAPI !== undefined,
  );
}

async function contentOf(
  pod: Pod,
  volume: Volume,
  deps: EnvDeps,
  context: Context,
): Promise<VolumeContent> {
  const { name } = volume;
  const reader = new SourceReader(pod, deps, context);
  if (volume.emptyDir !== undefined) return { kind: "empty", name };
  if (volume.hostPath !== undefined) {
    const { path, type = "" } = volume.hostPath;
    return { kind: "host", name, path, type };
  }
  if (volume.configMap !== undefined) {
    const mode = volume.configMap.defaultMode ?? DEFAULT_MODE;
    return { kind: "files", name, files: await reader.configMap(volume.configMap, mode) };
  }
  if (volume.secret !== undefined) {
    const { secretName, defaultMode, ...rest } = volume.secret;
    const source = { ...rest, ...(secretName === undefined ? {} : { name: secretName }) };
    return { kind: "files", name, files: await reader.secret(source, defaultMode ?? DEFAULT_MODE) };
  }
  if (volume.downwardAPI !== undefined) {
    const { items = [], defaultMode = DEFAULT_MODE } = volume.downwardAPI;
    return { kind: "files", name, files: reader.downwardApi(items, defaultMode) };
  }
  if (volume.projected !== undefined) {
    const { sources, defaultMode = DEFAULT_MODE } = volume.projected;
    const files: VolumeFile[] = [];
    for (const source of sources ?? [])
      files.push(...(await reader.projection(source, defaultMode)));
    return { kind: "files", name, files };
  }
  const kind = Object.keys(volume).find((field) => field !== "name") ?? "emptyDir";
  throw new ConfigError(
    `${kind} volumes are not supported by this node; supported are configMap, secret, emptyDir, ` +
      `downwardAPI, projected and hostPath`,
  );
}

type KeyedSource = Pick<ConfigMapVolumeSource, "name" | "items" | "optional">;

/** Reads the sources of one pod's volumes into files. */
class SourceReader {
  readonly #pod: Pod;
  readonly #deps: EnvDeps;
  readonly #context: Context;

  constructor(pod: Pod, deps: EnvDeps, context: Context) {
    this.#pod = pod;
    this.#deps = deps;
    this.#context = context;
  }

  async configMap(source: KeyedSource, mode: number): Promise<readonly VolumeFile[]> {
    const name = source.name ?? "";
    const found = await this.#deps.config.configMap(this.#keyOf(name), this.#context);
    if (found === undefined) return this.#missing("configmap", name, source);
    const text = Object.entries(found.data ?? {}).map(
      ([key, value]) => [key, encoder.encode(value)] as const,
    );
    const binary = Object.entries(found.binaryData ?? {}).map(
      ([key, value]) => [key, base64Bytes(value)] as const,
    );
    return filesOf(new Map([...text, ...binary]), source, mode);
  }

  async secret(source: KeyedSource, mode: number): Promise<readonly VolumeFile[]> {
    const name = source.name ?? "";
    const found = await this.#deps.config.secret(this.#keyOf(name), this.#context);
    if (found === undefined) return this.#missing("secret", name, source);
    const data = Object.entries(found.data ?? {}).map(
      ([key, value]) => [key, base64Bytes(value)] as const,
    );
    return filesOf(new Map(data), source, mode);
  }

  downwardApi(items: readonly DownwardAPIVolumeFile[], mode: number): readonly VolumeFile[] {
    return items.map((item) => ({
      path: safePath(item.path),
      content: encoder.encode(this.#downwardValue(item)),
      mode: item.mode ?? mode,
    }));
  }

  async accountToken(
    source: ServiceAccountTokenProjection,
    mode: number,
  ): Promise<readonly VolumeFile[]> {
    const token = await this.#deps.config.token(this.#pod, source, this.#context);
    return [{ path: safePath(source.path), content: encoder.encode(token), mode }];
  }

  async projection(source: VolumeProjection, mode: number): Promise<readonly VolumeFile[]> {
    if (source.configMap !== undefined) return this.configMap(source.configMap, mode);
    if (source.secret !== undefined) return this.secret(source.secret, mode);
    if (source.downwardAPI !== undefined) {
      return this.downwardApi(source.downwardAPI.items ?? [], mode);
    }
    if (source.serviceAccountToken !== undefined) {
      return this.accountToken(source.serviceAccountToken, mode);
    }
    const kind = Object.keys(source)[0] ?? "an empty source";
    throw new ConfigError(`projected ${kind} is not supported by this node`);
  }

  #downwardValue(item: DownwardAPIVolumeFile): string {
    if (item.fieldRef !== undefined) {
      return podFieldValue(this.#pod, item.fieldRef.fieldPath, this.#deps.addresses);
    }
    const selector = item.resourceFieldRef;
    const container = findContainer(this.#pod, selector?.containerName ?? "");
    if (selector === undefined || container === undefined) {
      throw new ConfigError(`item "${item.path}" names no field and no container's resource`);
    }
    return resourceFieldValue(container, selector, this.#deps.allocatable);
  }

  #keyOf(name: string): { readonly namespace: string; readonly name: string } {
    return { namespace: this.#pod.metadata.namespace ?? "", name };
  }

  #missing(kind: string, name: string, source: KeyedSource): readonly VolumeFile[] {
    if (source.optional === true) return [];
    throw new ConfigError(`${kind} "${name}" not found`);
  }
}

function filesOf(
  data: ReadonlyMap<string, Uint8Array>,
  source: KeyedSource,
  mode: number,
): readonly VolumeFile[] {
  if (source.items === undefined || source.items.length === 0) {
    return [...data]
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, content]) => ({ path: safePath(key), content, mode }));
  }
  return source.items.flatMap((item) => fileOf(data, item, source, mode));
}

function fileOf(
  data: ReadonlyMap<string, Uint8Array>,
  item: KeyToPath,
  source: KeyedSource,
  mode: number,
): readonly VolumeFile[] {
  const content = data.get(item.key);
  if (content !== undefined) {
    return [{ path: safePath(item.path), content, mode: item.mode ?? mode }];
  }
  if (source.optional === true) return [];
  throw new ConfigError(`references non-existent config key: ${item.key}`);
}

/** Refuses what would leave the volume or clash with its own bookkeeping. */
function safePath(path: string): string {
  const parts = path.split("/");
  const isSafe =
    !path.includes("\0") && parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (!isSafe || path.startsWith("..")) {
    throw new ConfigError(`"${path}" is not a relative path inside the volume`);
  }
  return path;
}
