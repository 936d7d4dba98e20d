import type { Asked, Scenario } from "../../scenario.ts";

const MAPS = "/api/v1/namespaces/selections/configmaps";
const FIRST = "{{1.body.metadata.resourceVersion}}";
const THIRD = "{{3.body.metadata.resourceVersion}}";

/** Lists and watches: what is selected, from when on, and which questions make no sense. */
export const selections: Scenario = {
  name: "selections",
  namespace: "selections",
  steps: [
    map("a", { n: "1" }),
    map("b", { n: "2" }),
    map("c", { n: "1", z: "q" }),
    relabeled("a", "2"),
    relabeled("b", "1"),
    { method: "DELETE", path: `${MAPS}/c` },
    list("limit=1"),
    list("continue={{7.body.metadata.continue}}"),
    list("continue={{7.body.metadata.continue}}&resourceVersion=5"),
    list("continue=xyz"),
    list(`resourceVersion=${THIRD}&resourceVersionMatch=Exact&labelSelector=n=1`),
    list(`resourceVersion=${THIRD}&limit=1`),
    list("resourceVersion=0&limit=1"),
    list("limit=1&fieldSelector=metadata.name=b"),
    list("limit=1&labelSelector=n"),
    list("resourceVersion=999999999"),
    list("resourceVersion=0&resourceVersionMatch=Exact"),
    list("resourceVersionMatch=NotOlderThan"),
    list("sendInitialEvents=true"),
    ...["n%20in%20(1,2),!z", "n!=1", "n>1", "n%20in%20()", "a=b=c", "-a=1"].map((text) =>
      list(`labelSelector=${text}`),
    ),
    ...["metadata.name!=a", "metadata.name", "foo=bar", "metadata.name=a=b"].map((text) =>
      list(`fieldSelector=${text}`),
    ),
    watch(`resourceVersion=${FIRST}`),
    watch(`resourceVersion=${FIRST}&labelSelector=n=1`),
    watch(`resourceVersion=${FIRST}&fieldSelector=metadata.name=c`),
    watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"),
    watch("sendInitialEvents=true"),
    watch("resourceVersionMatch=NotOlderThan"),
    watch("resourceVersion=abc"),
    {
      method: "GET",
      path: `/api/v1/watch/namespaces/selections/configmaps/c?timeoutSeconds=1&resourceVersion=${FIRST}`,
    },
  ],
};

function map(name: string, labels: object): Asked {
  return { method: "POST", path: MAPS, body: { metadata: { name, labels } } };
}

function relabeled(name: string, n: string): Asked {
  return { method: "PATCH", path: `${MAPS}/${name}`, body: { metadata: { labels: { n } } } };
}

function list(query: string): Asked {
  return { method: "GET", path: `${MAPS}?${query}` };
}

function watch(query: string): Asked {
  return list(`watch=1&timeoutSeconds=1&${query}`);
}
