// The tones stand out on the light and on the dark canvas; everything else has the editor's own colours.
const rules = `
:root { --chartwire-flowing: #2c8a4b; --chartwire-slow: #a86800; --chartwire-lossy: #c9302c; --chartwire-still: #6d6d6d; }
.nr-theme-dark { --chartwire-flowing: #57c27d; --chartwire-slow: #e5a13b; --chartwire-lossy: #ff7a70; --chartwire-still: #a3a3a3; }
.chartwire-live-badge rect { fill: var(--red-ui-secondary-background); stroke: var(--red-ui-node-border); }
.chartwire-live-badge text { font-size: 10px; stroke: none; fill: var(--red-ui-primary-text-color); pointer-events: none; }
.chartwire-live-busy rect { stroke: var(--chartwire-flowing); }
.chartwire-live-held rect { stroke: var(--chartwire-slow); stroke-width: 2px; }
.chartwire-live-wrong rect { stroke: var(--chartwire-lossy); stroke-width: 2px; }
.chartwire-wire-flowing > .red-ui-flow-link-line { stroke: var(--chartwire-flowing); }
.chartwire-wire-slow > .red-ui-flow-link-line { stroke: var(--chartwire-slow); }
.chartwire-wire-lossy > .red-ui-flow-link-line { stroke: var(--chartwire-lossy); }
.chartwire-wire-idle > .red-ui-flow-link-line { stroke-dasharray: 3 5; }
.chartwire-live-label {
  font-size: 10px; fill: var(--red-ui-primary-text-color); pointer-events: none;
  stroke: var(--red-ui-view-background); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke;
}
.chartwire-live-legend {
  position: absolute; left: 16px; bottom: 44px; max-width: min(520px, calc(var(--chartwire-canvas) - 32px)); box-sizing: border-box; z-index: 5; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; padding: 4px 10px;
  font-size: 12px; border-radius: 4px; color: var(--red-ui-primary-text-color); background: var(--red-ui-secondary-background);
  border: 1px solid var(--red-ui-secondary-border-color);
}
.chartwire-live-legend i { display: inline-block; width: 22px; margin-right: 6px; vertical-align: middle; border-top: 3px solid; }
.chartwire-key-flowing { color: var(--chartwire-flowing); }
.chartwire-key-slow { color: var(--chartwire-slow); }
.chartwire-key-lossy { color: var(--chartwire-lossy); }
.chartwire-key-idle { color: var(--chartwire-still); border-top-style: dashed !important; }
`;

const sheet = document.createElement('style');
sheet.textContent = rules;
document.head.append(sheet);
