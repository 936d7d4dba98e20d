import { expect, test } from "vitest";
import { tlsWarnings } from "./tls-warnings.ts";

const pem = (...labels: readonly string[]): string =>
  btoa(labels.map((label) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`).join(""));

for (const { certificate, key, said } of [
  { certificate: pem("CERTIFICATE"), key: pem("EC PRIVATE KEY"), said: [] },
  { certificate: btoa("x"), key: "", said: ["failed to find any PEM data in certificate input"] },
  { certificate: pem("CERTIFICATE"), key: "", said: ["failed to find any PEM data in key input"] },
  {
    certificate: pem("PRIVATE KEY"),
    key: pem("CERTIFICATE"),
    said: [
      "failed to find certificate PEM data in certificate input, but did find a private key; " +
        "PEM inputs may have been switched",
    ],
  },
  {
    certificate: pem("CERTIFICATE"),
    key: pem("CERTIFICATE"),
    said: ["found a certificate rather than a key in the PEM for the private key"],
  },
  {
    certificate: pem("A", "B"),
    key: "",
    said: [
      'failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of ' +
        "the following types: [A B]",
    ],
  },
]) {
  test(`tls secrets: ${said[0] ?? "a certificate and a key are nothing to warn of"}`, () => {
    expect(tlsWarnings(certificate, key)).toEqual(said.map((text) => `tls: ${text}`));
  });
}

test("tls secrets: a megabyte of blocks that never end is read in one pass", () => {
  const begins = Array.from({ length: 50_000 }, (_, index) => `-----BEGIN ${index}-----\n`);
  const hostile = btoa(`${begins.join("")}-----END x-----\n`);
  expect(tlsWarnings(hostile, hostile)).toHaveLength(1);
});
