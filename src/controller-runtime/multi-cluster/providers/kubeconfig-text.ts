/** Kubeconfigs as texts: which contexts they have, and whether one has changed. */
import type { Files } from "../../../base/files.ts";
import { loadKubeconfig, type KubeconfigDeps } from "../../../client/node/kubeconfig.ts";
import { KubeconfigError } from "../../../client/node/kubeconfig-error.ts";
import { decodeYaml } from "../../../machinery/codec/yaml.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";

/** Longer kubeconfigs are refused. */
export const KUBECONFIG_BYTES_MAX = 1_048_576;

/** Where a kubeconfig from somewhere else than a file seems to be. */
const INLINE_PATH = "/kubeconfig";

export type KubeconfigText = {
  /** "": none. */
  readonly currentContext: string;
  readonly contexts: readonly string[];
  readonly value: Fields;
};

/** Throws `KubeconfigError`. `name`: for messages. */
export function readKubeconfig(content: Uint8Array, name: string): KubeconfigText {
  if (content.length > KUBECONFIG_BYTES_MAX) {
    throw new KubeconfigError(`${name}: longer than ${KUBECONFIG_BYTES_MAX} bytes`);
  }
  let value: unknown;
  try {
    value = decodeYaml(new TextDecoder().decode(content)).value;
  } catch (cause) {
    throw new KubeconfigError(`${name}: it is no YAML`, { cause });
  }
  if (!isFields(value)) throw new KubeconfigError(`${name}: a kubeconfig is a YAML mapping`);
  const current = own(value, "current-context");
  const contexts = itemsOf(value, "contexts").flatMap((item) => {
    const context = own(item, "name");
    return typeof context === "string" ? [context] : [];
  });
  return { currentContext: typeof current === "string" ? current : "", contexts, value };
}

/**
 * Another one when anything changes that a context uses, files that it names included; tokens in
 * files are not among them, as they are read anew for each request. Throws `KubeconfigError`.
 */
export async function fingerprintOf(
  { value }: KubeconfigText,
  location: { readonly path: string; readonly context: string },
  access: KubeconfigDeps,
): Promise<string> {
  const { connection } = await loadKubeconfig(location, access);
  const context = named(value, "contexts", "context", location.context);
  const cluster = named(value, "clusters", "cluster", context?.["cluster"]);
  const user = named(value, "users", "user", context?.["user"]);
  return JSON.stringify([context, cluster, user, connection]); // holds secrets: not to be shown
}

/**
 * For a kubeconfig that was not written by who runs this program: it has to hold all it needs. What
 * it names, files and programs of this machine, is refused.
 */
export function confinedAccess(content: Uint8Array): {
  readonly path: string;
  readonly access: KubeconfigDeps;
} {
  const files: Files = {
    read: (path) => Promise.resolve(path === INLINE_PATH ? content : undefined),
    write: () => Promise.reject(new KubeconfigError("it is only read")),
    list: () => Promise.resolve([]),
    remove: () => Promise.reject(new KubeconfigError("it is only read")),
  };
  return { path: INLINE_PATH, access: { files } };
}

function named(value: Fields, list: string, field: string, name: unknown): Fields | undefined {
  const item = itemsOf(value, list).find((one) => own(one, "name") === name);
  const fields = item === undefined ? undefined : own(item, field);
  return isFields(fields) ? fields : undefined;
}

function itemsOf(value: Fields, list: string): readonly Fields[] {
  const items = own(value, list);
  return Array.isArray(items) ? items.filter((item: unknown) => isFields(item)) : [];
}
