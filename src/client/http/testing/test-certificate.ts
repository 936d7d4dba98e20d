/** A certificate of its own authority for 127.0.0.1, made for one test file. */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";

export type TestCertificate = { readonly certificate: string; readonly key: string };

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** For `hosts` (addresses or names). */
export async function aCertificate(
  validity: { readonly notBefore: Date; readonly notAfter: Date },
  hosts: readonly string[] = ["127.0.0.1"],
): Promise<TestCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const names = hosts.map((host) => ({
    type: /^[0-9.]+$/.test(host) ? ("ip" as const) : ("dns" as const),
    value: host,
  }));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${hosts[0] ?? "test"}`, // several that one server trusts are found by name
      keys,
      ...validity,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.SubjectAlternativeNameExtension(names),
        new x509.BasicConstraintsExtension(true),
      ],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}
