import { expect, test } from "vitest";
import type { Method } from "../machinery/request.ts";
import { aServer } from "./testing/test-server.ts";

const NO_SUCH = "the server could not find the requested resource";
const NOT_ALLOWED = "the server does not allow this method on the requested resource";
const PAGE = "404 page not found\n";

type Case = readonly [request: string, status: number, told?: string];

const CASES: readonly Case[] = [
  // Slashes: those at the end count for nothing, those at the beginning matter to the router.
  ["GET /api//", 200],
  ["GET /api/v1//", 200],
  ["GET /api/v1/namespaces//configmaps", 200],
  ["GET /api/v1/namespaces/default//", 200],
  ["GET //", 404, PAGE],
  ["GET //api/v1/pods", 404, PAGE],
  ["GET /api/v1//pods", 404, NO_SUCH],
  ["GET /livez/", 404, PAGE],
  ["GET /version/", 200],
  // Known roots refuse in words of their own.
  ["GET /api/v2", 404, NO_SUCH],
  ["GET /apis/apps/v7/deployments", 404, NO_SUCH],
  ["GET /apis/nope/v1/things", 404, PAGE],
  ["GET /version/x", 404, NO_SUCH],
  ["GET /api/v1/namespaces/default/pods/x/log/y", 404, NO_SUCH],
  // What has no path of its own is not found, whatever the method.
  ["GET /api/v1/bindings", 404, NO_SUCH],
  ["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x", 404, NO_SUCH],
  ["OPTIONS /api/v1/nope", 404, NO_SUCH],
  ["OPTIONS /api/v1/nodes", 405, NOT_ALLOWED],
  ["HEAD /api/v1/nodes", 405],
  ["POST /api/v1/watch/configmaps", 405, NOT_ALLOWED],
  ["GET /api/v1/proxy/nodes/x", 404, NO_SUCH],
  ["POST /api", 405, NOT_ALLOWED],
  ["DELETE /apis/apps/v1", 405, NOT_ALLOWED],
  // Other pages are shown whatever the method.
  ["HEAD /healthz", 200],
  ["POST /", 200],
  ["GET /index.html", 200],
  // Names.
  ["GET /api/v1/nodes/%ff", 404, 'nodes "\ufffd" not found'],
  ["GET /api/v1/nodes/%2e%2e", 400, `Name parameter invalid: "..": may not be '..'`],
  ["GET /api/v1/nodes/a%25b", 400, `Name parameter invalid: "a%b": may not contain '%'`],
  // What cannot be read at all.
  ["GET /api/v1/nodes/a%zz", 400, "400 Bad Request"],
  [
    "GET /api/v1/watch",
    500,
    'Internal Server Error: "/api/v1/watch": failed to create RequestInfo: ' +
      "unable to determine kind and namespace from url, /api/v1/watch\n",
  ],
];

test.each(CASES.map(([request, ...answer]) => ({ request, answer })))(
  "$request is answered as upstream",
  async ({ request, answer: [status, told] }) => {
    const server = await aServer();
    const [method = "", path = ""] = request.split(" ");
    const answer = await server.call(method as Method, path);
    expect(answer.status).toBe(status);
    const { value } = answer;
    if (told !== undefined) expect(typeof value === "string" ? value : value?.message).toBe(told);
  },
);
