/** Which headers a proxy passes on, and which are only between two neighbours. */
import type { BackendHeaders } from "../../machinery/backend.ts";

type Headers = Readonly<Record<string, string>>;

const NEIGHBOURLY: ReadonlySet<string> = new Set([
  "connection",
  "proxy-connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** Of answers: what a server says about who may read it in browsers is not true of this one. */
const OF_ANOTHER_ORIGIN: ReadonlySet<string> = new Set([
  "access-control-allow-credentials",
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
]);

/** Whether the client wants another protocol than HTTP from now on. */
export function isUpgradeRequest(headers: Headers): boolean {
  return tokens(headers["connection"]).has("upgrade") && headers["upgrade"] !== undefined;
}

/** Headers for the backend; `host` and the length of the body are for who sends it to say. */
export function requestHeaders(headers: Headers, isUpgrade: boolean): BackendHeaders {
  const named = tokens(headers["connection"]);
  const kept = Object.entries(headers).filter(
    ([name]) =>
      !NEIGHBOURLY.has(name) &&
      !named.has(name) &&
      !/^(?:host|content-length|authorization|x-remote-.*|impersonate-.*)$/.test(name),
  );
  const upgrade = headers["upgrade"];
  return {
    ...Object.fromEntries(kept),
    ...(isUpgrade && upgrade !== undefined ? { connection: "Upgrade", upgrade } : {}),
  };
}

/** Headers for the client. */
export function answerHeaders(headers: Headers): Headers {
  const named = tokens(headers["connection"]);
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !NEIGHBOURLY.has(name) && !OF_ANOTHER_ORIGIN.has(name) && !named.has(name),
    ),
  );
}

function tokens(value: string | undefined): ReadonlySet<string> {
  return new Set((value ?? "").split(",").map((each) => each.trim().toLowerCase()));
}
