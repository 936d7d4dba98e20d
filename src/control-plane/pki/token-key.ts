/** The key that signs tokens of service accounts, in the data directory beside the certificates. */
import type { Files } from "../../base/files.ts";
import { createTokenKey } from "../../server/authn/service-account/token-keys.ts";

/** As kubeadm names it. */
const FILE = "sa.key";

/** Reads the key or makes it, PEM, readable by its owner only. Its tokens outlive the process. */
export async function openTokenKey(directory: string, files: Files): Promise<string> {
  const path = `${directory}/${FILE}`;
  const kept = await files.read(path);
  if (kept !== undefined) return new TextDecoder().decode(kept);
  const made = createTokenKey();
  await files.write(path, new TextEncoder().encode(made), { mode: 0o600 });
  return made;
}
