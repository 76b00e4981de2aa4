import { constants, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';

/**
 * What became of one POST. `unsent` was surely not processed (RFC 9113, 8.7) and can be sent again; `refused` broke a limit of
 * the far side, as its ENHANCE_YOUR_CALM says, and would again.
 */
export type Outcome =
  | { readonly name: 'answered'; readonly status: number; readonly text: string }
  | { readonly name: 'unsent' }
  | { readonly name: 'refused' }
  | { readonly name: 'lost'; readonly cause: Error };

/** Longest part of a refusal that is kept, in characters. */
const MAX_ANSWER_LENGTH = 4_096;

/** Posts and resolves with what came of it; never rejects. The signal cancels the stream. */
export function post(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  payload: Uint8Array,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const stream = session.request({ ':method': 'POST', ...headers });
    const cancel = (): void => stream.close(constants.NGHTTP2_CANCEL);
    let cause: Error | undefined;
    let status = 0;
    let text = '';
    signal.addEventListener('abort', cancel, { once: true });
    stream.once('response', (answer) => {
      status = answer[':status'] ?? 0;
      if (status < 300) {
        resolve({ name: 'answered', status, text: '' });
        stream.resume();
      } else {
        stream.setEncoding('utf8');
        stream.on('data', (chunk: string) => (text = (text + chunk).slice(0, MAX_ANSWER_LENGTH)));
      }
    });
    stream.on('error', (error) => (cause = error));
    stream.once('close', () => {
      signal.removeEventListener('abort', cancel);
      if (status > 0) resolve({ name: 'answered', status, text });
      else if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) resolve({ name: 'unsent' });
      else if (stream.rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM) resolve({ name: 'refused' });
      else resolve({ name: 'lost', cause: cause ?? new Error(`the stream ended with code ${stream.rstCode}`) });
    });
    stream.end(payload);
  });
}
