import { compileFunction, constants, createContext, Script, type Context } from 'node:vm';
import { types } from 'node:util';
import { Fault } from '../../src/fault.ts';

/** A realm of its own for the code of one node, with these names as its globals. */
export function openRealm(globals: Readonly<Record<string, unknown>>): Context {
  // A plain realm: in the usual one each use of a global goes through an interceptor, five times slower than the rest.
  const realm = createContext(constants.DONT_CONTEXTIFY);
  return Object.assign(realm, globals);
}

/** Code made into a function of the named parameters; with `await` it gives a promise. Throws SETTINGS_INVALID with line and column. */
export function compile(
  realm: Context,
  { code, what, filename, parameters }: { code: string; what: string; filename: string; parameters: string[] },
): (...given: unknown[]) => unknown {
  const waits = /\bawait\b/.test(code);
  const body = waits ? `return (async () => {\n${code}\n})();` : code;
  const options = { filename, parsingContext: realm, lineOffset: waits ? -1 : 0 };
  try {
    return compileFunction(body, parameters, options) as (...given: unknown[]) => unknown;
  } catch (error) {
    const problem = `${what}, ${placeOf(error, filename) ?? ''}${error instanceof Error ? error.message : reasonOf(error)}`;
    throw new Fault('SETTINGS_INVALID', { problems: problem }, { cause: error });
  }
}

/**
 * Runs with a watchdog. Throws SCRIPT_TIMEOUT when it keeps the processor busy for longer; what it awaits is not watched.
 */
export function watched(realm: Context, limitInMs: number): <Result>(run: () => Result) => Result {
  const script = new Script('chartwireRun()');
  return <Result>(run: () => Result): Result => {
    realm['chartwireRun'] = run;
    try {
      return script.runInContext(realm, { timeout: limitInMs }) as Result;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new Fault('SCRIPT_TIMEOUT', { limitInMs }, { cause: error });
    } finally {
      realm['chartwireRun'] = undefined;
    }
  };
}

/** What the code threw, as an error of this realm that says where. */
export function thrown(error: unknown, filename: string): Error {
  if (error instanceof Fault) return error;
  if (typeof error === 'string') return new Error(error);
  if (!types.isNativeError(error)) return new Error(JSON.stringify(error) ?? String(error));
  const place = /:(\d+):(\d+)\)?$/m.exec(linesOf(error, filename));
  const where = place === null ? '' : ` (line ${place[1]}, column ${place[2]})`;
  const told = new Error(`${error.name}: ${error.message}${where}`, { cause: error });
  return 'code' in error ? Object.assign(told, { code: error.code }) : told;
}

/** The lines of the stack that lie in the code itself. */
function linesOf({ stack = '' }: Error, filename: string): string {
  const lines = stack.split('\n').filter((line) => line.trimStart().startsWith('at ') && line.includes(filename));
  return lines.join('\n');
}

/** V8 tells where only in the text of the stack: `file:line`, the line, and a mark under the column. */
function placeOf(error: unknown, filename: string): string | undefined {
  const stack = types.isNativeError(error) ? (error.stack ?? '') : '';
  const [head = '', , mark = ''] = stack.split('\n');
  if (!head.startsWith(`${filename}:`)) return undefined;
  return `line ${head.slice(filename.length + 1)}, column ${mark.indexOf('^') + 1}: `;
}

const reasonOf = (error: unknown): string => (types.isNativeError(error) ? error.message : String(error));

const isTimeout = (error: unknown): boolean =>
  types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
