/** A value that is there at once, or a promise of it: a promise for every message would cost more than the work itself. */
export type Later<Value> = Value | Promise<Value>;

/** Goes on with the value: at once when it is there. */
export function andThen<Value, Next>(value: Later<Value>, next: (value: Value) => Later<Next>): Later<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The outcome of a function that calls back: at once when it calls back before it returns. */
export function calledBack<Value>(begin: (done: (error: unknown, value?: Value) => void) => void): Later<Value> {
  let outcome: { readonly error: unknown; readonly value: Value } | undefined;
  let settle: ((outcome: { readonly error: unknown; readonly value: Value }) => void) | undefined;
  begin((error, value) => {
    outcome = { error, value: value as Value };
    settle?.(outcome);
  });
  if (outcome !== undefined) return valueOf(outcome);
  return new Promise<{ readonly error: unknown; readonly value: Value }>((resolve) => {
    settle = resolve;
  }).then(valueOf);
}

function valueOf<Value>({ error, value }: { readonly error: unknown; readonly value: Value }): Value {
  if (error !== undefined && error !== null) throw error;
  return value;
}
