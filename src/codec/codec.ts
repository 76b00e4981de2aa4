/** Limits of one value on its way to or from bytes. */
export interface CodecLimits {
  /** Largest encoded form, in bytes. Default 262,144. */
  readonly maxBytes: number;
  /** Most objects and arrays inside one another. Default 64. */
  readonly maxDepth: number;
}

export const defaultCodecLimits: CodecLimits = { maxBytes: 262_144, maxDepth: 64 };

export type Encoded = { readonly bytes: Uint8Array } | { readonly problem: string };
export type Decoded = { readonly value: unknown } | { readonly problem: string };

/** Turns values into bytes and back. Never throws for what a user can send: a problem is returned. */
export interface Codec {
  /** MIME type without parameters, lower case: `application/json`. */
  readonly contentType: string;
  /** Structured syntax suffix (RFC 6839) it also reads: `json` for `application/senml+json`. */
  readonly suffix?: string;
  encode(value: unknown, limits?: CodecLimits): Encoded;
  decode(bytes: Uint8Array, limits?: CodecLimits): Decoded;
}

/** The problem of a size, in the words every codec uses. */
export function sizeProblem(sizeBytes: number, { maxBytes }: CodecLimits): string | undefined {
  return sizeBytes > maxBytes ? `${sizeBytes} bytes exceed the limit of ${maxBytes}` : undefined;
}
