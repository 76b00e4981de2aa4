// Only the editor's own colours, so that every theme fits. Hints have no width of their own: Node-RED makes a form as wide
// as its widest line.
const rules = `
.red-ui-editor .chartwire-row {
  display: grid; grid-template-columns: minmax(0, 120px) minmax(0, 1fr); column-gap: 12px; align-items: center; margin-bottom: 14px;
}
.red-ui-editor .chartwire-row.chartwire-wide { grid-template-columns: minmax(0, 1fr); row-gap: 4px; }
.red-ui-editor .chartwire-row > label { width: auto; margin: 0; overflow-wrap: break-word; line-height: 1.3; }
.chartwire-control { display: flex; align-items: center; gap: 6px; min-width: 0; min-height: 34px; }
.red-ui-editor .chartwire-control input:not([type="checkbox"]):not([type="number"]),
.red-ui-editor .chartwire-control > textarea { flex: 1; width: 100%; min-width: 0; margin: 0; }
.red-ui-editor .chartwire-control > select { flex: 0 1 auto; width: auto; min-width: 220px; max-width: 100%; margin: 0; }
.red-ui-editor .chartwire-control input[type="number"] { flex: none; width: 120px; margin: 0; }
.red-ui-editor .chartwire-control input[type="checkbox"] { flex: none; width: auto; margin: 0; }
.red-ui-editor .chartwire-control > textarea { font-family: var(--red-ui-monospace-font); font-size: 13px; line-height: 1.4; resize: vertical; }
.red-ui-editor .chartwire-row:has(textarea) > label { align-self: start; padding-top: 8px; }
.chartwire-control > .chartwire-code { flex: 1; min-width: 0; height: 180px; resize: vertical; overflow: hidden; }
.red-ui-editor .chartwire-row:has(.chartwire-code) { grid-template-columns: minmax(0, 1fr); row-gap: 4px; }
.chartwire-control .red-ui-editableList { flex: 1; min-width: 0; }
.chartwire-control .red-ui-editableList-container { min-height: 56px; }
.chartwire-unit { color: var(--red-ui-secondary-text-color); white-space: nowrap; }
.chartwire-hint { grid-column: -2 / -1; width: 0; min-width: 100%; margin-top: 2px; font-size: 12px; line-height: 1.35; color: var(--red-ui-secondary-text-color); }
.chartwire-wide .chartwire-hint { grid-row: 2; margin: 0 0 2px; }
.chartwire-fused .red-ui-flow-link-line { stroke: #2e8b57; stroke-width: 5px; }
.chartwire-wired .red-ui-flow-link-line { stroke-dasharray: 6 4; }
.chartwire-path-legend {
  position: absolute; left: calc(var(--chartwire-canvas) / 2); bottom: 40px; transform: translateX(-50%); z-index: 5; display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center;
  width: max-content; max-width: calc(var(--chartwire-canvas) - 32px); box-sizing: border-box;
  padding: 6px 12px; border: 1px solid var(--red-ui-primary-border-color); border-radius: 4px;
  color: var(--red-ui-primary-text-color); background: var(--red-ui-primary-background);
}
.chartwire-path-legend i { display: inline-block; width: 28px; height: 0; margin-right: 6px; vertical-align: middle; border-top: 3px dashed var(--red-ui-link-color); }
.chartwire-path-legend .chartwire-fused-key { border-top: 5px solid #2e8b57; }
`;

const sheet = document.createElement('style');
sheet.textContent = rules;
document.head.append(sheet);
