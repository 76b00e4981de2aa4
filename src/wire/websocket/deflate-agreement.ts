import { parseExtensions, type Extension } from './extension-header.ts';

const NAME = 'permessage-deflate';
const WIDEST = 15;

/** What two sides agreed on about permessage-deflate (RFC 7692, 7.1). */
export interface DeflateAgreement {
  /** The far side may refer to its earlier messages; ours never do. */
  readonly farKeepsContext: boolean;
  readonly farWindowBits: number;
  readonly ownWindowBits: number;
}

/** What a client offers: that neither side keeps anything between messages. */
export const deflateOffer = `${NAME}; server_no_context_takeover; client_no_context_takeover; client_max_window_bits`;

/** A server's choice among what a client offers: the first it can do, with the answer that says so (RFC 7692, 5 and 7.1). */
export function chooseDeflate(
  header: string,
): { readonly answer: string; readonly agreement: DeflateAgreement } | undefined {
  for (const extension of parseExtensions(header) ?? []) {
    const offered = extension.name === NAME ? parametersOf(extension) : undefined;
    if (offered === undefined) continue;
    const ownWindowBits = bitsOf(offered.get('server_max_window_bits'));
    const isAsked = offered.has('server_max_window_bits');
    // zlib makes no streams with a window of 2^8.
    if (ownWindowBits === undefined || ownWindowBits < 9) continue;
    // Always said: then nothing is kept between messages, whatever the client asked for (7.1.1).
    const bits = isAsked ? `; server_max_window_bits=${ownWindowBits}` : '';
    return {
      answer: `${NAME}; server_no_context_takeover; client_no_context_takeover${bits}`,
      agreement: { farKeepsContext: false, farWindowBits: WIDEST, ownWindowBits },
    };
  }
  return undefined;
}

/** What the server's answer means for a client that offered {@link deflateOffer}; a text says why it cannot be (RFC 7692, 7.1). */
export function readDeflateAnswer(header: string): DeflateAgreement | string {
  const extensions = parseExtensions(header);
  const [extension] = extensions ?? [];
  if (extension === undefined || extensions?.length !== 1 || extension.name !== NAME) {
    return 'it answered with extensions that were not offered';
  }
  const parameters = parametersOf(extension);
  const ownWindowBits = bitsOf(parameters?.get('client_max_window_bits'));
  const farWindowBits = bitsOf(parameters?.get('server_max_window_bits'));
  const isValid =
    parameters !== undefined &&
    parameters.get('client_max_window_bits') !== true &&
    ownWindowBits !== undefined &&
    ownWindowBits > 8 &&
    farWindowBits !== undefined;
  if (!isValid) return 'its parameters of permessage-deflate are wrong';
  return { farKeepsContext: !parameters.has('server_no_context_takeover'), farWindowBits, ownWindowBits };
}

/** Undefined when one comes twice, is unknown or has a value it must not have. */
function parametersOf({ parameters }: Extension): ReadonlyMap<string, string | true> | undefined {
  const byName = new Map<string, string | true>();
  for (const [name, value] of parameters) {
    const isBits = name === 'client_max_window_bits' || name === 'server_max_window_bits';
    const isFlag = name === 'client_no_context_takeover' || name === 'server_no_context_takeover';
    if (byName.has(name) || !(isBits || (isFlag && value === true))) return undefined;
    if (value !== true && !/^([89]|1[0-5])$/.test(value)) return undefined;
    if (name === 'server_max_window_bits' && value === true) return undefined;
    byName.set(name, value);
  }
  return byName;
}

function bitsOf(value: string | true | undefined): number | undefined {
  return value === undefined || value === true ? WIDEST : Number(value);
}
