import type { Asked, Scenario } from "../../scenario.ts";
import { get, post } from "./requests.ts";

const WHOAMI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/** Alice may not, whomever she names. */
function refused(headers: Asked["headers"] = {}): Asked {
  return get("/api/v1/namespaces/default/pods", { user: "alice", headers });
}

function whoami(headers: Asked["headers"] = {}): Asked {
  return post(WHOAMI, {}, { headers });
}

export const impersonation: Scenario = {
  name: "access-impersonation",
  steps: [
    refused({ "impersonate-user": "bob" }),
    refused({ "impersonate-user": "bob", "impersonate-group": "g" }),
    refused({ "impersonate-group": "g" }),
    refused({ "impersonate-user": "bob", "impersonate-uid": "u" }),
    refused({ "impersonate-user": "bob", "impersonate-extra-scopes": "view" }),
    refused({ "impersonate-user": "system:serviceaccount:default:x" }),
    refused({ "impersonate-user": "system:serviceaccount:default" }),
    refused({ "impersonate-user": "system:node:n1" }),
    refused({ "impersonate-user": "bob", "impersonate-group": "system:masters" }),
    get("/foo", { user: "alice", headers: { "impersonate-user": "bob" } }),
    get("/foo", { user: null, headers: { "impersonate-user": "bob" } }),
    whoami(),
    whoami({ "impersonate-user": "bob" }),
    whoami({ "impersonate-user": "bob", "impersonate-group": "system:authenticated" }),
    whoami({
      "impersonate-user": "bob",
      "impersonate-uid": "u1",
      "impersonate-group": "g",
      "impersonate-extra-foo.com%2fbar": "v",
      "impersonate-extra-UP": "v",
    }),
    whoami({ "impersonate-user": "system:serviceaccount:a:b" }),
    whoami({ "impersonate-user": "system:serviceaccount:a:b", "impersonate-group": "x" }),
    whoami({ "impersonate-user": "system:anonymous" }),
    whoami({ "impersonate-user": "bob", "impersonate-group": "system:unauthenticated" }),
  ],
};
