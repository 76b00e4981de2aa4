import { sizeProblem, defaultCodecLimits, type Codec, type CodecLimits, type Decoded, type Encoded } from './codec.ts';

/** JSON in UTF-8 (RFC 8259). A key `__proto__` is refused, since merging such a value elsewhere would change its prototype. */
export const json: Codec = { contentType: 'application/json', suffix: 'json', encode, decode };

function encode(value: unknown, limits: CodecLimits = defaultCodecLimits): Encoded {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    return { problem: `the value has no JSON form: ${reasonOf(error)}` };
  }
  if (text === undefined) return { problem: `a value of type ${typeof value} has no JSON form` };
  const bytes = Buffer.from(text);
  const problem = sizeProblem(bytes.length, limits) ?? depthProblem(bytes, limits.maxDepth);
  return problem === undefined ? { bytes } : { problem };
}

function decode(bytes: Uint8Array, limits: CodecLimits = defaultCodecLimits): Decoded {
  // Depth is counted before parsing: a hostile payload costs one pass over its bytes.
  const problem = sizeProblem(bytes.length, limits) ?? depthProblem(bytes, limits.maxDepth);
  if (problem !== undefined) return { problem };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { problem: 'not UTF-8' };
  }
  try {
    const value: unknown = JSON.parse(text);
    return MAY_NAME_PROTO.test(text) && namesProto(value) ? { problem: 'a key "__proto__" is not allowed' } : { value };
  } catch (error) {
    return { problem: `not JSON: ${reasonOf(error)}` };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const MAY_NAME_PROTO = /__proto__|\\u005f/i;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Works on bytes: in UTF-8 no part of a longer character equals one of these. */
function depthProblem(bytes: Uint8Array, maxDepth: number): string | undefined {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > maxDepth) return `nested deeper than the limit of ${maxDepth}`;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth -= 1;
  }
  return undefined;
}

function namesProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(namesProto);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
