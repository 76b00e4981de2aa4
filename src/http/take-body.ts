import type { Exchange } from './exchange.ts';
import { parseBody } from './parse-body.ts';
import { readBody } from './read-body.ts';
import type { Route } from './route.ts';
import type { SiteRequest } from './site-request.ts';
import { streamBody } from './stream-body.ts';
import { readUpload, type UploadLimits } from './upload.ts';

export interface BodySettings extends UploadLimits {
  readonly maxBodyBytes: number;
  /** Where files of forms go until the request is over. */
  readonly uploadFolder: string;
}

/** Who waits for a body. */
export interface BodyWaiter {
  /** The request has its body, or the stream that is to bring it. */
  onReady(): void;
  onRefused(error: unknown): void;
  /** Of a stream: a part of it has come, or it is whole. */
  onProgress(isWhole: boolean): void;
}

/** Puts the body of a request on it, the way its route wants it. Throws ENCODING_REFUSED and PAYLOAD_TOO_LARGE. */
export function takeBody(
  exchange: Exchange,
  { body: kind, limits }: Route,
  request: SiteRequest,
  settings: BodySettings,
  waiter: BodyWaiter,
): void {
  const { maxBodyBytes } = limits;
  const contentType = exchange.headers['content-type'];
  const maxUploadBytes = maxBodyBytes || settings.maxUploadBytes;
  if (kind === 'stream') {
    request.body = streamBody(exchange, {
      limitBytes: maxUploadBytes,
      onPart: () => waiter.onProgress(false),
      onEnd: (fault) => {
        waiter.onProgress(true);
        if (fault === undefined) return;
        if (exchange.isAnswered) exchange.abort();
        else waiter.onRefused(fault);
      },
    });
    return waiter.onReady();
  }
  if (kind === 'upload' && contentType?.startsWith('multipart/') === true) {
    const { uploadFolder, maxFiles } = settings;
    readUpload(exchange, uploadFolder, { maxUploadBytes, maxFiles }).then(
      ({ fields, files }) => {
        request.body = fields;
        request.files = files;
        waiter.onReady();
      },
      (error: unknown) => waiter.onRefused(error),
    );
    return;
  }
  readBody(exchange, maxBodyBytes || settings.maxBodyBytes, (fault, body) => {
    try {
      if (fault !== undefined) throw fault;
      request.body = kind === 'raw' ? body : parseBody(contentType, body);
    } catch (error) {
      return waiter.onRefused(error);
    }
    waiter.onReady();
  });
}
