type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

let translate: Translate = (key) => key;

/** The plugin's own catalogue: Node-RED puts the function on the plugin when it registers it. */
export function useWords(catalogue: Translate): void {
  translate = catalogue;
}

/** A text of `locales/<language>/plugin.json`. */
export const word: Translate = (key, values) => (values === undefined ? translate(key) : translate(key, values));
