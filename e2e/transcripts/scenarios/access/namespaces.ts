import type { Scenario } from "../../scenario.ts";
import { aPod, get, patch, post, put, remove } from "./requests.ts";

const NOWHERE = "/api/v1/namespaces/access-nowhere";
const GOING = "/api/v1/namespaces/access-going";

/** What can be made where: not where nothing is, nor where all goes. */
export const namespaces: Scenario = {
  name: "access-namespaces",
  steps: [
    post(`${NOWHERE}/configmaps`, { metadata: { name: "x" } }),
    post(`${NOWHERE}/pods`, aPod("x")),
    put(`${NOWHERE}/configmaps/a`, { metadata: { name: "a" } }),
    get(`${NOWHERE}/configmaps`),
    remove(`${NOWHERE}/configmaps/a`),
    remove("/api/v1/namespaces/default"),
    remove("/api/v1/namespaces/kube-system"),
    post("/api/v1/namespaces", { metadata: { name: "access-going" } }),
    post(`${GOING}/configmaps`, { metadata: { name: "a", finalizers: ["x.io/y"] } }),
    remove(GOING),
    post(`${GOING}/configmaps`, { metadata: { name: "b" } }),
    patch(`${GOING}/configmaps/a`, { data: { x: "y" } }),
    patch(GOING, { metadata: { labels: { a: "b" } } }),
    remove(GOING),
    post("/api/v1/namespaces", { metadata: { name: "access-going" } }),
    patch(`${GOING}/configmaps/a`, { metadata: { finalizers: null } }),
    remove(`${GOING}/configmaps/a`),
    put(`${GOING}/finalize`, { metadata: { name: "access-going" }, spec: { finalizers: [] } }),
    get(GOING),
  ],
};
