import { expect, test } from "vitest";
import type { Files } from "../../base/files.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { renewed, type ServingSet } from "../../pki/rotation.ts";
import { FileCertificates } from "./file-certificates.ts";

function filesOf(content: Map<string, string>): Files {
  const refuse = (): Promise<never> => Promise.reject(new Error("only read"));
  return {
    read: (path) => {
      const text = content.get(path);
      return Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
    },
    write: refuse,
    list: refuse,
    remove: refuse,
  };
}

async function aSet(): Promise<ServingSet> {
  return (await renewed(undefined, { hosts: ["a.b.svc"] }, virtualEnv())).set;
}

test("files are read anew at each look; the authority may be missing", async () => {
  const [first, second] = [await aSet(), await aSet()];
  const content = new Map([
    ["/certs/tls.crt", first.certificate],
    ["/certs/tls.key", first.key],
  ]);
  const source = new FileCertificates("/certs", filesOf(content));
  const { certificate, key } = first;
  expect(await source.look()).toMatchObject({ certificate, key, authorities: undefined });

  content.set("/certs/tls.crt", second.certificate);
  await expect(source.look()).rejects.toThrow(
    "tls.crt and tls.key in /certs do not belong together",
  );
  content.set("/certs/tls.key", second.key).set("/certs/ca.crt", second.authorities);
  const { authorities } = second;
  expect(await source.look()).toMatchObject({ certificate: second.certificate, authorities });
});

test("a file that is missing is named", async () => {
  const source = new FileCertificates("/certs", filesOf(new Map()));
  await expect(source.look()).rejects.toThrow("there is no file /certs/tls.crt");
});
