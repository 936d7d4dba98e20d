/** What who writes a pair of certificate and key is told when there is no such pair in it. */
import { pemBlocks, textOfBytes } from "../../certificates/v1/pem.ts";

/** `tls: …` in the words of Go's library, which upstream passes on. Texts are base64. */
export function tlsWarnings(certificate: string, key: string): readonly string[] {
  const problem = certificateProblem(labelsIn(certificate)) ?? keyProblem(labelsIn(key));
  return problem === undefined ? [] : [`tls: ${problem}`];
}

function certificateProblem(labels: readonly string[]): string | undefined {
  if (labels.includes("CERTIFICATE")) return undefined;
  if (labels.length === 0) return "failed to find any PEM data in certificate input";
  if (labels.length === 1 && labels.every((label) => label.endsWith("PRIVATE KEY"))) {
    return (
      "failed to find certificate PEM data in certificate input, but did find a private key; " +
      "PEM inputs may have been switched"
    );
  }
  return (
    'failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of ' +
    `the following types: [${labels.join(" ")}]`
  );
}

function keyProblem(labels: readonly string[]): string | undefined {
  if (labels.some((label) => label === "PRIVATE KEY" || label.endsWith(" PRIVATE KEY"))) {
    return undefined;
  }
  if (labels.length === 0) return "failed to find any PEM data in key input";
  if (labels.length === 1 && labels[0] === "CERTIFICATE") {
    return "found a certificate rather than a key in the PEM for the private key";
  }
  return (
    'failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM ' +
    `blocks of the following types: [${labels.join(" ")}]`
  );
}

function labelsIn(base64: string): readonly string[] {
  return pemBlocks(textOfBytes(base64)).map(({ label }) => label);
}
