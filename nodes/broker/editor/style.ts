// Only the editor's own colours, so that every theme fits.
const rules = `
.chartwire-broker { display: flex; flex-direction: column; height: 100%; box-sizing: border-box; padding: 8px; color: var(--red-ui-primary-text-color); }
.chartwire-broker-figures { margin: 8px 0; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.chartwire-broker-list { flex: 1; overflow: auto; margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--red-ui-secondary-border-color); }
.chartwire-broker-list li { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 5px 2px; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.chartwire-broker-list li > div { min-width: 0; }
.chartwire-broker-list small { color: var(--red-ui-secondary-text-color); }
.chartwire-broker-name { overflow-wrap: anywhere; font-family: var(--red-ui-monospace-font); font-size: 13px; }
.chartwire-broker-note { margin: 8px 0 0; color: var(--red-ui-secondary-text-color); }
`;

const sheet = document.createElement('style');
sheet.textContent = rules;
document.head.append(sheet);
