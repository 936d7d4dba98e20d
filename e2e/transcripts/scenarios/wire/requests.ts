/** Short ways to write the requests of these scenarios. */
import type { Asked } from "../../scenario.ts";

export function get(path: string, accept?: string): Asked {
  return { method: "GET", path, ...(accept === undefined ? {} : { headers: { accept } }) };
}

export function post(path: string, body: unknown, contentType?: string): Asked {
  return { method: "POST", path, body, ...typed(contentType) };
}

export function put(path: string, body: unknown, contentType?: string): Asked {
  return { method: "PUT", path, body, ...typed(contentType) };
}

export function patch(path: string, body: unknown, contentType?: string): Asked {
  return { method: "PATCH", path, body, ...typed(contentType) };
}

export function del(path: string, body?: unknown, contentType?: string): Asked {
  return { method: "DELETE", path, ...(body === undefined ? {} : { body }), ...typed(contentType) };
}

export function bare(method: Asked["method"], path: string): Asked {
  return { method, path };
}

function typed(contentType: string | undefined): Pick<Asked, "contentType"> {
  return contentType === undefined ? {} : { contentType };
}
