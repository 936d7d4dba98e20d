import type { Scenario } from "../../scenario.ts";
import { get, post, remove } from "./requests.ts";

const HOME = "/api/v1/namespaces/access-forbidden";
const alice = { user: "alice" } as const;
const nobody = { user: null } as const;

/** What is said to who may not, in every form a request has. */
export const forbidden: Scenario = {
  name: "access-forbidden",
  namespace: "access-forbidden",
  steps: [
    get("/api/v1/pods", alice),
    get(`${HOME}/pods`, alice),
    get(`${HOME}/pods/x`, alice),
    get(`${HOME}/pods/x/log`, alice),
    get(HOME, alice),
    get(`${HOME}/status`, alice),
    get("/api/v1/nodes/n/proxy/x", alice),
    get("/api/v1/pods?watch=true&timeoutSeconds=1", alice),
    get("/api/v1/watch/pods", alice),
    get("/apis/unknown.example.com/v1/namespaces/x/things/y/z/w", alice),
    get("/apis/apps/v1/deployments", nobody),
    get("/foo/bar", alice),
    get("/metrics", nobody),
    get("/apis", nobody),
    post(`${HOME}/pods/x/eviction`, {}, alice),
    post(`${HOME}/serviceaccounts/default/token`, {}, alice),
    post("/foo", {}, nobody),
    remove(`${HOME}/pods`, {}, alice),
    get("/api", { user: null, headers: { authorization: "Bearer nope" } }),
    get("/healthz", { user: null, headers: { authorization: "Bearer nope" } }),
    get("/api/v1/pods", { user: null, headers: { authorization: "Basic YTpi" } }),
    get("/api/v1/pods", {
      user: null,
      headers: { authorization: "bearer the-token-of-alice more" },
    }),
  ],
};
