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

/** FNV-1a, 64 bits: of its start the halves, of its prime 2^40 + this. */
const FNV_OFFSET_HIGH = 0xcbf29ce4;
const FNV_OFFSET_LOW = 0x84222325;
const FNV_PRIME_LOW = 0x1b3;

const encoder = new TextEncoder();

/** Ten characters for a template; another ten for each `collisionCount`. */
export function templateHash(template: PodTemplateSpec, collisionCount: number): string {
  let hash = hashOf(`${collisionCount} ${templateText(template)}`);
  const base = BigInt(ALPHABET.length);
  let letters = "";
  for (let length = 0; length < HASH_LENGTH; length += 1) {
    letters += ALPHABET.charAt(Number(hash % base));
    hash /= base;
  }
  return letters;
}

/** In halves, for a number holds 53 bits: what goes from the lower to the upper one fits. */
function hashOf(text: string): bigint {
  let high = FNV_OFFSET_HIGH;
  let low = FNV_OFFSET_LOW;
  for (const byte of encoder.encode(text)) {
    low = (low ^ byte) >>> 0;
    const product = low * FNV_PRIME_LOW;
    const carry = Math.floor(product / 2 ** 32);
    high = (Math.imul(high, FNV_PRIME_LOW) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Whether pods of both templates would be the same, but for the label with the hash. */
export function isSameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return a === b || templateText(a) === templateText(b);
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
