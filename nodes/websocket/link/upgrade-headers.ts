interface HeaderRow {
  readonly keyType: string;
  readonly keyValue: string;
  readonly valueType: string;
  readonly valueValue: string;
}

/** What the settings say of the headers of the upgrade. A row with nothing in it is left out, as in the core node. */
export function upgradeHeaders(
  settings: {
    readonly headers: readonly HeaderRow[];
    readonly user: string;
    readonly password: string;
    readonly token: string;
  },
  environment: (name: string) => string,
): Record<string, string> {
  const { headers, user, password, token } = settings;
  const rows = headers.flatMap(({ keyType, keyValue, valueType, valueValue }) => {
    const name = (keyType === 'other' ? keyValue : keyType) ?? '';
    // A core node's choice of value stands in place of its kind.
    const text = valueType === 'other' ? (valueValue ?? '') : valueType;
    const value = valueType === 'env' ? environment(valueValue) : text;
    return name === '' || value === '' ? [] : [[name.toLowerCase(), value] as const];
  });
  return {
    ...(user !== '' && { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
    ...(token !== '' && { authorization: `Bearer ${token}` }),
    ...Object.fromEntries(rows),
  };
}
