/** The compiler from npm as other tools call theirs: JSON in, JSON out. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');
process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
