import { describe, expect, test } from "vitest";
import type { Pod, Service } from "../../client/builtin.ts";
import { aPod } from "../testing/views.ts";
import { serviceVariables } from "./service-variables.ts";

function aService(
  name: string,
  namespace: string,
  clusterIP: string,
  ports: Service["spec"]["ports"] = [{ port: 80, protocol: "TCP" }],
): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { clusterIP, ...(ports === undefined ? {} : { ports }) },
    status: {},
  };
}

const API = aService("kubernetes", "default", "10.0.0.1", [
  { name: "https", port: 443, protocol: "TCP" },
]);

function variables(pod: Pod, ...services: readonly Service[]): Readonly<Record<string, string>> {
  return Object.fromEntries(serviceVariables(pod, services).map((one) => [one.name, one.value]));
}

describe("variables of services", () => {
  test("say where a service is, in all the ways that programs look", () => {
    const web = aService("my-web", "default", "10.0.0.7", [
      { name: "http", port: 80, protocol: "TCP" },
      { name: "dns-udp", port: 53, protocol: "UDP" },
    ]);
    expect(variables(aPod(), web)).toEqual({
      MY_WEB_SERVICE_HOST: "10.0.0.7",
      MY_WEB_SERVICE_PORT: "80",
      MY_WEB_SERVICE_PORT_HTTP: "80",
      MY_WEB_SERVICE_PORT_DNS_UDP: "53",
      MY_WEB_PORT: "tcp://10.0.0.7:80",
      MY_WEB_PORT_80_TCP: "tcp://10.0.0.7:80",
      MY_WEB_PORT_80_TCP_PROTO: "tcp",
      MY_WEB_PORT_80_TCP_PORT: "80",
      MY_WEB_PORT_80_TCP_ADDR: "10.0.0.7",
      MY_WEB_PORT_53_UDP: "udp://10.0.0.7:53",
      MY_WEB_PORT_53_UDP_PROTO: "udp",
      MY_WEB_PORT_53_UDP_PORT: "53",
      MY_WEB_PORT_53_UDP_ADDR: "10.0.0.7",
    });
  });

  test("put an IPv6 address in brackets where a port follows", () => {
    const values = variables(aPod(), aService("web", "default", "fd00::7"));
    expect(values["WEB_PORT"]).toBe("tcp://[fd00::7]:80");
    expect(values["WEB_SERVICE_HOST"]).toBe("fd00::7");
  });

  test("tell every pod of the API server, and of the services of its namespace alone", () => {
    const pod = aPod({ metadata: { namespace: "team" } });
    const services = [
      API,
      aService("near", "team", "10.0.0.2"),
      aService("far", "other", "10.0.0.3"),
      aService("headless", "team", "None"),
    ];
    const hosts = (of: Pod): readonly string[] =>
      Object.keys(variables(of, ...services)).filter((name) => name.endsWith("_SERVICE_HOST"));
    expect(hosts(pod)).toEqual(["KUBERNETES_SERVICE_HOST", "NEAR_SERVICE_HOST"]);
    const unlinked = { ...pod, spec: { ...pod.spec, enableServiceLinks: false } };
    expect(hosts(unlinked)).toEqual(["KUBERNETES_SERVICE_HOST"]);
  });

  test("a service called kubernetes hides the API server in its own namespace", () => {
    const own = aService("kubernetes", "a-team", "10.0.0.9");
    for (const services of [
      [API, own],
      [own, API],
    ]) {
      const pod = aPod({ metadata: { namespace: "a-team" } });
      expect(variables(pod, ...services)["KUBERNETES_SERVICE_HOST"]).toBe("10.0.0.9");
    }
  });
});
