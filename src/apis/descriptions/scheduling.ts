/** Descriptions of where pods may be: affinity, spread, taints and tolerations, node selectors. */
export const SCHEDULING = `
Affinity: Where a pod is drawn to.
- nodeAffinity: To which nodes.
- podAffinity: To the company of which other pods.
- podAntiAffinity: Away from which other pods.

NodeAffinity: Nodes a pod is drawn to.
- preferredDuringSchedulingIgnoredDuringExecution: Nodes that are better than others. The weights of
  all that fit are added up.
- requiredDuringSchedulingIgnoredDuringExecution: What must hold of the node when the pod gets it.
  Later changes of the node do not matter.

PodAffinity, PodAntiAffinity: Pods that another pod is drawn to, or away from.
- preferredDuringSchedulingIgnoredDuringExecution: What makes a node better. The weights of all that
  fit are added up.
- requiredDuringSchedulingIgnoredDuringExecution: What must hold of the node when the pod gets it:
  all of them.

WeightedPodAffinityTerm: Company of a pod, and how much it matters.
- podAffinityTerm: The company.
- weight: How much it matters, 1 to 100.

PodAffinityTerm: Pods that are or are not to be in the same place.
- labelSelector: Selects the other pods. If missing, none.
- matchLabelKeys: Labels whose values must be those of the pod itself.
- mismatchLabelKeys: Labels whose values must not be those of the pod itself.
- namespaceSelector: Selects namespaces of the other pods, besides those in namespaces. An empty one
  selects all.
- namespaces: Namespaces of the other pods. By default that of the pod itself.
- topologyKey: Label of nodes that says what a place is: nodes with the same value are one.

PreferredSchedulingTerm: Nodes that are better than others.
- preference: The nodes. An empty term is none.
- weight: How much better, 1 to 100.

NodeSelector: Nodes for which one of the terms holds.
- nodeSelectorTerms: The terms.

NodeSelectorTerm: Nodes for which all of this holds. An empty term is none.
- matchExpressions: What must hold of labels.
- matchFields: What must hold of fields; only metadata.name.

NodeSelectorRequirement: One thing that must hold of a node.
- key: Key of the label, or the field.
- operator: In, NotIn, Exists, DoesNotExist, Gt or Lt.
- values: Values: some for In and NotIn, one number for Gt and Lt, none for the others.

TopologySelectorTerm: Places for which all of this holds.
- matchLabelExpressions: What must hold of labels of nodes.

TopologySelectorLabelRequirement: A label of a place.
- key: Its key.
- values: Values it may have.

TopologySpreadConstraint: How evenly pods are spread over places.
- labelSelector: Selects the pods that are counted.
- matchLabelKeys: Labels whose values must be those of the pod itself for another to be counted.
- maxSkew: How many more pods one place may have than the one with the fewest.
- minDomains: Number of places that there are to be at least; with fewer, the fewest is taken to be
  0.
- nodeAffinityPolicy: Whether nodes that the pod cannot be on by its affinity count: Honor leaves
  them out (the default), Ignore counts them.
- nodeTaintsPolicy: Whether nodes with taints the pod minds count: Honor leaves them out, Ignore
  counts them (the default).
- topologyKey: Label of nodes that says what a place is: nodes with the same value are one.
- whenUnsatisfiable: DoNotSchedule if the pod then waits, or ScheduleAnyway if such nodes are only
  worse than others.

Taint: Keeps pods away from a node, but for those that tolerate it.
- effect: NoSchedule keeps new pods away, PreferNoSchedule if possible, NoExecute makes those that
  are there leave too.
- key: Key of the taint.
- timeAdded: When it was added.
- value: Value of the taint.

Toleration: Lets a pod onto nodes with a taint.
- effect: Effect of the taint. By default all.
- key: Key of the taint. None, with Exists, for all.
- operator: Equal (the default) if the value must be the same, Exists for any; Lt and Gt compare
  numbers.
- tolerationSeconds: Seconds the pod stays in spite of a NoExecute taint. By default for ever; 0 or
  less for not at all.
- value: Value of the taint.

ScopeSelector: Objects for which all of this holds.
- matchExpressions: What must hold of scopes.

ScopedResourceSelectorRequirement: One thing that must hold of an object.
- operator: In, NotIn, Exists or DoesNotExist.
- scopeName: Name of the scope, e.g. PriorityClass.
- values: Values for In and NotIn.
`;
