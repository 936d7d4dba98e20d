/** The admission webhook a project may begin with, its test, and its words in other files. */
import type { Project } from "./project.ts";

/** `siteWebhook` */
export function webhookName({ kind }: Project): string {
  return `${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}Webhook`;
}

export function webhookText(project: Project): string {
  const { kind, file } = project;
  return `/** What a schema cannot say: an image that nobody moves, as far as it is new. */
import { admission } from "setpoint/controller-runtime";
import { ${kind} } from "./${file}.ts";

export const ${webhookName(project)} = admission(${kind}, {
  validate: ({ spec: { image } }, ctx) => {
    if (ctx.old?.spec.image === image) return []; // what is there may stay
    const tag = /:([\\w.-]+)$/.exec(image)?.[1] ?? "latest";
    if (image.includes("@") || tag !== "latest") return [];
    return [{ field: "spec.image", value: image, detail: "names no version, e.g. web:1" }];
  },
});
`;
}

export function webhookTestText(project: Project): string {
  const { kind, file, group } = project;
  const name = webhookName(project);
  return `/** The webhook, called by a control plane in memory as by a cluster. */
import { createTestWorld } from "setpoint/testing";
import { expect, test } from "vitest";
import { ${kind} } from "./${file}.ts";
import { ${name} } from "./webhook.ts";

const named = (image: string) => \`
apiVersion: ${group}/v1
kind: ${kind}
metadata:
  name: home
spec:
  image: \${image}
\`;

test("an image without a version is refused, with what to do", async () => {
  await using world = await createTestWorld({ webhooks: [${name}] });
  await expect(world.apply(named("web"))).rejects.toThrow("names no version, e.g. web:1");
  await expect(world.apply(named("web:latest"))).rejects.toThrow("names no version");
  await world.apply(named("web:1"));
  expect((await world.get(${kind}, "home"))?.spec.image).toBe("web:1");
});
`;
}

/** So that `generate` finds it beside the controllers. */
export function webhookExport(project: Project): string {
  return project.hasWebhook ? `\nexport { ${webhookName(project)} } from "./webhook.ts";\n` : "";
}

/** Of the manager's options. */
export function webhookOption(project: Project): string {
  if (!project.hasWebhook) return "";
  return `  webhooks: {
    handlers: [${webhookName(project)}],
    ...(namespace === undefined
      ? { url: (port: number) => \`https://127.0.0.1:\${port}\`, host: "127.0.0.1", port: 0 }
      : { service: { namespace, name: \`\${name}-webhook\` } }),
  },
`;
}
