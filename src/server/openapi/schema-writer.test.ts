import { expect, test } from "vitest";
import { deploymentSchema } from "../../apis/apps/v1/schema.generated.ts";
import { OPENAPI_V2, OPENAPI_V3, SchemaWriter, type Dialect } from "./schema-writer.ts";

const APPS = "io.k8s.api.apps.v1";

test("schemas: shapes and fields say what they are, references too", () => {
  const checkWritten = (dialect: Dialect, status: unknown): void => {
    const writer = new SchemaWriter(dialect, []);
    writer.write(deploymentSchema);
    const components = Object.fromEntries(writer.take());
    expect(components[`${APPS}.Deployment`]).toMatchObject({
      description: expect.stringContaining("Keeps pods"),
      properties: { status },
    });
    expect(components[`${APPS}.DeploymentSpec`]).toMatchObject({
      properties: { replicas: { description: "How many pods there are to be. Default: 1." } },
    });
  };
  const description = "What was last seen. Controllers write it, not people.";
  const name = `${APPS}.DeploymentStatus`;
  checkWritten(OPENAPI_V2, { $ref: `#/definitions/${name}`, description });
  checkWritten(OPENAPI_V3, {
    description,
    default: {},
    allOf: [{ $ref: `#/components/schemas/${name}` }],
  });
});
