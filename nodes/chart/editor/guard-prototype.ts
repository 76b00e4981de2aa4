/**
 * Node-RED's search keeps what it finds under every text a node holds, in a plain object (red.js 5.0, `indexProperty`). A box
 * called `__proto__` would so give properties to every object of the page, and nothing works after that. Nobody may do so.
 */
Object.preventExtensions(Object.prototype);
