/** The environment of a container: envFrom first, then env in order, with `$(NAME)` expanded. */
import type {
  Container,
  EnvFromSource,
  EnvVarSource,
  Pod,
} from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { compareText } from "../../machinery/key.ts";
import type { EnvEntry } from "../runtime/runtime.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigSource } from "./config-source.ts";
import { expandReferences } from "./expansion.ts";
import {
  podFieldValue,
  resourceFieldValue,
  type Allocatable,
  type PodAddresses,
} from "./field-refs.ts";

export type EnvDeps = {
  readonly config: ConfigSource;
  readonly addresses: PodAddresses;
  readonly allocatable: Allocatable;
};

const decoder = new TextDecoder();

/**
 * `given` comes first: it can be referred to, and overridden. Throws `ConfigError` for what is
 * missing and not optional.
 */
export async function resolveEnv(
  pod: Pod,
  container: Container,
  given: readonly EnvEntry[],
  deps: EnvDeps,
  context: Context,
): Promise<readonly EnvEntry[]> {
  const values = new Map(given.map(({ name, value }) => [name, value]));
  for (const source of container.envFrom ?? []) {
    for (const [name, text] of await readEnvFrom(pod, source, deps, context)) {
      if (isEnvName(name)) values.set(name, text);
    }
  }
  for (const variable of container.env ?? []) {
    const from = variable.valueFrom;
    const isPlain = from === undefined || (variable.value ?? "") !== "";
    const text = isPlain
      ? expandReferences(variable.value ?? "", (name) => values.get(name))
      : await readValueFrom(pod, container, from, deps, context);
    if (text !== undefined) values.set(variable.name, text);
  }
  return [...values].map(([name, value]) => ({ name, value }));
}

/** Names an environment can hold; keys of a ConfigMap that are none are left out. */
function isEnvName(name: string): boolean {
  return name !== "" && !name.includes("=") && !name.includes("\0");
}

async function readEnvFrom(
  pod: Pod,
  source: EnvFromSource,
  deps: EnvDeps,
  context: Context,
): Promise<readonly (readonly [string, string])[]> {
  const prefix = source.prefix ?? "";
  const reference = source.configMapRef ?? source.secretRef;
  if (reference === undefined) return [];
  const kind = source.configMapRef === undefined ? "Secret" : "ConfigMap";
  const name = reference.name ?? "";
  const data = await readData(pod, kind, name, deps, context);
  if (data === undefined) {
    if (reference.optional === true) return [];
    throw new ConfigError(`${kind.toLowerCase()} "${name}" not found`);
  }
  return [...data]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, text]) => [prefix + key, text] as const);
}

async function readValueFrom(
  pod: Pod,
  container: Container,
  from: EnvVarSource,
  deps: EnvDeps,
  context: Context,
): Promise<string | undefined> {
  if (from.fieldRef !== undefined) {
    return podFieldValue(pod, from.fieldRef.fieldPath, deps.addresses);
  }
  if (from.resourceFieldRef !== undefined) {
    const named = from.resourceFieldRef.containerName ?? "";
    const target = named === "" ? container : (findContainer(pod, named) ?? container);
    return resourceFieldValue(target, from.resourceFieldRef, deps.allocatable);
  }
  const reference = from.configMapKeyRef ?? from.secretKeyRef;
  if (reference === undefined) throw new ConfigError("the source of a variable is not supported");
  const kind = from.configMapKeyRef === undefined ? "Secret" : "ConfigMap";
  const name = reference.name ?? "";
  const data = await readData(pod, kind, name, deps, context);
  const text = data?.get(reference.key);
  if (text !== undefined || reference.optional === true) return text;
  throw data === undefined
    ? new ConfigError(`${kind.toLowerCase()} "${name}" not found`)
    : new ConfigError(
        `couldn't find key ${reference.key} in ${kind} ${pod.metadata.namespace}/${name}`,
      );
}

/** The container of this name, init containers included. */
export function findContainer(pod: Pod, name: string): Container | undefined {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(
    (container) => container.name === name,
  );
}

/** What a Secret or a ConfigMap of the pod's namespace holds, as text; undefined: there is none. */
async function readData(
  pod: Pod,
  kind: "Secret" | "ConfigMap",
  name: string,
  deps: EnvDeps,
  context: Context,
): Promise<ReadonlyMap<string, string> | undefined> {
  const key = { namespace: pod.metadata.namespace ?? "", name };
  if (kind === "ConfigMap") {
    const found = await deps.config.configMap(key, context);
    return found === undefined ? undefined : new Map(Object.entries(found.data ?? {}));
  }
  const found = await deps.config.secret(key, context);
  if (found === undefined) return undefined;
  const entries = Object.entries(found.data ?? {});
  return new Map(entries.map(([entry, text]) => [entry, decoder.decode(base64Bytes(text))]));
}

/** The bytes a Secret's or ConfigMap's base64 text stands for. */
export function base64Bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0);
}
