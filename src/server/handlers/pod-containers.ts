/** Which container of a pod is meant, and on which node it is: for logs, commands and ports. */
import type { Context } from "../../base/context.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { badRequest, notFound } from "../../machinery/status.ts";
import { storeKey } from "../registry/resource.ts";
import type { HandlerDeps } from "./request.ts";

type Named = { readonly name: string };

/** A pod as far as this file looks into it. */
type PodFields = {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly Named[];
    readonly initContainers?: readonly Named[];
    readonly ephemeralContainers?: readonly Named[];
  };
};

/** The node the pod is on; "" for one that is on none yet. */
export function nodeNameOf(pod: ApiObject): string {
  return (pod as PodFields).spec?.nodeName ?? "";
}

/** The node the pod is on. Throws 400 for one that is on none yet, 404 if there is no such node. */
export async function nodeOf(
  pod: ApiObject,
  name: string,
  deps: Pick<HandlerDeps, "resources" | "store">,
  context: Context,
): Promise<string> {
  const node = nodeNameOf(pod);
  if (node === "") throw badRequest(`pod ${name} does not have a host assigned`);
  const nodes = deps.resources.find({ group: "", version: "v1", resource: "nodes" });
  if (nodes === undefined) return node;
  const entry = await deps.store.get(storeKey(nodes, { namespace: "", name: node }), context);
  // Upstream tells of the missing node as if it were a pod.
  if (entry === undefined) throw notFound({ group: "", resource: "pods" }, node);
  return node;
}

/** The only container, or the one that is named. Throws 400 with the names there are. */
export function chooseContainer(pod: ApiObject, name: string, asked: string): string {
  const { spec = {} } = pod as PodFields;
  const containers = namesOf(spec.containers);
  const initContainers = namesOf(spec.initContainers);
  const known = [...containers, ...initContainers, ...namesOf(spec.ephemeralContainers)];
  if (asked !== "") {
    if (known.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [first] = known;
  if (first !== undefined && known.length === 1) return first;
  const others =
    initContainers.length === 0
      ? ""
      : ` or one of the init containers: [${initContainers.join(" ")}]`;
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: ` +
      `[${containers.join(" ")}]${others}`,
  );
}

function namesOf(containers: readonly Named[] = []): readonly string[] {
  return containers.map(({ name }) => name);
}
