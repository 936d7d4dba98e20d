/** What people do with objects of a kind in one life: all that an API lets them do. */
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { gone } from "../scenario/gone.ts";
import type { Operation } from "../scenario/operation.ts";
import { objectOf, type Spec } from "./specs.ts";

/** Of four specs: one object is made, changed, deleted and made again; another one stays. */
export function lifeOf(type: DefinedResource, specs: readonly Spec[]): readonly Operation[] {
  const [first, second, third, fourth] = specs;
  if (first === undefined) return [];
  return [
    creates(type, "a", first),
    changes(type, "a", second ?? first),
    creates(type, "b", third ?? first),
    deletes(type, "a"),
    createsAgain(type, "a", fourth ?? first),
  ].map((operation) => ({ ...operation, mayBeRefused: true })); // rules of change are not known
}

function creates(type: DefinedResource, name: string, { called, spec }: Spec): Operation {
  return {
    name: `create ${type.kind} ${name} (${called})`,
    detail: detailOf(spec),
    run: async (client, context) => {
      await client.create<ApiObject>(type, objectOf(type, name, spec), context);
    },
  };
}

/** Of longer ones stories tell the beginning. */
const DETAIL_LENGTH_MAX = 200;

function detailOf(spec: Fields): string {
  const text = JSON.stringify(spec);
  return text.length <= DETAIL_LENGTH_MAX ? text : `${text.slice(0, DETAIL_LENGTH_MAX - 1)}…`;
}

/** The whole spec is another one. Who was faster is read again. */
function changes(type: DefinedResource, name: string, { called, spec }: Spec): Operation {
  const key = keyOf(objectOf(type, name, spec));
  return {
    name: `change ${type.kind} ${name} (${called})`,
    detail: detailOf(spec),
    run: async (client, context) => {
      for (let tries = 1; ; tries += 1) {
        const now = await client.get<ApiObject>(type, key, context);
        try {
          await client.update<ApiObject>(type, Object.assign({}, now, { spec }), context);
          return;
        } catch (error) {
          if (!isStatus(error, "Conflict") || tries >= TRIES_MAX) throw error;
        }
      }
    },
  };
}

const TRIES_MAX = 20;

function deletes(type: DefinedResource, name: string): Operation {
  const key = keyOf(objectOf(type, name, {}));
  return {
    name: `delete ${type.kind} ${name}`,
    run: async (client, context) => {
      await client.delete(type, key, context);
    },
  };
}

/** When the one before has gone, however long that takes. */
function createsAgain(type: DefinedResource, name: string, { called, spec }: Spec): Operation {
  const object = objectOf(type, name, spec);
  return {
    name: `create ${type.kind} ${name} again (${called})`,
    detail: detailOf(spec),
    run: async (client, context) => {
      await gone(client, type, keyOf(object), context);
      await client.create<ApiObject>(type, object, context);
    },
  };
}
