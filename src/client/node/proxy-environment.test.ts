import { expect, test } from "vitest";
import { proxyOfEnvironment } from "./proxy-environment.ts";

type Variables = Readonly<Record<string, string>>;

function proxyFor(server: string, variables: Variables): string | undefined {
  return proxyOfEnvironment(server, (name) => variables[name]);
}

const PROXY = "http://proxy:3128/";

test.each<[what: string, server: string, variables: Variables, proxy: string | undefined]>([
  ["https by HTTPS_PROXY", "https://a", { HTTPS_PROXY: "http://proxy:3128" }, PROXY],
  ["https not by HTTP_PROXY", "https://a", { HTTP_PROXY: "http://proxy:3128" }, undefined],
  ["http by HTTP_PROXY", "http://a", { HTTP_PROXY: "http://proxy:3128" }, PROXY],
  ["small letters", "https://a", { https_proxy: "http://proxy:3128" }, PROXY],
  ["capitals first", "https://a", { HTTPS_PROXY: "proxy:3128", https_proxy: "http://b" }, PROXY],
  ["an empty variable is none", "https://a", { HTTPS_PROXY: "" }, undefined],
  ["an empty one leaves the other", "https://a", { HTTPS_PROXY: "", https_proxy: PROXY }, PROXY],
  ["without a scheme", "https://a", { HTTPS_PROXY: "proxy:3128" }, PROXY],
  ["socks", "https://a", { HTTPS_PROXY: "socks5://me:pw@s" }, "socks5://me:pw@s"],
  ["never to this machine", "https://localhost:6443", { HTTPS_PROXY: PROXY }, undefined],
  ["never to its address", "https://127.0.0.1:6443", { HTTPS_PROXY: PROXY }, undefined],
  ["never to its other address", "https://[::1]:6443", { HTTPS_PROXY: PROXY }, undefined],
])("the environment names the proxy: %s", (_what, server, variables, proxy) => {
  expect(proxyFor(server, variables)).toBe(proxy);
});

test.each<[list: string, server: string, isExcepted: boolean]>([
  ["*", "https://a", true],
  ["a,*", "https://b", true],
  ["example.com", "https://example.com", true],
  ["example.com", "https://api.example.com", true],
  ["example.com", "https://notexample.com", false],
  ["Example.COM", "https://api.EXAMPLE.com", true],
  [".example.com", "https://api.example.com", true],
  [".example.com", "https://example.com", false],
  ["*.example.com", "https://api.example.com", true],
  ["*.example.com", "https://example.com", false],
  [" a , b ", "https://b", true],
  ["", "https://a", false],
  [",", "https://a", false],
  ["example.com:6443", "https://example.com:6443", true],
  ["example.com:6443", "https://example.com", false],
  ["example.com:443", "https://example.com", true],
  [":6443", "https://example.com:6443", false],
  ["10.0.0.1", "https://10.0.0.1", true],
  ["10.0.0.1", "https://10.0.0.2", false],
  ["10.0.0.1:6443", "https://10.0.0.1:6443", true],
  ["10.0.0.1:6443", "https://10.0.0.1", false],
  ["10.0.0.0/8", "https://10.9.9.9", true],
  ["10.0.0.0/8", "https://11.0.0.1", false],
  ["10.0.0.0/99", "https://10.0.0.1", false],
  ["10.0.0.0/8", "https://names.are.not.looked.up", false],
  ["fd00::/8", "https://[fd00::1]", true],
  ["fd00::1", "https://[fd00::1]", true],
  ["[fd00::1]:6443", "https://[fd00::1]:6443", true],
  ["[fd00::1]:6443", "https://[fd00::1]", false],
])("NO_PROXY=%s: %s goes without a proxy: %s", (list, server, isExcepted) => {
  const found = proxyFor(server, { HTTPS_PROXY: "http://proxy:3128", NO_PROXY: list });
  expect(found === undefined).toBe(isExcepted);
});

test("a variable that holds no proxy is named, and its password is not told", () => {
  expect(() => proxyFor("https://a", { https_proxy: "ftp://me:secret@b" })).toThrow(
    "https_proxy: ftp://b is no http, https or socks5 URL; others are not known; " +
      "add a to NO_PROXY to go without a proxy",
  );
});
