/** What stands around the code of a project: package, compiler, container, words for people. */
import type { Project } from "./project.ts";

/** Of the packages a project needs, as ranges. */
export type Versions = {
  readonly setpoint: string;
  readonly zod: string;
  readonly typescript: string;
  readonly vitest: string;
  readonly nodeTypes: string;
};

export function packageText({ name }: Project, versions: Versions): string {
  const manifest = {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    engines: { node: ">=22.22.2" },
    scripts: {
      start: "node src/main.ts",
      test: "tsc && vitest run --testTimeout 20000",
      manifests:
        `setpoint generate install src/controller.ts --image ${name}:1 ` +
        "-o manifests/install.yaml",
    },
    dependencies: { setpoint: versions.setpoint, zod: versions.zod },
    devDependencies: {
      "@types/node": versions.nodeTypes,
      typescript: versions.typescript,
      vitest: versions.vitest,
    },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Node runs the sources as they are; the compiler only checks. */
export const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2024",
    "lib": ["es2024", "esnext.disposable"],
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["src"]
}
`;

/** The user is a number, as `runAsNonRoot` can only judge numbers. */
export function containerText(): string {
  return `FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
USER 1000
CMD ["node", "src/main.ts"]
`;
}

export const IGNORED_BY_DOCKER = `*
!package.json
!package-lock.json
!src
**/*.test.ts
`;

export const IGNORED_BY_GIT = `node_modules/
.setpoint/
`;

const WEBHOOK_ROW = "| `src/webhook.ts` | what an API server asks before it stores an object |\n";
const WEBHOOK_HINT = `
Started so, its webhook is called at 127.0.0.1: a cluster on another machine does not reach it.
`;

export function readmeText({ name, kind, plural, file, hasWebhook }: Project): string {
  return `# ${name}

A controller for the kind ${kind}: it keeps a Deployment for every object of it.

| file                     | what it is                                                       |
| ------------------------ | ---------------------------------------------------------------- |
| \`src/${file}.ts\` | the kind; its types and its definition follow from the schema |
| \`src/controller.ts\` | what is done with an object |
${hasWebhook ? WEBHOOK_ROW : ""}| \`src/main.ts\` | the program |
| \`src/controller.test.ts\` | tests, on a whole control plane in memory and in virtual time |
| \`manifests/\` | what a cluster needs, made by \`npm run manifests\`; and a sample |

    npm install
    npm test

## Run it

In one terminal, a control plane of your own:

    npx setpoint up

In another (any other Kubernetes cluster will do, if KUBECONFIG names it):

    export KUBECONFIG=$PWD/.setpoint/kubeconfig
    npm start
${hasWebhook ? WEBHOOK_HINT : ""}
And in a third:

    export KUBECONFIG=$PWD/.setpoint/kubeconfig
    npx setpoint apply -f manifests/sample.yaml
    npx setpoint get ${plural},deployments

\`setpoint up\` runs pods as processes and has no image called nginx, so there the sample does not
become ready; in a cluster with containers it does.

## Ship it

Whenever the kind or what the controller owns has changed:

    npm run manifests

Then build the image, bring it where the cluster finds it, and apply:

    docker build -t ${name}:1 .
    kubectl apply -f manifests/install.yaml
`;
}
