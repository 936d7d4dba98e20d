/** The path that a backend is asked for, as upstream makes it of what follows `/proxy`. */
import { badRequest } from "../../machinery/status.ts";

/**
 * `tail` decoded, without dots and doubled slashes, and encoded anew; its last slash stays. "" if
 * there is no path at all.
 */
export function backendPath(tail: string): string {
  if (tail === "") return "";
  const parts: string[] = [];
  for (const part of decoded(tail).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const path = `/${parts.join("/")}`;
  return encodePath(tail.endsWith("/") && path !== "/" ? `${path}/` : path);
}

/** Path and query. */
export function targetOf(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** What stands before the backend's own path in the path of the request. */
export function pathBefore(requestPath: string, tail: string): string {
  return requestPath.slice(0, requestPath.length - tail.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) throw badRequest("the path is not valid percent-encoded UTF-8");
    throw error;
  }
}

/** Percent-encoded where Go encodes the letters of a path. */
function encodePath(path: string): string {
  return encodeURI(path).replace(
    /[?#!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
