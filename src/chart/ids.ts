/** The SHA-1 digest of a text's UTF-8 bytes in hex (FIPS 180-4). For stable names only, so it may be this old and this small. */
export function sha1(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const padded = new DataView(new ArrayBuffer((((bytes.length + 8) >> 6) + 1) << 6));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setBigUint64(padded.byteLength - 8, BigInt(bytes.length) * 8n);
  const digest = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  for (let block = 0; block < padded.byteLength; block += 64) compress(digest, padded, block);
  return Array.from(digest, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function compress(digest: Int32Array, bytes: DataView, block: number): void {
  const schedule = new Int32Array(80);
  for (let step = 0; step < 80; step++) {
    schedule[step] = step < 16 ? bytes.getInt32(block + step * 4) : rotated(mixed(schedule, step), 1);
  }
  let [a, b, c, d, e] = digest as unknown as [number, number, number, number, number];
  for (let step = 0; step < 80; step++) {
    const next = (rotated(a, 5) + choice(step, b, c, d) + e + constant(step) + (schedule[step] ?? 0)) | 0;
    [e, d, c, b, a] = [d, c, rotated(b, 30), a, next];
  }
  for (const [index, word] of [a, b, c, d, e].entries()) digest[index] = ((digest[index] ?? 0) + word) | 0;
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function mixed(schedule: Int32Array, step: number): number {
  return [3, 8, 14, 16].reduce((mix, back) => mix ^ (schedule[step - back] ?? 0), 0);
}

function choice(step: number, b: number, c: number, d: number): number {
  if (step < 20) return (b & c) | (~b & d);
  if (step >= 40 && step < 60) return (b & c) | (b & d) | (c & d);
  return b ^ c ^ d;
}

function constant(step: number): number {
  return [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(step / 20)] ?? 0;
}

/**
 * The Node-RED id of a part of a chart: the same chart and part always have the same id, and it is never the part's own
 * name, which Node-RED would take for a reference wherever a property holds it.
 */
export function flowId(chart: string, kind: 'tab' | 'chart' | 'box', mermaidId = ''): string {
  return sha1([chart, kind, mermaidId].join('\0')).slice(0, 16);
}
