/**
 * A container cannot be made because of what its spec asks for: it waits with reason
 * `CreateContainerConfigError`, and is tried again, since what is missing may come.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
