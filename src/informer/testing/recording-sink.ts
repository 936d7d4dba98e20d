import type { ReflectorSink } from "../reflector-sink.ts";
import { stateText, type Thing } from "./fake-history.ts";

/** A sink that keeps the objects, and writes down what it is told. */
export class RecordingSink implements ReflectorSink<Thing> {
  readonly told: string[] = [];
  readonly objects: Map<string, Thing> = new Map();
  resourceVersion: string = "";

  replace(objects: readonly Thing[], resourceVersion: string): void {
    this.told.push(`replace ${objects.length}`);
    this.objects.clear();
    for (const object of objects) this.#keep(object);
    this.resourceVersion = resourceVersion;
  }

  put(object: Thing): void {
    this.told.push(`put ${stateText(object, false)}`);
    this.#keep(object);
  }

  remove(object: Thing): void {
    this.told.push(`remove ${stateText(object, false)}`);
    this.objects.delete(object.metadata.name ?? "");
  }

  progress(resourceVersion: string): void {
    this.resourceVersion = resourceVersion;
  }

  #keep(object: Thing): void {
    this.objects.set(object.metadata.name ?? "", object);
  }
}
