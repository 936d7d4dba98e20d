/** A schema that a custom resource definition cannot have. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  /** As in a CRD: `spec.ports[].port`. */
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`${path === "" ? "the schema" : path}: ${problem}`);
    this.path = path;
  }
}
