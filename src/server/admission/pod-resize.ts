/** A pod on a node is not given more than the node has to give. */
import { podAmounts } from "../../apis/core/v1/quota/amounts.ts";
import type { Node, Pod } from "../../apis/core/v1/types.generated.ts";
import {
  compareQuantities,
  milliValue,
  parseQuantity,
  value,
  ZERO_QUANTITY,
  type Quantity,
} from "../../machinery/quantity.ts";
import { refusal, type AdmissionPlugin } from "./admission.ts";
import type { ClusterReader, KindOf } from "./cluster-reader.ts";

const NODES: KindOf<Node> = { group: "", version: "v1", resource: "nodes" };
const OS_LABEL = "kubernetes.io/os";

export function podResizeValidator(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "PodResizeValidator",
    concerns: ({ resource, subresource }) =>
      resource.group === "" && resource.resource === "pods" && subresource === "resize",
    validate: async (review, context) => {
      const { old } = review;
      const pod = review.object as Pod;
      const { nodeName = "" } = pod.spec;
      if (nodeName === "" || pod.metadata.generation === old?.metadata.generation) return;
      const node = await reader.get(NODES, "", nodeName, context);
      if (node === undefined) throw refusal(review, `node "${nodeName}" not found`);
      const os = node.metadata.labels?.[OS_LABEL] ?? "linux";
      if (os !== "linux") {
        const why = `pod resize is only supported on linux nodes, node "${nodeName}" is "${os}"`;
        throw refusal(review, why, [{ reason: "UnsupportedPlatform" }]);
      }
      const lacks = lacksOf(pod, node);
      if (lacks.length === 0) return;
      const why = `node didn't have enough allocatable resources: ${lacks.join("; ")}`;
      throw refusal(review, why, [{ reason: "NodeCapacity" }]);
    },
  };
}

function lacksOf(pod: Pod, { status }: Node): readonly string[] {
  const asked = podAmounts(pod.spec, "requests");
  return (
    [
      ["cpu", milliValue],
      ["memory", value],
    ] as const
  ).flatMap(([name, counted]: readonly [string, (amount: Quantity) => bigint]) => {
    const there = parseQuantity(status.allocatable?.[name] ?? "0") ?? ZERO_QUANTITY;
    const wanted = asked.get(name) ?? ZERO_QUANTITY;
    if (compareQuantities(wanted, there) <= 0) return [];
    return [`${name}, requested: ${counted(wanted)}, allocatable: ${counted(there)}`];
  });
}
