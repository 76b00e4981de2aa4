import type { Definition } from '../../src/spec/definition.ts';
import type { Field } from '../../src/spec/field.ts';
import { VERSION_KEY } from '../../src/spec/settings.ts';
import { helpTable } from './help-table.ts';

/**
 * What the editor loads for a node. The call is literal, so that palette tools can read it; forms and validators are
 * made from the definition by the editor part of the adapter, which loads before any node.
 */
export function nodeHtml(definition: Definition, icon: string, help: string): string {
  return `<script type="text/javascript">
RED.nodes.registerType(${quote(definition.type)}, {
${registration(definition, icon).join(',\n')}
});
</script>
<script type="text/html" data-template-name="${definition.type}">
${form(definition)}
</script>
<script type="text/markdown" data-help-name="${definition.type}">
${definition.summary}

${help.trim()}

${helpTable(definition)}
</script>
`;
}

function registration(definition: Definition, icon: string): string[] {
  const { type, category, label, color, inputs, outputs } = definition;
  const rows = typeof outputs === 'object' ? outputs : undefined;
  const call = (name: string, parameters = '') => `function (${parameters}) { return Chartwire.${name}`;
  return [
    `  category: ${quote(category)}`,
    `  paletteLabel: ${quote(label)}`,
    ...(category === 'config' ? [] : [`  color: ${quote(color)}`, `  icon: ${quote(icon)}`]),
    `  defaults: {\n${defaults(definition).join(',\n')}\n  }`,
    ...secrets(definition),
    ...(category === 'config'
      ? []
      : [
          `  inputs: ${typeof inputs === 'number' ? inputs : 0}`,
          `  outputs: ${typeof outputs === 'number' ? outputs : 1}`,
        ]),
    ...(definition.standsAlone === undefined ? [] : ['  hasUsers: false']),
    ...(definition.inputLabel === undefined ? [] : [`  inputLabels: ${quote(definition.inputLabel)}`]),
    ...(rows === undefined
      ? definition.outputLabels === undefined
        ? []
        : [`  outputLabels: ${JSON.stringify(definition.outputLabels)}`]
      : [`  outputLabels: ${call(`rowLabel(this, ${quote(type)}, index)`, 'index')}; }`]),
    `  label: function () { return ${calledBy(definition).join(' || ')}; }`,
    `  labelStyle: function () { return this.name ? "node_label_italic" : ""; }`,
    ...(definition.align === undefined ? [] : [`  align: ${quote(definition.align)}`]),
    ...(definition.button === undefined
      ? []
      : [
          `  button: { enabled: function () { return !this.changed; }, visible: ${call(`showsButton(this, ${quote(type)})`)}; }, onclick: ${call('press(this)')}; } }`,
        ]),
    `  oneditprepare: ${call(`prepare(this, ${quote(type)})`)}; }`,
    `  oneditsave: ${call(`save(this, ${quote(type)})`)}; }`,
    ...(Object.values(definition.fields).some((field) => field.kind === 'text' && field.code)
      ? [`  oneditcancel: ${call('closeCode()')}; }`]
      : []),
  ];
}

/** What a node is called: by its name, what it is for, or its kind. */
const calledBy = ({ labelledBy = [], label }: Definition): string[] => [
  ...['name', ...labelledBy].map((name) => `this.${name}`),
  quote(label),
];

function defaults(definition: Definition): string[] {
  const own = Object.entries(definition.fields)
    .filter(([, field]) => field.kind !== 'secret')
    .map(([name, field]) => {
      // Two parameters: with one, Node-RED takes a returned text for "valid".
      const validate = `validate: function (value, options) { return Chartwire.valid(${quote(definition.type)}, ${quote(name)}, value, options); }`;
      const type = field.kind === 'node' ? `, type: ${quote(field.nodeType)}, required: false` : '';
      return `    ${quote(name)}: { value: ${JSON.stringify(field.default)}${type}, ${validate} }`;
    });
  return [
    `    name: { value: "" }`,
    `    chartId: { value: "" }`,
    `    ${VERSION_KEY}: { value: ${definition.version} }`,
    ...(typeof definition.inputs === 'object' ? [`    inputs: { value: 0 }`] : []),
    ...(typeof definition.outputs === 'object' ? [`    outputs: { value: 1 }`] : []),
    ...own,
  ];
}

function secrets(definition: Definition): string[] {
  const names = Object.entries(definition.fields).flatMap(([name, field]) => (field.kind === 'secret' ? [name] : []));
  if (names.length === 0) return [];
  return [`  credentials: { ${names.map((name) => `${quote(name)}: { type: "password" }`).join(', ')} }`];
}

function form(definition: Definition): string {
  const prefix = definition.category === 'config' ? 'node-config-input' : 'node-input';
  const rows = Object.entries(definition.fields).map(([name, field]) => formRow(definition.type, prefix, name, field));
  const nameRow = `<div class="form-row chartwire-row">
  <label for="${prefix}-name"><span data-i18n="${definition.type}.label.name"></span></label>
  <div class="chartwire-control"><input type="text" id="${prefix}-name"></div>
</div>`;
  return [nameRow, ...rows].join('\n');
}

function formRow(type: string, prefix: string, name: string, field: Field): string {
  const id = `${prefix}-${name}`;
  const wide = field.kind === 'rows' ? ' chartwire-wide' : '';
  const unit = field.unit === undefined ? '' : ` <span class="chartwire-unit">${escape(field.unit)}</span>`;
  return `<div class="form-row chartwire-row${wide}">
  <label for="${id}"><span data-i18n="${type}.label.${name}"></span></label>
  <div class="chartwire-control">${input(type, id, name, field)}${unit}</div>
  <div class="chartwire-hint" id="${id}-hint" data-i18n="${type}.hint.${name}"></div>
</div>`;
}

function input(type: string, id: string, name: string, field: Field): string {
  const hint = ` aria-describedby="${id}-hint"`;
  switch (field.kind) {
    case 'number':
      return `<input type="number" id="${id}" min="${field.min}" max="${field.max}" step="any"${hint}>`;
    case 'boolean':
      return `<input type="checkbox" id="${id}"${hint}>`;
    case 'choice': {
      const options = Object.keys(field.options).map(
        (option) => `<option value="${escape(option)}" data-i18n="${type}.option.${name}.${escape(option)}"></option>`,
      );
      return `<select id="${id}"${hint}>${options.join('')}</select>`;
    }
    case 'secret':
      return `<input type="password" id="${id}" autocomplete="new-password"${hint}>`;
    case 'rows':
      return `<ol id="${id}-rows"${hint}></ol>`;
    case 'json':
      return `<textarea id="${id}" rows="6" spellcheck="false"${hint}></textarea>`;
    case 'text':
      if (field.multiline) return `<textarea id="${id}" rows="6" spellcheck="false"${hint}></textarea>`;
      return `<input type="text" id="${id}"${hint}>`;
    case 'node':
      // Node-RED puts a list of nodes in its place, as wide as is written here.
      return `<input type="text" id="${id}" style="width: 100%">`;
  }
}

const quote = (value: string): string => JSON.stringify(value);
const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
