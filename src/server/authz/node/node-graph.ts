/**
 * What each node has to do with: the pods on it, what these refer to, and volumes behind their
 * claims. Read from the store as far as nodes ask; a server without nodes never builds it.
 */
import type { PersistentVolume, Pod } from "../../../apis/core/v1/types.generated.ts";
import type { Log } from "../../../base/env.ts";
import { StoreFollower, type StoreView } from "../../registry/store-follower.ts";
import type { Entry, Store } from "../../../store/store.ts";
import { referencesOf } from "./pod-references.ts";

/** Names of things: `secrets/NAMESPACE/NAME`, or `persistentvolumes//NAME`. */
type Thing = string;

export class NodeGraph {
  readonly #follower: StoreFollower;
  /** Nodes that need a thing, with the number of reasons for it. */
  readonly #needs = new Map<Thing, Map<string, number>>();
  /** By store key, what an object has added to the above. */
  readonly #added = new Map<string, { readonly node: string; readonly things: readonly Thing[] }>();
  /** Of volumes by store key: the claim that has it, and the secrets it is reached with. */
  readonly #volumes = new Map<
    string,
    { readonly claim: Thing; readonly secrets: readonly Thing[] }
  >();

  constructor(deps: { readonly store: Store; readonly log: Log }) {
    this.#follower = new StoreFollower(deps, [
      this.#view("/registry/core/pods/", podNeeds),
      this.#view("/registry/storage.k8s.io/volumeattachments/", objectOfNode("volumeattachments")),
      this.#view("/registry/resource.k8s.io/resourceslices/", objectOfNode("resourceslices")),
      this.#volumeView("/registry/core/persistentvolumes/"),
    ]);
  }

  /** Resolves when all that was written so far counts; undefined: it does already. */
  catchUp(): Promise<void> | undefined {
    return this.#follower.catchUp();
  }

  /** Whether the node has to do with the object. */
  isRelated(node: string, resource: string, namespace: string, name: string): boolean {
    const thing = thingOf(resource, namespace, name);
    if (this.#isNeeded(node, thing)) return true;
    for (const [key, { claim, secrets }] of this.#volumes) {
      const isVolume = resource === "persistentvolumes" && key.endsWith(`/${name}`);
      if (!isVolume && !secrets.includes(thing)) continue;
      if (this.#isNeeded(node, claim)) return true;
    }
    return false;
  }

  #isNeeded(node: string, thing: Thing): boolean {
    return (this.#needs.get(thing)?.get(node) ?? 0) > 0;
  }

  #view(
    prefix: string,
    read: (entry: Entry) => { readonly node: string; readonly things: readonly Thing[] },
  ): StoreView {
    return {
      prefix,
      clear: () => {
        for (const key of this.#added.keys()) if (key.startsWith(prefix)) this.#remove(key);
      },
      put: (entry) => {
        this.#remove(entry.key);
        const added = read(entry);
        if (added.node === "") return;
        this.#added.set(entry.key, added);
        for (const thing of added.things) this.#count(thing, added.node, 1);
      },
      remove: (key) => this.#remove(key),
    };
  }

  #volumeView(prefix: string): StoreView {
    return {
      prefix,
      clear: () => this.#volumes.clear(),
      put: (entry) => {
        this.#volumes.delete(entry.key);
        const { claimRef, ...spec } = decode<PersistentVolume>(entry).spec ?? {};
        if (claimRef === undefined) return;
        const { namespace = "", name = "" } = claimRef;
        const claim = thingOf("persistentvolumeclaims", namespace, name);
        this.#volumes.set(entry.key, { claim, secrets: secretsOf(spec, namespace) });
      },
      remove: (key) => this.#volumes.delete(key),
    };
  }

  #remove(key: string): void {
    const added = this.#added.get(key);
    if (added === undefined) return;
    this.#added.delete(key);
    for (const thing of added.things) this.#count(thing, added.node, -1);
  }

  #count(thing: Thing, node: string, by: number): void {
    const nodes = this.#needs.get(thing) ?? new Map<string, number>();
    const count = (nodes.get(node) ?? 0) + by;
    if (count > 0) nodes.set(node, count);
    else nodes.delete(node);
    if (nodes.size > 0) this.#needs.set(thing, nodes);
    else this.#needs.delete(thing);
  }
}

function thingOf(resource: string, namespace: string, name: string): Thing {
  return `${resource}/${namespace}/${name}`;
}

function podNeeds(entry: Entry): { readonly node: string; readonly things: readonly Thing[] } {
  const pod = decode<Pod>(entry);
  const { namespace = "", name = "" } = pod.metadata;
  const things = referencesOf(pod).map((each) => thingOf(each.resource, namespace, each.name));
  return {
    node: pod.spec.nodeName ?? "",
    things: [...new Set([...things, thingOf("pods", namespace, name)])],
  };
}

type OfNode = {
  readonly metadata: { readonly name?: string };
  readonly spec?: { readonly nodeName?: string };
};

function objectOfNode(resource: string) {
  return (entry: Entry): { readonly node: string; readonly things: readonly Thing[] } => {
    const { metadata, spec } = decode<OfNode>(entry);
    return { node: spec?.nodeName ?? "", things: [thingOf(resource, "", metadata.name ?? "")] };
  };
}

/** Secrets in any part of a volume's source; without a namespace, in that of the claim. */
function secretsOf(spec: object, home: string): readonly Thing[] {
  return Object.values(spec).flatMap((source: unknown) => {
    if (typeof source !== "object" || source === null) return [];
    return Object.entries(source).flatMap(([key, value]: [string, unknown]) => {
      if (key === "secretName" && typeof value === "string") {
        return [thingOf("secrets", home, value)];
      }
      if (!/SecretRef$|^secretRef$/.test(key) || !isReference(value)) return [];
      return [thingOf("secrets", value.namespace ?? home, value.name)];
    });
  });
}

function isReference(
  value: unknown,
): value is { readonly name: string; readonly namespace?: string } {
  return typeof value === "object" && value !== null && "name" in value;
}

const decoder = new TextDecoder();

/** What the server stores was decoded and validated as its kind. */
function decode<T>(entry: Entry): T {
  return JSON.parse(decoder.decode(entry.value)) as T;
}
