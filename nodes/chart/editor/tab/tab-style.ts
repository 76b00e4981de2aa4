// Only the editor's own colours, so that every theme fits.
const rules = `
.chartwire-tab { display: flex; flex-direction: column; height: 100%; box-sizing: border-box; color: var(--red-ui-primary-text-color); background: var(--red-ui-secondary-background); }
.chartwire-tab-bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; padding: 6px; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.chartwire-tab-bar label { display: inline-flex; align-items: center; gap: 4px; width: auto; margin: 0 0 0 auto; font-size: 12px; white-space: nowrap; }
.chartwire-tab-bar label input { width: auto; margin: 0; }
.chartwire-tab-bar select.chartwire-tab-export { flex: 0 1 86px; width: 86px; min-width: 0; height: 26px; padding: 0 2px; margin: 0; font-size: 12px; }
.chartwire-tab-split { flex: 1 1 0; min-height: 0; display: flex; flex-direction: column; overflow: hidden; }
.chartwire-tab-split.chartwire-tab-beside { flex-direction: row; }
.chartwire-tab-text, .chartwire-tab-picture { min-width: 40px; min-height: 40px; box-sizing: border-box; }
.chartwire-tab-text { position: relative; flex: var(--chartwire-share) 1 0; }
.chartwire-tab-divider { flex: none; height: 7px; box-sizing: border-box; cursor: row-resize; touch-action: none; background: var(--red-ui-tertiary-background); border: solid var(--red-ui-secondary-border-color); border-width: 1px 0; }
.chartwire-tab-beside > .chartwire-tab-divider { width: 7px; height: auto; cursor: col-resize; border-width: 0 1px; }
.chartwire-tab-divider:hover, .chartwire-tab-divider:focus-visible { background: var(--red-ui-node-selected-color); outline: none; }
.chartwire-tab-text > .red-ui-editor-text-container, .chartwire-tab-text > .monaco-editor { height: 100%; }
.chartwire-tab-text > textarea {
  box-sizing: border-box; width: 100%; height: 100%; resize: none; margin: 0; padding: 6px; white-space: pre; border: 0;
  font-family: var(--red-ui-monospace-font); font-size: 13px; color: var(--red-ui-form-text-color); background: var(--red-ui-form-input-background);
}
.chartwire-tab-picture { flex: calc(100 - var(--chartwire-share)) 1 0; overflow: auto; contain: strict; padding: 8px; background: var(--red-ui-view-background); }
.chartwire-tab-host { height: 100%; }
.chartwire-tab-status { flex: none; padding: 4px 8px; min-height: 18px; font-size: 12px; color: var(--red-ui-secondary-text-color); border-top: 1px solid var(--red-ui-secondary-border-color); }
.chartwire-tab .chartwire-tab-problems { flex: none; max-height: 34%; margin: 0; padding: 0; overflow: auto; list-style: none; font-size: 12px; }
.chartwire-tab-problems li { padding: 4px 8px; border-top: 1px solid var(--red-ui-secondary-border-color); overflow-wrap: anywhere; }
.chartwire-tab-problems .red-ui-button { margin-left: 6px; }
.chartwire-tab-place { padding: 0; font: inherit; border: 0; background: none; color: inherit; text-decoration: underline; cursor: pointer; margin-right: 6px; }
.chartwire-tab-place .fa { margin-right: 4px; }
.chartwire-tab-error .fa { color: var(--red-ui-text-color-error); }
.chartwire-tab-warning .fa { color: var(--red-ui-text-color-warning); }
.chartwire-tab-conflicts { max-height: 45%; overflow: auto; font-size: 12px; }
.chartwire-tab-conflict { padding: 6px 8px; border-top: 1px solid var(--red-ui-secondary-border-color); border-left: 4px solid var(--red-ui-text-color-warning); }
.chartwire-tab-sides { display: flex; gap: 6px; }
.chartwire-tab-sides > label { flex: 1; min-width: 0; margin: 0; width: auto; }
.chartwire-tab-sides > label { font-size: 12px; }
.chartwire-tab-sides input { width: auto; margin: 0 4px 0 0; vertical-align: middle; }
.chartwire-tab-sides pre { margin: 4px 0 0; padding: 4px 6px; font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
.chartwire-picture { display: block; max-width: 100%; height: auto; font-family: var(--red-ui-primary-font); font-size: 13px; }
.chartwire-picture text { fill: var(--red-ui-primary-text-color); unicode-bidi: plaintext; pointer-events: none; }
.chartwire-shape { fill: var(--red-ui-secondary-background); stroke: var(--red-ui-primary-text-color); stroke-width: 1.2px; }
.chartwire-shape-line { fill: none; stroke: var(--red-ui-primary-text-color); stroke-width: 1.2px; pointer-events: none; }
.chartwire-frame { fill: var(--red-ui-tertiary-background); fill-opacity: 0.6; stroke: var(--red-ui-secondary-text-color); stroke-dasharray: 4 3; }
.chartwire-arrow-line { fill: none; stroke: var(--red-ui-secondary-text-color); stroke-width: 1.4px; }
.chartwire-dotted { stroke-dasharray: 3 4; }
.chartwire-thick { stroke-width: 3.2px; }
.chartwire-head { fill: var(--red-ui-secondary-text-color); }
.chartwire-head-cross { fill: none; stroke: var(--red-ui-secondary-text-color); stroke-width: 2px; }
.chartwire-label-back { fill: var(--red-ui-view-background); fill-opacity: 0.9; }
.chartwire-arrow-label text { font-size: 12px; }
.chartwire-box { cursor: pointer; outline: none; }
.chartwire-box:hover .chartwire-shape, .chartwire-box:focus-visible .chartwire-shape { stroke: var(--red-ui-node-selected-color); stroke-width: 2.4px; }
.chartwire-box:focus-visible { outline: 1px dashed var(--red-ui-node-selected-color); }
.chartwire-selected .chartwire-shape { stroke: var(--red-ui-node-selected-color); stroke-width: 3px; }
.chartwire-held .chartwire-shape { stroke: var(--chartwire-slow); stroke-width: 2.4px; }
.chartwire-live-text { font-size: 12.5px; }
.chartwire-picture .chartwire-live-text { fill: var(--red-ui-primary-text-color); stroke: var(--red-ui-view-background); stroke-width: 6px; stroke-linejoin: round; paint-order: stroke; }
.chartwire-tone-flowing > .chartwire-arrow-line { stroke: var(--chartwire-flowing); }
.chartwire-tone-slow > .chartwire-arrow-line { stroke: var(--chartwire-slow); }
.chartwire-tone-lossy > .chartwire-arrow-line { stroke: var(--chartwire-lossy); }
.chartwire-ghost { fill: none; stroke: var(--red-ui-text-color-success); stroke-width: 2px; stroke-dasharray: 5 4; opacity: 0.9; }
.chartwire-ghost text { fill: var(--red-ui-text-color-success); stroke: none; font-size: 13px; }
.chartwire-ghost-removed { opacity: 0.35; }
.red-ui-flow-node-group.chartwire-ghost-removed .red-ui-flow-node, .chartwire-ghost-removed > .red-ui-flow-link-line { stroke: var(--red-ui-text-color-error); stroke-dasharray: 4 4; }
.red-ui-flow-node-group.chartwire-ghost-changed .red-ui-flow-node { stroke: var(--red-ui-text-color-warning); stroke-width: 2px; stroke-dasharray: 6 3; }
`;

const sheet = document.createElement('style');
sheet.textContent = rules;
document.head.append(sheet);
