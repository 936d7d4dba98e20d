/** A request body in protobuf: an envelope that names the kind, and the message of that kind. */
import { ProtobufError, readFields, type WireField } from "./wire.ts";
import { decodeMessage } from "./decode-message.ts";
import { MAGIC } from "./encode-object.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";

export const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";

type Named = { readonly kind: string; readonly schema: StructuralSchema };

/**
 * The JSON the body stands for. One of another kind than expected is not read beyond its name, for
 * the caller to refuse. Throws `ProtobufError`.
 */
export function decodeProtobufBody(body: Uint8Array, expected: Named): unknown {
  if (!MAGIC.every((byte, index) => body[index] === byte)) {
    throw new ProtobufError(
      body.length === 0
        ? "empty data"
        : "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  if (body.length === MAGIC.length) throw new ProtobufError("empty body");
  const envelope = readFields(body.subarray(MAGIC.length));
  const type = readFields(bytesAt(envelope, 1));
  const apiVersion = new TextDecoder().decode(bytesAt(type, 1));
  const kind = new TextDecoder().decode(bytesAt(type, 2));
  if (kind !== expected.kind) return { apiVersion, kind };
  return { ...decodeMessage(bytesAt(envelope, 2), expected.schema), apiVersion, kind };
}

/** Nothing where there is no such field. */
function bytesAt(fields: readonly WireField[], number: number): Uint8Array {
  const field = fields.find((each) => each.number === number);
  if (field === undefined) return new Uint8Array();
  if (field.kind !== "bytes") throw new ProtobufError("a field has another wire type");
  return field.bytes;
}
