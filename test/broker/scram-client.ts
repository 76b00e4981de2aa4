import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** The client's side of SCRAM-SHA-256, after RFC 5802 and 7677 and nothing else. */
export class ScramClient {
  readonly first: string;
  readonly #bare: string;
  readonly #password: string;
  #serverSignature = '';

  constructor(user: string, password: string, nonce = 'rOprNGfwEbeRWgbNEkqO') {
    this.#password = password;
    this.#bare = `n=${user},r=${nonce}`;
    this.first = `n,,${this.#bare}`;
  }

  /** The last message of the client. */
  answer(challenge: string): string {
    const [, nonce = '', salt = '', iterations = ''] = /^r=(.+),s=(.+),i=(\d+)$/.exec(challenge) ?? [];
    const salted = pbkdf2Sync(this.#password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const unproved = `c=biws,r=${nonce}`;
    const said = `${this.#bare},${challenge},${unproved}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), said);
    const proof = clientKey.map((byte, index) => byte ^ signature[index]!);
    this.#serverSignature = hmac(hmac(salted, 'Server Key'), said).toString('base64');
    return `${unproved},p=${Buffer.from(proof).toString('base64')}`;
  }

  /** True when the server knows the password as well. */
  trusts(last: string): boolean {
    return last === `v=${this.#serverSignature}`;
  }
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
