/** The requests that scenarios about access are made of. */
import type { Asked } from "../../scenario.ts";

type More = Pick<Asked, "contentType" | "headers" | "until" | "user">;

export function get(path: string, more: More = {}): Asked {
  return { method: "GET", path, ...more };
}

export function post(path: string, body: object, more: More = {}): Asked {
  return { method: "POST", path, body, ...more };
}

export function put(path: string, body: object, more: More = {}): Asked {
  return { method: "PUT", path, body, ...more };
}

/** A merge patch, unless it says otherwise. */
export function patch(path: string, body: object, more: More = {}): Asked {
  return { method: "PATCH", path, body, ...more };
}

export function remove(path: string, body?: object, more: More = {}): Asked {
  return { method: "DELETE", path, ...(body === undefined ? {} : { body }), ...more };
}

/** Whom the administrator is to be taken for. */
export function as(user: string, group?: string): More {
  const groups = group === undefined ? {} : { "impersonate-group": group };
  return { headers: { "impersonate-user": user, ...groups } };
}

export const STRATEGIC: More = { contentType: "application/strategic-merge-patch+json" };
/** Columns alone: managed fields stand in an order that depends on the second of a write. */
export const AS_TABLE: More = {
  headers: { accept: "application/json;as=Table;g=meta.k8s.io;v=v1" },
};
export const COLUMNS = "?includeObject=None";
export const NOW = { gracePeriodSeconds: 0 };

export function aContainer(more: object = {}): object {
  return { name: "c", image: "i", ...more };
}

export function aPod(name: string, spec: object = {}, metadata: object = {}): object {
  return { metadata: { name, ...metadata }, spec: { containers: [aContainer()], ...spec } };
}
