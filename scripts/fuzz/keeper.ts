import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  attestResponseSchema,
  KEEPER_PROBLEMS,
  problemSchema,
  problemType,
  sharesRequestSchema,
  sharesResponseSchema,
} from '@chartkey/sdk';
import { toHex } from 'viem';
import { startStack } from '../lib/stack.ts';
import { type FuzzArea, repeatable } from './area.ts';
import { type Generated, generate } from './keeper/requests.ts';
import { holdOpen, sendLarge } from './keeper/slow.ts';
import { type Known, knownRequests } from './keeper/world.ts';

const AT_ONCE = 24;
const LARGE_MEGABYTES = 100;
const SLOW_CONNECTIONS = 60;
const MIB = 1_048_576;
/** What the process may grow by between the first fifth of a run and its end. */
const MAX_GROWTH_MIB = 96;

type Failure = { readonly why: string; readonly input: string };
type Answer = { readonly status: number; readonly type: string; readonly body: string };

/**
 * Throws generated requests at a keeper that runs as a process, with slow connections open all
 * the while and bodies of 100 MB in between. Each answer must be a problem document or a right
 * answer, the process must be the same at the end, and no larger.
 */
export const fuzz: FuzzArea['fuzz'] = async ({ runs, seed }) => {
  const env = { CHARTKEY_KEEPER_RATE_PER_ADDRESS: '0', CHARTKEY_KEEPER_RATE_PER_ACCESSOR: '0' };
  const stack = await startStack({ keeperCount: 2, env });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    const [keeper] = stack.keepers;
    if (!keeper) throw new Error('no keeper');
    const url = keeper.endpoint;
    const known = await knownRequests(stack);
    let alive = true;
    void keeper.service.exited.then(() => {
      alive = false;
    });
    const pick = repeatable(seed);
    const failures: Failure[] = [];
    const counts = { sent: 0, accepted: 0 };
    let early = 0;
    let letGo = holdOpen(url, SLOW_CONNECTIONS);
    let cut = 0;
    const lane = async () => {
      while (counts.sent < runs && alive) {
        const number = counts.sent++;
        if (number === Math.floor(runs / 5)) early = await residentMiB(url);
        if (number % Math.ceil(runs / 10) === 0) {
          await large(url, number, failures);
          cut += letGo();
          letGo = holdOpen(url, SLOW_CONNECTIONS);
        }
        const generated = generate(known, pick);
        const answer = await send(agent, url, generated).catch((cause: unknown) => String(cause));
        const why = typeof answer === 'string' ? answer : wrongWith(generated, answer, known);
        if (why) failures.push({ why: `${generated.kind}: ${why}`, input: shown(generated) });
        if (typeof answer !== 'string' && answer.status === 200) counts.accepted++;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    cut += letGo();
    if (!alive) failures.push({ why: 'the keeper died', input: keeper.service.tail() });
    else failures.push(...(await looked(url, early)));
    console.log(`keeper: ${cut} slow connections were closed by it`);
    return { runs: counts.sent, accepted: counts.accepted, refused: counts.sent - counts.accepted, failures };
  } finally {
    agent.destroy();
    await stack.close();
  }
};

/** After all: nothing that should not have failed did, and the process is not much larger. */
async function looked(url: string, early: number): Promise<Failure[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const late = await residentMiB(url);
  console.log(`keeper: ${early} MiB after a fifth of the run, ${late} MiB at its end`);
  const failures: Failure[] = [];
  const internal = /problems_total\{code="INTERNAL"\} (\d+)/.exec(metrics)?.[1];
  if (internal) failures.push({ why: `${internal} requests made it fail inside`, input: '' });
  if (late > early + MAX_GROWTH_MIB)
    failures.push({ why: `it grew from ${early} to ${late} MiB`, input: '' });
  return failures;
}

async function residentMiB(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Math.round(Number(/memory_bytes\{kind="resident"\} (\d+)/.exec(metrics)?.[1]) / MIB);
}

async function large(url: string, number: number, failures: Failure[]): Promise<void> {
  const status = await sendLarge(url, LARGE_MEGABYTES, number % 2 === 0);
  // It may cut the line rather than read on.
  if (status !== 413 && status !== undefined)
    failures.push({ why: `a body of 100 MB got ${status}`, input: '' });
}

function send(agent: Agent, url: string, { method, path, body, type }: Generated): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    const sending = request(url, { agent, method, path, headers, timeout: 30_000 }, (response) => {
      read(response).then(resolve, reject);
    });
    sending.on('timeout', () => sending.destroy(new Error('no answer in 30 s')));
    sending.on('error', reject);
    sending.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const type = response.headers['content-type'] ?? '';
  return { status: response.statusCode ?? 0, type, body: await text(response) };
}

