import { errorLine, Fault, isFault } from '../../src/fault.ts';

interface Response {
  status(code: number): { json(body: unknown): unknown };
}

/** Tells the editor why its request failed: a fault as it is, anything else in its own words, which the log has too. */
export function answerError(response: Response, error: unknown): void {
  if (isFault(error)) {
    const { code, message, next } = error;
    response.status(409).json({ code, message, next });
    return;
  }
  process.emitWarning(errorLine(error));
  response.status(500).json({ ...new Fault('REQUEST_FAILED', {}).toJSON(), message: errorLine(error) });
}
