import { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import express, { type Express, type Request, type Response } from 'express';
import type { HttpHandler } from './door.ts';

/*
 * Express puts prototypes made from http.IncomingMessage and http.ServerResponse under every request; under those of
 * HTTP/2 they throw from a getter, outside any handler. So every app gets a second pair made from the HTTP/2 classes,
 * and a stand-in of itself that carries this pair. `handle` is what every app, sub-apps included, is entered by.
 */

type Handle = (this: AppLike, request: Request, response: Response, next?: (error?: unknown) => void) => void;
interface AppLike {
  request: object;
  response: object;
}

const application = express.application as unknown as { handle: Handle };
const handleHttp1 = application.handle;
const standIns = new WeakMap<AppLike, AppLike>();

application.handle = function handle(request, response, next) {
  if (!(request instanceof Http2ServerRequest)) {
    handleHttp1.call(this, request, response, next);
    return;
  }
  speakHttp1(request);
  handleHttp1.call(standInOf(this), request, response, next);
};

/** An Express app that can be mounted on the door. */
export type DoorApp = Express & HttpHandler;

/** An Express 5 app that serves HTTP/1.1 and HTTP/2, without the x-powered-by header. Its sub-apps serve both too. */
export function expressApp(): DoorApp {
  const app = express();
  app.disable('x-powered-by');
  return app as DoorApp;
}

const requestBase = madeFrom(Http2ServerRequest.prototype, express.request);
const responseBase = madeFrom(Http2ServerResponse.prototype, express.response);

/**
 * What Express and its parsers look for in headers, HTTP/2 says in other ways: the host (RFC 9113, 8.3.1), and that
 * there is a body of unknown length (8.1).
 */
function speakHttp1({ headers, stream }: Http2ServerRequest): void {
  headers.host ??= headers[':authority'];
  if (!stream.endAfterHeaders && headers['content-length'] === undefined) headers['transfer-encoding'] = 'chunked';
}

function madeFrom(base: object, extension: object): object {
  return Object.create(base, Object.getOwnPropertyDescriptors(extension)) as object;
}

function standInOf(app: AppLike): AppLike {
  const known = standIns.get(app);
  if (known !== undefined) return known;
  const standIn = Object.create(app) as AppLike;
  standIn.request = Object.create(requestBase, {
    app: { value: standIn, configurable: true, writable: true },
  }) as object;
  standIn.response = Object.create(responseBase, {
    app: { value: standIn, configurable: true, writable: true },
  }) as object;
  standIns.set(app, standIn);
  return standIn;
}
