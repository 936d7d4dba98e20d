/** Descriptions of what all kinds share: metadata, selectors, conditions, statuses, options. */
export const META = `
ObjectMeta: What every object has, whatever its kind.
- annotations: Texts by key that tools keep with the object. Nothing selects by them.
- creationTimestamp: CreationTimestamp is a timestamp of when the object came. Set by the server.
- deletionGracePeriodSeconds: Seconds the object has to end by itself once its deletion has begun.
  Set by the server along with deletionTimestamp.
- deletionTimestamp: When the object is to be gone at the latest; its deletion has begun. Set by the
  server when a deletion has to wait: for the grace period, or for finalizers.
- finalizers: Names of who must do something before the object may go. Each takes its own name away
  when it is done, and the last lets the object go.
- generateName: Beginning of the name for an object that is created without one. The server adds a
  random ending.
- generation: Counts the changes of what is wanted. Set by the server.
- labels: Short texts by key, by which objects are selected and grouped.
- managedFields: Which writer set which fields. The server keeps it for server-side apply.
- name: Name of the object, unique among those of its kind and namespace. It never changes.
- namespace: Namespace the object is in; none for kinds that belong to the whole cluster. It never
  changes.
- ownerReferences: Objects this one belongs to. It is deleted once they are all gone. One of them at
  most is its controller.
- resourceVersion: Names this state of the object; each change gives it another. Sent along with an
  update, the update fails if somebody else was first. Compare it for equality only.
- selfLink: No longer set.
- uid: Tells this object from all others of any time, even from one of the same name. Set by the
  server.

OwnerReference: The object another belongs to: in the same namespace, or of the whole cluster.
- apiVersion: Group and version of the owner.
- blockOwnerDeletion: If true, an owner that is deleted in the foreground waits for this object to
  be gone.
- controller: True for the owner that manages the object.
- kind: Kind of the owner.
- name: Name of the owner.
- uid: UID of the owner. Another object of its name is not the owner.

ManagedFieldsEntry: Fields that one writer set, through one version of the API.
- apiVersion: Version of the API in which the fields are named.
- fieldsType: Format of the fields. Always FieldsV1.
- fieldsV1: The fields, as a tree.
- manager: Name of the writer.
- operation: How they were written: Apply for server-side apply, or Update.
- subresource: Subresource through which they were written; empty for the object itself.
- time: When the writer last added, changed or gave up a field.

FieldsV1: A set of fields: a tree whose keys are f: and a field's name, k: and the keys of a list's
  item, v: and an item's value, or i: and an item's position. A dot stands for the field itself.

ListMeta: What every list has.
- continue: Token with which the next part of the list is asked for; empty at its end.
- remainingItemCount: About how many objects come after this part.
- resourceVersion: Names the state of the cluster that the list shows. A watch may go on from here.
- selfLink: No longer set.
- shardInfo: Which part of the objects the list holds, if it was asked for one.

ShardInfo: A part of all objects that was asked for.
- selector: The selector that makes the part.

LabelSelector: Selects objects by their labels: all of what is named must hold. An empty one selects
  all, a missing one none.
- matchExpressions: What must hold of labels.
- matchLabels: Labels that must have just these values.

LabelSelectorRequirement, FieldSelectorRequirement: One thing that must hold.
- key: Key of the label or field.
- operator: In or NotIn for one of the values or none of them, Exists or DoesNotExist for the key.
- values: Values for In and NotIn, at least one. None for the others.

Condition: One aspect of an object's state.
- lastTransitionTime: When the status last became another one.
- message: Details, for people. May be empty.
- observedGeneration: Generation of the object that this was seen of. If it is less than the
  object's, it may be out of date.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

Status: How a request ended, when it does not end with an object.
- code: HTTP status code.
- details: More about the reason, in a form for programs.
- message: What happened, for people.
- reason: Why it failed, in one word for programs.
- status: Success or Failure.

StatusDetails: More about why a request failed.
- causes: What is wrong in particular, e.g. each field.
- group: API group of the object.
- kind: Resource or kind of the object.
- name: Name of the object.
- retryAfterSeconds: Seconds after which the request may be tried again.
- uid: UID of the object, if there is just one.

StatusCause: One thing that is wrong.
- field: The field it is about, as a path, e.g. spec.ports[0].name.
- message: What is wrong, for people.
- reason: What is wrong, in one word for programs.

DeleteOptions: How an object is to be deleted.
- dryRun: All for a deletion that is checked and then not made.
- gracePeriodSeconds: Seconds the object has to end by itself. 0 deletes it at once. By default,
  what the object itself says.
- ignoreStoreReadErrorWithClusterBreakingPotential: Deletes an object that can no longer be read,
  without all that would otherwise come before. It leaves behind whatever the object stood for.
- orphanDependents: Use propagationPolicy. True leaves the objects that belong to this one.
- preconditions: What must hold of the object, or nothing is deleted.
- propagationPolicy: What becomes of the objects that belong to this one. Orphan leaves them;
  Background deletes them afterwards; Foreground deletes them first.

Preconditions: What must hold of an object before it is deleted.
- resourceVersion: Its state must be this one.
- uid: Its UID must be this one.

WatchEvent: One change that a watch tells of.
- object: The object after the change, or before it was deleted; a status for ERROR.
- type: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.

APIGroup: An API group and the versions it is served in.
- name: Name of the group.
- preferredVersion: The version to use if any will do.
- serverAddressByClientCIDRs: Where the server is, for clients of certain networks.
- versions: The versions it is served in.

APIGroupList: All API groups.
- groups: The groups.

APIVersions: Versions of the core API.
- serverAddressByClientCIDRs: Where the server is, for clients of certain networks.
- versions: The versions it is served in.

APIResource: A resource that is served.
- categories: Names under which it is listed together with others, e.g. all.
- group: Group of its kind, if another than that of the list.
- kind: Kind of its objects.
- name: Its plural name, and perhaps a subresource after a slash.
- namespaced: Whether its objects are in namespaces.
- shortNames: Shorter names for it.
- singularName: Its name in singular.
- storageVersionHash: Changes with the version in which its objects are stored.
- verbs: What can be done with it: get, list, watch, create, update, patch, delete, ….
- version: Version of its kind, if another than that of the list.

APIResourceList: The resources of one group and version.
- groupVersion: The group and version.
- resources: The resources.

GroupVersionForDiscovery: A group and version.
- groupVersion: Both, as in apiVersion.
- version: The version alone.

ServerAddressByClientCIDR: Where clients of a network reach the server.
- clientCIDR: The network.
- serverAddress: Address of the server: a name or an IP, and perhaps a port.

GroupResource: A resource, whatever its version.
- group: Its group.
- resource: Its plural name.
`;