/** Undefined if the answer is one that a keeper may give. */
function wrongWith(
  { method, path, body: sent, expected }: Generated,
  { status, type, body }: Answer,
  known: readonly Known[],
): string | undefined {
  if (method === 'HEAD' || method === 'OPTIONS') return status < 500 ? undefined : `status ${status}`;
  const json = parsed(body);
  if (status !== 200) return wrongProblem(json, { status, type, expected });
  if (path === '/v1/attest')
    return attestResponseSchema.safeParse(json).success ? undefined : 'not as attested';
  if (path !== '/v1/shares') return json === undefined ? 'no JSON' : undefined;
  const answer = sharesResponseSchema.safeParse(json);
  if (!answer.success) return 'not as the protocol has it';
  const outcomes = answer.data.results.map((one) => (one.status === 'refused' ? one.reason : one.status));
  if (expected === undefined) {
    const right = !outcomes.includes('released') || isGood(sent, known);
    return right ? undefined : `${outcomes.join()} for what nobody opened`;
  }
  return outcomes.every((outcome) => outcome === expected)
    ? undefined
    : `${outcomes.join()} instead of ${expected}`;
}

/** Whether a changed request still says what a good one says, as with a letter of an address in the other case. */
function isGood(sent: Generated['body'], known: readonly Known[]): boolean {
  const { data } = sharesRequestSchema.safeParse(parsed(new TextDecoder().decode(Buffer.from(sent ?? ''))));
  if (!data) return false;
  const asked = JSON.stringify({ ...data.opening, publicKey: toHex(data.publicKey) });
  return known.some(({ opening: { keyHash: _follows, ...opening }, publicKey, letters, expected }) => {
    const same = JSON.stringify({ ...opening, publicKey: toHex(publicKey) }) === asked;
    const has = (id: string, envelope: Uint8Array) =>
      letters.some((letter) => letter.recordId === id && toHex(letter.envelope) === toHex(envelope));
    return same && expected === 'released' && data.records.some((one) => has(one.recordId, one.envelope));
  });
}

function wrongProblem(
  json: unknown,
  { status, type, expected }: { status: number; type: string; expected: string | undefined },
): string | undefined {
  const problem = problemSchema.safeParse(json);
  if (!problem.success || type !== 'application/problem+json')
    return `status ${status} without a problem document`;
  const known = Object.entries(KEEPER_PROBLEMS).find(
    ([code]) => problemType(code as keyof typeof KEEPER_PROBLEMS) === problem.data.type,
  );
  if (!known || known[1].status !== status || problem.data.status !== status)
    return `problem ${problem.data.type}`;
  const [code] = known;
  if (code === 'INTERNAL' || code.startsWith('CHAIN_')) return `problem ${code}`;
  const right = expected === undefined || code === expected || code === 'INPUT_TOO_LARGE';
  return right ? undefined : `problem ${code} instead of ${expected}`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function shown({ method, path, body }: Generated): string {
  return `${method} ${path.slice(0, 200)} ${Buffer.from(body ?? '')
    .toString('hex')
    .slice(0, 20_000)}`;
}
