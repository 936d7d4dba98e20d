/** Values of a pod that its containers may ask for: the downward API. */
import type { Container, Pod, ResourceFieldSelector } from "../../apis/core/v1/types.generated.ts";
import { compareText } from "../../machinery/key.ts";
import { milliValue, parseQuantity, value } from "../../machinery/quantity.ts";
import { ConfigError } from "./config-error.ts";

/** Addresses, which the status may not show yet when a container is made. */
export type PodAddresses = { readonly podIp: string; readonly hostIp: string };

/** What resource fields mean where the container sets no limit, e.g. `{ cpu: "2" }`. */
export type Allocatable = Readonly<Record<string, string>>;

const MAP_KEY = /^metadata\.(labels|annotations)\['([^']*)'\]$/;

/** The value of a `fieldRef`. */
export function podFieldValue(pod: Pod, path: string, addresses: PodAddresses): string {
  const entry = MAP_KEY.exec(path);
  if (entry !== null) {
    const map = entry[1] === "labels" ? pod.metadata.labels : pod.metadata.annotations;
    const key = entry[2] ?? "";
    return map !== undefined && Object.hasOwn(map, key) ? (map[key] ?? "") : "";
  }
  switch (path) {
    case "metadata.name":
      return pod.metadata.name ?? "";
    case "metadata.namespace":
      return pod.metadata.namespace ?? "";
    case "metadata.uid":
      return pod.metadata.uid ?? "";
    case "metadata.labels":
      return mapText(pod.metadata.labels);
    case "metadata.annotations":
      return mapText(pod.metadata.annotations);
    case "spec.nodeName":
      return pod.spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "";
    case "status.hostIP":
    case "status.hostIPs":
      return addresses.hostIp;
    case "status.podIP":
    case "status.podIPs":
      return addresses.podIp;
    default:
      throw new ConfigError(`field path "${path}" is not one a container can refer to`);
  }
}

/** `key="value"` a line, sorted: how a volume shows labels and annotations. */
function mapText(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, text]) => `${key}=${JSON.stringify(text)}\n`)
    .join("")
    .trimEnd();
}

/** The value of a `resourceFieldRef`, in whole multiples of its divisor, rounded up. */
export function resourceFieldValue(
  container: Container,
  selector: ResourceFieldSelector,
  allocatable: Allocatable,
): string {
  const match = /^(limits|requests)\.(.+)$/.exec(selector.resource);
  if (match === null) {
    throw new ConfigError(`resource "${selector.resource}" is not limits.… or requests.…`);
  }
  const name = match[2] ?? "";
  const { limits = {}, requests = {} } = container.resources ?? {};
  const limit = ownText(limits, name) ?? ownText(allocatable, name);
  const text = match[1] === "limits" ? limit : (ownText(requests, name) ?? "0");
  const amount = parseQuantity(text ?? "0");
  const divisor = parseQuantity(emptyAsOne(selector.divisor));
  if (amount === undefined || divisor === undefined) {
    throw new ConfigError(`resource "${selector.resource}" has no readable quantity or divisor`);
  }
  return name === "cpu"
    ? ceilDivide(milliValue(amount), milliValue(divisor))
    : ceilDivide(value(amount), value(divisor));
}

function emptyAsOne(divisor: string | undefined): string {
  return divisor === undefined || divisor === "" || divisor === "0" ? "1" : divisor;
}

function ceilDivide(amount: bigint, divisor: bigint): string {
  if (divisor <= 0n) throw new ConfigError("a divisor is greater than 0");
  return String((amount + divisor - 1n) / divisor);
}

function ownText(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
