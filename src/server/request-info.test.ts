import { expect, test } from "vitest";
import type { Method } from "../machinery/request.ts";
import { isTrue, parseRequestInfo, UnreadablePathError } from "./request-info.ts";

/** `read("GET /api/v1/pods?watch=1")` as one line, for comparing. */
function read(text: string): string {
  const [method = "", target = ""] = text.split(" ");
  const [path = "", query = ""] = target.split("?");
  const info = parseRequestInfo({
    method: method as Method,
    path,
    query: new URLSearchParams(query),
    headers: {},
    body: { kind: "none" },
  });
  if (info.kind === "path") return `${info.verb} path ${info.path}`;
  const { verb, group, resource, subresource, namespace, name, tail } = info;
  const endpoint = subresource === "" ? resource : `${resource}/${subresource}`;
  return `${verb} ${group}:${endpoint} ${namespace}/${name}${tail === "" ? "" : ` ${tail}`}`;
}

test("requests are read as upstream reads them", () => {
  for (const [request, info] of [
    ["GET /api/v1/namespaces/t/pods", "list :pods t/"],
    ["GET /api/v1/namespaces/t/pods/", "list :pods t/"],
    ["GET /api/v1/namespaces/t/pods?watch=1", "watch :pods t/"],
    ["GET /api/v1/namespaces/t/pods?watch", "watch :pods t/"],
    ["GET /api/v1/namespaces/t/pods?watch=0", "list :pods t/"],
    ["GET /api/v1/watch/namespaces/t/pods", "watch :pods t/"],
    ["GET /api/v1/watch/namespaces/t/pods/web", "watch :pods t/web"],
    ["GET /api/v1/namespaces/t/pods/web", "get :pods t/web"],
    ["HEAD /api/v1/namespaces/t/pods/web", "get :pods t/web"],
    ["POST /api/v1/namespaces/t/pods", "create :pods t/"],
    ["PUT /apis/apps/v1/namespaces/t/deployments/web/scale", "update apps:deployments/scale t/web"],
    ["DELETE /api/v1/nodes", "deletecollection :nodes /"],
    ["DELETE /api/v1/nodes/n1", "delete :nodes /n1"],
    ["PUT /api/v1/namespaces/t/finalize", "update :namespaces/finalize t/t"],
    ["GET /api/v1/namespaces/t", "get :namespaces t/t"],
    ["GET /api/v1/namespaces", "list :namespaces /"],
    ["GET /api/v1/namespaces/t/pods/web/proxy/a%2Fb/c", "get :pods/proxy t/web /a%2Fb/c"],
    ["GET /api/v1/nodes/n1/proxy/", "get :nodes/proxy /n1 /"],
    ["GET /api/v1/namespaces//pods//", "list :pods /"],
    ["GET //api/v1/nodes/n1/", "get :nodes /n1"],
    ["GET /api/v1/namespaces/t/pods/a%2Fproxy/x%2Fy", "get :pods/proxy t/a /x%2Fy"],
    ["GET /api/v1/nodes/%C3%28", "get :nodes /\ufffd("],
    ["POST /api/v1/watch/pods", "watch :pods /"],
    ["GET /api/v1/proxy/nodes/n/x", "proxy :nodes /n"],
    ["GET /api/v1", "get path /api/v1"],
    ["GET /apis/apps", "get path /apis/apps"],
    ["HEAD /healthz", "head path /healthz"],
    ["OPTIONS /api/v1/pods", " :pods /"],
  ] as const) {
    expect([request, read(request)]).toEqual([request, info]);
  }
});

test("a collection of which one name is selected is that name", () => {
  const select = (selector: string): string =>
    read(`GET /api/v1/namespaces/t/pods?fieldSelector=${encodeURIComponent(selector)}`);
  expect(select("metadata.name=web")).toBe("list :pods t/web");
  expect(select("metadata.name==web,status.phase=Running")).toBe("list :pods t/web");
  for (const other of ["metadata.name!=web", "metadata.name=a/b", "metadata.name=..", "!", ""]) {
    expect(select(other)).toBe("list :pods t/");
  }
  expect(read("POST /api/v1/namespaces/t/pods?fieldSelector=metadata.name%3Dweb")).toBe(
    "create :pods t/",
  );
});

test("a parameter says yes unless it says no", () => {
  for (const yes of ["", "1", "true", "True", "t", "yes"]) expect(isTrue(yes)).toBe(true);
  for (const no of [null, "0", "false", "FALSE"]) expect(isTrue(no)).toBe(false);
});

test("paths that cannot be read are refused", () => {
  for (const path of ["/api/v1/watch", "/apis/apps/v1/proxy/", "/a%zz", "/a%2"]) {
    expect(() => read(`GET ${path}`)).toThrow(UnreadablePathError);
  }
});
