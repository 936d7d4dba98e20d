/** Which container of a pod is meant, and on which node it is: for logs, commands and ports. */
import type { ApiObject } from "../../machinery/object.ts";
import { badRequest } from "../../machinery/status.ts";

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

/** The node the pod is on. Throws 400 for one that is on none yet. */
export function nodeOf(pod: ApiObject, name: string): string {
  const { nodeName = "" } = (pod as PodFields).spec ?? {};
  if (nodeName === "") throw badRequest(`pod ${name} does not have a host assigned`);
  return nodeName;
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
