import { z } from 'zod';

// zod compiles parsers, and looks whether it may while it makes its first schema. A page's content
// security policy lets nothing compile code, and reports whoever tries.
if ('document' in globalThis) z.config({ jitless: true });

export { z };
