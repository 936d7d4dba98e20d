/** How a webhook is called: at a URL, or through a service. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid, required } from "../../field-errors.ts";
import type { ServiceReference, WebhookClientConfig } from "./types.generated.ts";

const FORM = "; desired format: https://host[/path]";
const ONE_OF = "exactly one of url or service is required";

/** What is wrong with the address of a webhook. */
export function clientErrors(path: string, client: WebhookClientConfig): readonly FieldError[] {
  const { url, service } = client;
  if ((url === undefined) === (service === undefined)) return [required(path, ONE_OF)];
  if (url !== undefined) return urlErrors(`${path}.url`, url);
  return service === undefined ? [] : serviceErrors(`${path}.service`, service);
}

/** A URL in its parts, split as RFC 3986 does it; the parts are not decoded. */
const URL_PARTS = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

function urlErrors(field: string, url: string): readonly FieldError[] {
  const [, scheme = "", authority = "", , query = "", fragment = ""] = URL_PARTS.exec(url) ?? [];
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const bad = urlProblem(url, scheme, host);
  if (bad !== undefined) return [required(field, `url must be a valid URL: ${bad}${FORM}`)];
  const onlyHttps = `'https' is the only allowed URL scheme${FORM}`;
  const user = "user information is not permitted in the URL";
  return [
    ...errorIf(scheme.toLowerCase() !== "https", invalid(field, scheme.toLowerCase(), onlyHttps)),
    ...errorIf(host === "", invalid(field, host, `host must be specified${FORM}`)),
    ...errorIf(at >= 0, invalid(field, authority.slice(0, Math.max(at, 0)), user)),
    ...errorIf(fragment !== "", invalid(field, fragment, "fragments are not permitted in the URL")),
    ...errorIf(
      query !== "",
      invalid(field, query, "query parameters are not permitted in the URL"),
    ),
  ];
}

/** In the words of Go's parser, for the mistakes people make. */
function urlProblem(url: string, scheme: string, host: string): string | undefined {
  const quoted = JSON.stringify(url);
  // oxlint-disable-next-line eslint/no-control-regex -- they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(url)) {
    return `parse ${quoted}: net/url: invalid control character in URL`;
  }
  if (url.startsWith(":")) return `parse ${quoted}: missing protocol scheme`;
  if (scheme !== "" && !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) {
    return `parse ${quoted}: first path segment in URL cannot contain colon`;
  }
  const port = /:([^\]:]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^[0-9]*$/.test(port)) {
    return `parse ${quoted}: invalid port ${JSON.stringify(`:${port}`)} after host`;
  }
  if (/[ "<>\\^`{|}]/.test(host)) {
    const found = /[ "<>\\^`{|}]/.exec(host)?.[0] ?? "";
    return `parse ${quoted}: invalid character ${JSON.stringify(found)} in host name`;
  }
  return undefined;
}

function serviceErrors(path: string, service: ServiceReference): readonly FieldError[] {
  const { name, namespace, port = 0 } = service;
  const range = "port is not valid: must be between 1 and 65535, inclusive";
  // Name and namespace are told of in each other's place; so it is upstream.
  return [
    ...errorIf(namespace === "", required(`${path}.name`)),
    ...errorIf(name === "", required(`${path}.namespace`)),
    ...errorIf(port < 1 || port > 65_535, invalid(`${path}.port`, port, range)),
    ...servicePathErrors(`${path}.path`, service.path ?? ""),
  ];
}

function servicePathErrors(field: string, path: string): readonly FieldError[] {
  if (path === "" || path === "/") return [];
  if (path === "//") return [invalid(field, path, "segment[0] may not be empty")];
  const steps = path.slice(1).replace(/\/$/, "").split("/");
  return [
    ...errorIf(!path.startsWith("/"), invalid(field, path, "must start with a '/'")),
    ...steps.flatMap((step, index) => {
      if (step === "") return [invalid(field, path, `segment[${index}] may not be empty`)];
      const problem = dnsSubdomainProblem(step);
      return fromProblem(
        field,
        path,
        problem === undefined ? undefined : `segment[${index}]: ${problem}`,
      );
    }),
  ];
}
