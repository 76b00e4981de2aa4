import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from './answer.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { bodyProblem, isLogin } from './editor-requests.ts';
import type { Admin } from './first-run.ts';
import { hostProblem, isReading, originProblem } from './request-origin.ts';
import { EDITOR_POLICY, secureHeaders } from './security-headers.ts';
import { SETUP_POLICY } from './setup-page.ts';
import { serveSetup, serveSetupDone } from './setup-route.ts';

const WRONG_TOKENS = 5;
const WRONG_TOKENS_WITHIN_MS = 10 * 60 * 1000;

export interface EditorGuardOptions {
  /** `name:port` of every address the editor is reached by. */
  readonly allowedHosts: () => readonly string[];
  readonly admin: Admin;
  /** The server itself speaks TLS. */
  readonly tls: boolean;
  /**
   * Path below which a flow's own HTTP endpoints are (`httpNodeRoot`). Their callers are programs: there the Host is
   * checked and the rest is the flow's. Must not be `/`.
   */
  readonly flowRoot?: string;
}

export type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Stands before the Node-RED editor and its admin API. Mount it first, at the root. */
export function editorGuard(options: EditorGuardOptions): Middleware {
  const { allowedHosts, admin, tls, flowRoot } = options;
  const attempts = new AttemptLimit(WRONG_TOKENS, WRONG_TOKENS_WITHIN_MS);
  return (request, response, next) => {
    const path = pathOf(request);
    const ofFlow = flowRoot !== undefined && isBelow(path, flowRoot);
    const policy = admin.needsSetup || path === '/setup' ? SETUP_POLICY : EDITOR_POLICY;
    secureHeaders(response, { policy: ofFlow && !admin.needsSetup ? undefined : policy, tls });
    const wrongHost = hostProblem(request, allowedHosts(), tls);
    if (wrongHost !== undefined) return answer(request, response, 421, wrongHost);
    if (ofFlow && !admin.needsSetup) return next();
    const wrongOrigin = originProblem(request);
    if (wrongOrigin !== undefined) return answer(request, response, 403, wrongOrigin);
    if (admin.needsSetup) {
      // Only a broken connection makes it reject.
      serveSetup(request, response, { admin, attempts, path }).catch(() => response.destroy());
      return undefined;
    }
    if (path === '/setup') return serveSetupDone(request, response);
    if (isReading(request)) return next();
    if (request.headers.authorization === undefined && !isLogin(request, path)) {
      return answer(request, response, 401, 'send the Authorization header of a login');
    }
    const wrongBody = bodyProblem(request, path);
    if (wrongBody !== undefined) return answer(request, response, 415, wrongBody);
    return next();
  };
}

/** Why a WebSocket upgrade must be refused, or undefined. */
export function upgradeProblem(request: IncomingMessage, options: EditorGuardOptions): string | undefined {
  if (options.admin.needsSetup) return 'not set up yet: open the address that Chartwire printed on its console';
  return hostProblem(request, options.allowedHosts(), options.tls) ?? originProblem(request);
}

/** The path as the router behind sees it: case does not matter, nor do slashes at the end. */
function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  return path.toLowerCase().replace(/(?<=.)\/+$/, '');
}

function isBelow(path: string, root: string): boolean {
  const trimmed = root.toLowerCase().replace(/\/+$/, '');
  return trimmed !== '' && (path === trimmed || path.startsWith(`${trimmed}/`));
}
