import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers with a page to who asks for HTML and has one, else with `{"message"}`. The request's body is not waited for. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
  page?: string,
): void {
  const html = page !== undefined && (request.headers.accept?.includes('text/html') ?? false);
  response.statusCode = status;
  response.setHeader('content-type', html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  if (!request.complete) response.setHeader('connection', 'close');
  response.end(html ? page : `${JSON.stringify({ message })}\n`);
}

export function redirect(response: ServerResponse, location: string): void {
  response.statusCode = 303;
  response.setHeader('location', location);
  response.setHeader('cache-control', 'no-store');
  response.end();
}
