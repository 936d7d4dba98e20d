/** The parameters that operations take. */

export type Parameter = {
  readonly name: string;
  readonly in: "path" | "query";
  readonly type: "string" | "integer" | "boolean";
  readonly description: string;
};

export const PRETTY: Parameter = text("pretty", "Whether the answer is indented for people.");

export const NAMESPACE: Parameter = {
  ...text("namespace", "The namespace that holds the object."),
  in: "path",
};

/** The name of an object in a path. */
export function nameOf(kind: string): Parameter {
  return { ...text("name", `name of the ${kind}`), in: "path" };
}

/** What follows a proxied path. */
export const PROXY_PATH: Parameter = {
  ...text("path", "What is asked for there."),
  in: "path",
};

/** Of writes: that `fieldValidation` is among them is what kubectl looks for. */
export const WRITE_PARAMETERS: readonly Parameter[] = [
  text("dryRun", "All: the request goes through every stage, but nothing is stored."),
  text("fieldManager", "Who is said to own the fields that are written."),
  text("fieldValidation", "What becomes of unknown and repeated fields: Ignore, Warn or Strict."),
];

export const PATCH_PARAMETERS: readonly Parameter[] = [
  ...WRITE_PARAMETERS,
  flag("force", "Take over fields that others own. Of applied configurations only."),
];

export const DELETE_PARAMETERS: readonly Parameter[] = [
  text("dryRun", "All: the request goes through every stage, but nothing is stored."),
  integer("gracePeriodSeconds", "Seconds the object gets to end. Zero: none."),
  flag(
    "ignoreStoreReadErrorWithClusterBreakingPotential",
    "Remove an object that cannot be read, without regard for finalizers and preconditions.",
  ),
  flag("orphanDependents", "Deprecated: whether dependents stay. See propagationPolicy."),
  text("propagationPolicy", "What becomes of dependents: Orphan, Background or Foreground."),
];

/** Of collections that are read or deleted. */
const SELECTION: readonly Parameter[] = [
  text("continue", "Where the list goes on, as the last part of it said."),
  text("fieldSelector", "Which objects, by their fields. Default: all."),
  text("labelSelector", "Which objects, by their labels. Default: all."),
  integer("limit", "At most so many objects in one answer."),
  text("resourceVersion", "Which state of the cluster the answer may show."),
  text("resourceVersionMatch", "How resourceVersion is meant: Exact or NotOlderThan."),
  flag("sendInitialEvents", "Begin a watch with the objects there are, then a bookmark."),
  text("shardSelector", "Which objects, by ranges of the hash of a field."),
  integer("timeoutSeconds", "Seconds the call may take."),
];

export const LIST_PARAMETERS: readonly Parameter[] = [
  flag("allowWatchBookmarks", "Whether a watch may send bookmarks."),
  ...SELECTION,
  flag("watch", "Answer with changes as they come."),
];

export const DELETE_COLLECTION_PARAMETERS: readonly Parameter[] = [
  ...DELETE_PARAMETERS,
  ...SELECTION,
];

/** Of reading one custom resource. */
export const GET_PARAMETERS: readonly Parameter[] = SELECTION.filter(
  ({ name }) => name === "resourceVersion",
);

/** Of the log of a pod. */
export const LOG_PARAMETERS: readonly Parameter[] = [
  text("container", "Whose log. Default: that of the only container."),
  flag("follow", "Go on as the log grows. Default: false."),
  flag("insecureSkipTLSVerifyBackend", "Do not check the certificate of the kubelet."),
  integer("limitBytes", "End after so many bytes."),
  flag("previous", "The log of the container that ran before. Default: false."),
  integer("sinceSeconds", "Only lines of the last so many seconds."),
  text("stream", "All, Stdout or Stderr. Default: All."),
  integer("tailLines", "Only the last so many lines."),
  flag("timestamps", "Begin every line with its time. Default: false."),
];

const STREAMS: readonly Parameter[] = [
  text("container", "Which container. Default: the only one."),
  flag("stderr", "Whether its standard error is sent."),
  flag("stdin", "Whether its standard input is taken from the client. Default: false."),
  flag("stdout", "Whether its standard output is sent."),
  flag("tty", "Whether it is given a terminal. Default: false."),
];

const PATH: readonly Parameter[] = [text("path", "What is asked for there.")];

/** What connections take, by the kind of their options. */
export const CONNECT_PARAMETERS: ReadonlyMap<string, readonly Parameter[]> = new Map([
  ["PodAttachOptions", STREAMS],
  ["PodExecOptions", [...STREAMS, text("command", "The program and its arguments.")]],
  ["PodPortForwardOptions", [integer("ports", "Ports to forward, for WebSockets.")]],
  ["PodProxyOptions", PATH],
  ["ServiceProxyOptions", PATH],
  ["NodeProxyOptions", PATH],
]);

/** In the order in which upstream lists them: by name, then by place. */
export function sortedParameters(parameters: readonly Parameter[]): readonly Parameter[] {
  const key = (each: Parameter): string => `${each.name} ${each.in}`;
  return [...parameters].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

export function isSameParameter(a: Parameter, b: Parameter): boolean {
  return a.name === b.name && a.in === b.in && a.description === b.description;
}

function text(name: string, description: string): Parameter {
  return { name, in: "query", type: "string", description };
}

function integer(name: string, description: string): Parameter {
  return { name, in: "query", type: "integer", description };
}

function flag(name: string, description: string): Parameter {
  return { name, in: "query", type: "boolean", description };
}
