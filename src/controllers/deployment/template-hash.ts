/**
 * Names for pod templates: equal templates have equal names, on every machine and in every release.
 *
 * The hash is our own, as clients take upstream's for opaque; whether two templates are the same is
 * always decided by comparing them, so a collision costs one more try and never a wrong rollout.
 */
import type { PodTemplateSpec } from "../../apis/core/v1/types.generated.ts";
import { compareText } from "../../machinery/key.ts";
import { isFields } from "../../machinery/object.ts";

/** Tells the pods, and the selector, of one ReplicaSet of a Deployment from those of another. */
export const TEMPLATE_HASH_LABEL = "pod-template-hash";

/** Letters and digits that spell no words and look unlike each other. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const HASH_LENGTH = 10;

/** FNV-1a, 64 bits. */
const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

const encoder = new TextEncoder();

/** Ten characters for a template; another ten for each `collisionCount`. */
export function templateHash(template: PodTemplateSpec, collisionCount: number): string {
  const text = `${collisionCount} ${templateText(template)}`;
  let hash = FNV_OFFSET;
  for (const byte of encoder.encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  const base = BigInt(ALPHABET.length);
  let letters = "";
  for (let length = 0; length < HASH_LENGTH; length += 1) {
    letters += ALPHABET.charAt(Number(hash % base));
    hash /= base;
  }
  return letters;
}

/** Whether pods of both templates would be the same, but for the label with the hash. */
export function isSameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return templateText(a) === templateText(b);
}

/** Of templates compared before: they are values, and the same few are looked at all the time. */
const knownTexts = new WeakMap<PodTemplateSpec, string>();

function templateText(template: PodTemplateSpec): string {
  const text = knownTexts.get(template) ?? canonicalText(withoutHash(template));
  knownTexts.set(template, text);
  return text;
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const labels = Object.entries(template.metadata.labels ?? {});
  const kept = labels.filter(([key]) => key !== TEMPLATE_HASH_LABEL);
  return { ...template, metadata: { ...template.metadata, labels: Object.fromEntries(kept) } };
}

/** JSON with sorted keys, where absent, null and an empty list are one, as they are to the API. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) => {
    if (!isFields(node)) return node;
    const entries = Object.entries(node).filter(([, field]) => !isAbsent(field));
    return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
  });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
