/** How versions of a custom resource are turned into each other: checks of `spec.conversion`. */
import { parseUrl } from "../../../cel/library/go-url.ts";
import { dns1035LabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { fromProblem, invalid, oneOf, required, forbidden } from "../../field-errors.ts";
import type {
  CustomResourceConversion,
  ServiceReference,
  WebhookClientConfig,
} from "./types.generated.ts";

/** Versions of ConversionReview this server speaks. */
export const REVIEW_VERSIONS: readonly string[] = ["v1", "v1beta1"];

const FIELD = "spec.conversion";
// Upstream names the fields of its internal form here.
const FIELD_CLIENT = `${FIELD}.webhookClientConfig`;
const FIELD_REVIEWS = `${FIELD}.conversionReviewVersions`;
const NOT_WEBHOOK = "should not be set when strategy is not set to Webhook";
const URL_FORM = "; desired format: https://host[/path]";

/** What the definition had before an update. */
export type ConversionBefore = {
  readonly conversion: CustomResourceConversion | undefined;
  readonly isEstablished: boolean;
};

/** `before` is undefined for a new definition. */
export function conversionErrors(
  conversion: CustomResourceConversion | undefined,
  before: ConversionBefore | undefined,
): readonly FieldError[] {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  const errors = oneOf(`${FIELD}.strategy`, strategy, ["None", "Webhook"]);
  if (strategy !== "Webhook") {
    const { clientConfig, conversionReviewVersions = [] } = webhook ?? {};
    return [
      ...errors,
      ...(clientConfig === undefined ? [] : [forbidden(FIELD_CLIENT, NOT_WEBHOOK)]),
      ...(conversionReviewVersions.length === 0 ? [] : [forbidden(FIELD_REVIEWS, NOT_WEBHOOK)]),
    ];
  }
  return [
    ...errors,
    ...clientErrors(webhook?.clientConfig, before),
    ...reviewVersionErrors(
      webhook?.conversionReviewVersions ?? [],
      before?.conversion?.webhook?.conversionReviewVersions,
    ),
  ];
}

/** Whether a bundle can be used: absent, or with at least one PEM certificate. */
export function isValidCaBundle(caBundle: string | undefined): boolean {
  if (caBundle === undefined || caBundle === "") return true;
  try {
    return /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/.test(
      atob(caBundle),
    );
  } catch (error) {
    if (error instanceof DOMException) return false; // no base64
    throw error;
  }
}

function clientErrors(
  client: WebhookClientConfig | undefined,
  before: ConversionBefore | undefined,
): readonly FieldError[] {
  if (client === undefined) {
    return [required(FIELD_CLIENT, "required when strategy is set to Webhook")];
  }
  const { url, service, caBundle } = client;
  const errors: FieldError[] = [];
  if ((url === undefined) === (service === undefined)) {
    errors.push(required(FIELD_CLIENT, "exactly one of url or service is required"));
  } else if (url !== undefined) errors.push(...urlErrors(`${FIELD_CLIENT}.url`, url));
  else if (service !== undefined) {
    errors.push(...serviceErrors(`${FIELD_CLIENT}.service`, service));
  }
  // Before the kind is established a bundle may be unusable; a usable one may not become so.
  const wasValid = isValidCaBundle(before?.conversion?.webhook?.clientConfig?.caBundle);
  if (before?.isEstablished === true && wasValid && !isValidCaBundle(caBundle)) {
    const why = "unable to load root certificates: unable to parse bytes as PEM block";
    errors.push(invalid(`${FIELD_CLIENT}.caBundle`, caBundle, why));
  }
  return errors;
}

function urlErrors(field: string, text: string): readonly FieldError[] {
  const parsed = parseUrl(text);
  if (parsed.kind === "error") {
    return [required(field, `url must be a valid URL: ${parsed.message}${URL_FORM}`)];
  }
  // Split as Go splits; what a browser would mend is refused.
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(\?[^#]*)?(#.*)?$/s.exec(
    text,
  );
  const [, scheme = "", authority = "", query = "", fragment = ""] = match ?? [];
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const errors: FieldError[] = [];
  if (scheme.toLowerCase() !== "https") {
    errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${URL_FORM}`));
  }
  if (host === "") errors.push(invalid(field, host, `host must be specified${URL_FORM}`));
  if (at >= 0) {
    const user = authority.slice(0, at);
    errors.push(invalid(field, user, "user information is not permitted in the URL"));
  }
  if (fragment.length > 1) {
    const detail = "fragments are not permitted in the URL";
    errors.push(invalid(field, fragment.slice(1), detail));
  }
  if (query.length > 1) {
    const detail = "query parameters are not permitted in the URL";
    errors.push(invalid(field, query.slice(1), detail));
  }
  return errors;
}

function serviceErrors(field: string, service: ServiceReference): readonly FieldError[] {
  const { name, namespace, port = 443, path } = service;
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(`${field}.name`));
  if (namespace === "") errors.push(required(`${field}.namespace`));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    const detail = "port is not valid: must be between 1 and 65535, inclusive";
    errors.push(invalid(`${field}.port`, port, detail));
  }
  return [...errors, ...pathErrors(`${field}.path`, path ?? "")];
}

function pathErrors(field: string, path: string): readonly FieldError[] {
  if (path === "" || path === "/") return [];
  if (path === "//") return [invalid(field, path, "segment[0] may not be empty")];
  const errors: FieldError[] = [];
  if (!path.startsWith("/")) errors.push(invalid(field, path, "must start with a '/'"));
  const inner = path.slice(1).replace(/\/$/, "");
  for (const [index, segment] of inner.split("/").entries()) {
    if (segment === "") {
      errors.push(invalid(field, path, `segment[${index}] may not be empty`));
      continue;
    }
    const problem = dnsSubdomainProblem(segment);
    if (problem !== undefined) {
      errors.push(invalid(field, path, `segment[${index}]: ${problem}`));
    }
  }
  return errors;
}

function reviewVersionErrors(
  versions: readonly string[],
  old: readonly string[] | undefined,
): readonly FieldError[] {
  if (versions.length === 0) return [required(FIELD_REVIEWS)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const field = `${FIELD_REVIEWS}[${index}]`;
    if (seen.has(version)) errors.push(invalid(field, version, "duplicate version"));
    else errors.push(...fromProblem(field, version, dns1035LabelProblem(version)));
    seen.add(version);
  }
  const wasRecognized = old === undefined || old.length === 0 || old.some(isReviewVersion);
  if (wasRecognized && !versions.some(isReviewVersion)) {
    const detail = `must include at least one of ${REVIEW_VERSIONS.join(", ")}`;
    errors.push(invalid(FIELD_REVIEWS, versions, detail));
  }
  return errors;
}

function isReviewVersion(version: string): boolean {
  return REVIEW_VERSIONS.includes(version);
}
