#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// A call is one question of a program or one press of a key: what was compiled is kept, which halves
// its start. In a folder of one's own, as what lies there is run.
enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'chartkey'));

const { main } = await import('./chartkey.ts');
process.exitCode = await main(process.argv.slice(2));
