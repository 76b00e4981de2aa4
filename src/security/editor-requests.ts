import type { IncomingMessage } from 'node:http';

/** Where the editor itself posts a form; the first is the login and so has no Authorization header yet. */
const FORM_ROUTES = ['/auth/token', '/auth/revoke', '/flows/state'];
const UPLOAD_ROUTE = '/nodes';

/** The one state-changing request that needs no Authorization header: it asks for one. */
export function isLogin(request: IncomingMessage, path: string): boolean {
  return request.method === 'POST' && path === FORM_ROUTES[0];
}

/**
 * Why a body's type is refused: forms and plain text are what a foreign page can send without being asked, and nothing in
 * the editor sends them but the routes above and the module upload.
 */
export function bodyProblem(request: IncomingMessage, path: string): string | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === undefined || !/^(text\/|multipart\/|application\/x-www-form-urlencoded$)/.test(type)) return undefined;
  if (type === 'application/x-www-form-urlencoded' && FORM_ROUTES.includes(path)) return undefined;
  if (type === 'multipart/form-data' && path === UPLOAD_ROUTE) return undefined;
  return `a body of type ${type} is not taken here; send application/json`;
}
