/** The key that signs tokens of service accounts, in the data directory beside the certificates. */
import type { Files } from "../../base/files.ts";
import {
  createTokenKey,
  readTokenKeys,
  type TokenKeys,
} from "../../server/authn/service-account/token-keys.ts";

/** As kubeadm names it. */
const FILE = "sa.key";

/**
 * Reads the key or makes it, readable by its owner only: its tokens outlive the process. Rejects
 * when what is there is no key.
 */
export async function openTokenKeys(directory: string, files: Files): Promise<TokenKeys> {
  const path = `${directory}/${FILE}`;
  const kept = await files.read(path);
  if (kept !== undefined) return readTokenKeys(new TextDecoder().decode(kept));
  const made = await createTokenKey();
  await files.write(path, new TextEncoder().encode(made), { mode: 0o600 });
  return readTokenKeys(made);
}
