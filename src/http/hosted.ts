import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { errorLine, Fault } from '../fault.ts';
import type { HttpHandler } from '../front-door/door.ts';
import { expressApp } from '../front-door/express-bridge.ts';
import { Http1Exchange } from './http1-exchange.ts';
import type { HttpSite } from './site.ts';
import { refuseExchange } from './status-of-fault.ts';

/** Loads what people bring: a function for Express, a router, or a list of them. Throws MIDDLEWARE_UNUSABLE. */
export async function loadMiddleware(file: string): Promise<readonly RequestHandler[]> {
  const loaded: { default?: unknown } = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new Fault('MIDDLEWARE_UNUSABLE', { file, problem: errorLine(cause) }, { cause });
  });
  const given = Array.isArray(loaded.default) ? loaded.default : [loaded.default];
  if (given.length === 0 || !given.every((one) => typeof one === 'function')) {
    throw new Fault('MIDDLEWARE_UNUSABLE', { file, problem: 'it exports something else by default' });
  }
  return given as RequestHandler[];
}

/** Express around a site: the middleware first, then the flow's routes. What it puts on the request is on `msg.req`. */
export function hosted(site: HttpSite, middleware: readonly RequestHandler[]): HttpHandler {
  const app = expressApp();
  const known = new WeakMap<object, ReadonlySet<string>>();
  app.use((request: Request, _response: Response, next: NextFunction) => {
    known.set(request, new Set([...Object.keys(request), ...EXPRESS_OWN]));
    next();
  });
  app.use(site.settings.base === '' ? '/' : site.settings.base, ...middleware);
  app.use((request: Request, response: Response) => {
    const before = known.get(request);
    const extras = Object.fromEntries(Object.entries(request).filter(([name]) => before?.has(name) !== true));
    site.serve(exchangeOf(request, response), extras);
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    site.refusals.note(request.socket.remoteAddress ?? '', errorLine(error));
    refuseExchange(exchangeOf(request, response), error);
  });
  return app;
}

/** What Express itself puts on a request on its way. */
const EXPRESS_OWN = ['baseUrl', 'originalUrl', 'next', 'params', 'route', 'res', '_parsedUrl', 'app', 'url'];

function exchangeOf(request: Request, response: Response): Http1Exchange {
  return new Http1Exchange(request as IncomingMessage, response as ServerResponse);
}
