// Only the editor's own colours, so that every theme fits.
const rules = `
.chartwire-chart { position: relative; box-sizing: border-box; display: flex; flex-direction: column; overflow: auto; max-height: calc(100vh - 170px); }
.chartwire-chart > * { flex: none; }
.chartwire-chart .chartwire-chart-prompt { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-bottom: 8px; }
.chartwire-chart .chartwire-chart-prompt .chartwire-chart-address { flex: 1 1 80px; width: 80px; min-width: 0; margin: 0; }
.chartwire-chart textarea {
  box-sizing: border-box; width: 100%; height: min(210px, 22vh); resize: vertical; padding: 8px 10px; tab-size: 2; white-space: pre;
  font-family: var(--red-ui-monospace-font); font-size: 13px; line-height: 1.4em; border-radius: 4px;
  color: var(--red-ui-form-text-color); background: var(--red-ui-clipboard-textarea-background);
}
.chartwire-chart .chartwire-chart-tab { display: flex; align-items: center; gap: 10px; margin: 10px 0; }
.chartwire-chart .chartwire-chart-tab label { width: auto; margin: 0; white-space: nowrap; }
.chartwire-chart .chartwire-chart-tab input { flex: 1; margin: 0; }
.chartwire-chart > .chartwire-chart-report { flex: 0 1 auto; min-height: min(210px, 20vh); overflow: auto; color: var(--red-ui-primary-text-color); }
.chartwire-chart-report p { margin: 0 0 6px; }
.chartwire-chart-report .fa { margin-right: 6px; }
.chartwire-chart-summary .fa { color: var(--red-ui-text-color-success); }
.chartwire-chart-name { margin-right: 8px; }
.chartwire-chart-note { color: var(--red-ui-secondary-text-color); }
.chartwire-chart-boxes {
  max-height: min(180px, 20vh); overflow: auto; margin-bottom: 8px;
  border: 1px solid var(--red-ui-secondary-border-color); border-radius: 4px;
}
.chartwire-chart-boxes:focus-visible { outline: 1px solid var(--red-ui-form-input-focus-color); }
.chartwire-chart-boxes table { width: 100%; font-size: 13px; }
.chartwire-chart-boxes th {
  position: sticky; top: 0; text-align: left; font-weight: normal; padding: 4px 10px;
  color: var(--red-ui-secondary-text-color); background: var(--red-ui-tertiary-background);
}
.chartwire-chart-boxes td { padding: 3px 10px; vertical-align: top; border-top: 1px solid var(--red-ui-secondary-border-color); }
.chartwire-chart-boxes th:first-child { width: 28%; }
.chartwire-chart-boxes td:first-child { overflow-wrap: anywhere; }
.chartwire-chart-chip {
  display: inline-block; padding: 0 8px; font-size: 12px; line-height: 18px; white-space: nowrap; border-radius: 4px;
  color: var(--red-ui-node-label-color); background: var(--red-ui-node-background-placeholder); border: 1px solid var(--red-ui-node-border);
}
.chartwire-chart-warnings { margin: 0 0 8px 20px; color: var(--red-ui-text-color-warning); }
.chartwire-chart-problem { padding: 8px 12px; border-left: 4px solid var(--red-ui-text-color-error); background: var(--red-ui-tertiary-background); }
.chartwire-chart-problem .fa { color: var(--red-ui-text-color-error); }
.chartwire-chart-problem .red-ui-button { float: right; }
.chartwire-chart-problem pre {
  margin: 6px 0; padding: 6px 10px; overflow: auto; white-space: pre; word-break: normal;
  font-family: var(--red-ui-monospace-font); font-size: 13px; line-height: 1.3em;
  color: var(--red-ui-primary-text-color); background: var(--red-ui-secondary-background);
}
.chartwire-chart-caret { color: var(--red-ui-text-color-error); font-weight: bold; }
.chartwire-chart-existing { margin: 8px 0 0; padding: 8px 12px; border-left: 4px solid var(--red-ui-text-color-warning); background: var(--red-ui-tertiary-background); }
.chartwire-chart-existing p { margin: 0 0 4px; }
.chartwire-chart-existing label { display: flex; align-items: center; gap: 8px; width: auto; margin: 2px 0; }
.chartwire-chart-existing input[type="radio"] { width: auto; margin: 0; }
.chartwire-chart-drop {
  position: absolute; inset: 0; z-index: 1; display: none; align-items: center; justify-content: center;
  font-size: 24px; color: var(--red-ui-dnd-color); background: var(--red-ui-dnd-background);
  border: 2px dashed var(--red-ui-dnd-color); border-radius: 4px; pointer-events: none;
}
.chartwire-chart-dragging .chartwire-chart-drop { display: flex; }
`;

const sheet = document.createElement('style');
sheet.textContent = rules;
document.head.append(sheet);
