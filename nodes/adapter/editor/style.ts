const rules = `.chartwire-unit { color: var(--red-ui-secondary-text-color); margin-left: 4px; }`;

const sheet = document.createElement('style');
sheet.textContent = rules;
document.head.append(sheet);
