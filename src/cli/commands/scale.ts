/** `scale --replicas=N`: through the scale subresource, as any autoscaler would. */
import { parseObjectArguments } from "../object-arguments.ts";
import type { Session } from "../session.ts";
import { kindPrefix } from "./get.ts";

export async function scale(
  session: Session,
  words: readonly string[],
  replicas: number,
): Promise<void> {
  const mapper = await session.mapper();
  for (const { word, names } of parseObjectArguments(words, { isNameRequired: true })) {
    const type = mapper.resolve(word);
    for (const name of names) {
      const key = { namespace: session.namespace, name };
      const patch = { kind: "merge", patch: { spec: { replicas } } } as const;
      await session.client.patch(type, key, patch, session.context, { subresource: "scale" });
      session.terminal.write(`${kindPrefix(type)}/${name} scaled\n`);
    }
  }
}
