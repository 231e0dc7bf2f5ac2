import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { deployChartkey, networkHelpers } from './support/chartkey.ts';
import { contractSources, undocumented } from './support/natspec.ts';

const ERRORS = new URL('../../docs/errors.md', import.meta.url);
const PROPERTIES = new URL('../../docs/properties.md', import.meta.url);

/** Entries for contracts stand under this heading; other parts have theirs under others. */
const HEADING = '## Contracts';

const entriesOf = (text: string): string[] => {
  const from = text.indexOf(HEADING);
  if (from < 0) throw new Error(`docs/errors.md has no heading "${HEADING}".`);
  const rest = text.slice(from + HEADING.length);
  const section = rest.slice(0, rest.search(/^## /m) < 0 ? undefined : rest.search(/^## /m));
  return [...section.matchAll(/^### `(\w+\(.*\))`$/gm)].map(([, signature = '']) => signature);
};

describe('docs/errors.md', () => {
  const errorsOfAbis = async (): Promise<string[]> => {
    const world = await networkHelpers.loadFixture(deployChartkey);
    const { participants, consents, records, log, guardianship, emergencies, keepers, view, forwarder } =
      world;
    const contracts = [
      participants,
      consents,
      records,
      log,
      guardianship,
      emergencies,
      keepers,
      view,
      forwarder,
    ];
    const found = new Set<string>();
    for (const { interface: abi } of contracts) {
      abi.forEachError((error) => {
        found.add(error.format('sighash'));
      });
    }
    return [...found].sort();
  };

  it('default: has an entry for every error of the contracts, and none that is stale', async () => {
    const entries = entriesOf(readFileSync(ERRORS, 'utf8'));
    expect(entries.toSorted()).to.deep.equal(await errorsOfAbis());
  });

  it('behavior: every entry says why, and how to solve it', () => {
    const text = readFileSync(ERRORS, 'utf8');
    for (const entry of entriesOf(text)) {
      const body = text.slice(text.indexOf(`### \`${entry}\``)).split(/\n#+ /, 1)[0] ?? '';
      expect(body, entry)
        .to.match(/\*\*Why:\*\* \S/)
        .and.to.match(/\*\*Solve:\*\* \S/);
    }
  });
});

describe('NatSpec', () => {
  const log = 'contracts/interfaces/IAccessLog.sol';
  const types = 'contracts/types/Types.sol';
  const contract = 'contracts/AccessLog.sol';

  it('default: whatever is called, watched or caught from outside has a word for each of its parts', () => {
    expect(undocumented(contractSources())).to.deep.equal([]);
  });

  it('behavior: an omission is found, wherever it is', () => {
    const sources = contractSources();
    const planted: readonly (readonly [file: string, was: string, becomes: string])[] = [
      [log, '/// @notice An opening was refused.', '/// @dev Nothing.'],
      [log, '/// @param freeAt', '/// and'],
      [log, '/// @return permitted How', '/// How'],
      [types, '/// @param deadline Unix', '/// Unix'],
      [contract, '/// @inheritdoc IAccessLog\n    function headOf', 'function headOf'],
    ];
    for (const [file, was, becomes] of planted) {
      const text = sources.get(file) ?? '';
      expect(text, file).to.include(was);
      sources.set(file, text.replace(was, becomes));
    }

    expect(undocumented(sources).toSorted()).to.deep.equal(
      [
        `${log} IAccessLog OpenRefused: @notice`,
        `${log} IAccessLog PlaceTaken: @param freeAt`,
        `${log} IAccessLog openRecords: @return permitted`,
        `${types} Voucher: @param deadline`,
        `${contract} AccessLog headOf: @notice`,
        `${contract} AccessLog headOf: @param patient`,
        `${contract} AccessLog headOf: @return head`,
        `${contract} AccessLog headOf: @return count`,
      ].toSorted(),
    );
  });
});

describe('docs/properties.md', () => {
  const tests = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.t.sol'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const story = readFileSync(new URL('./story.test.ts', import.meta.url), 'utf8');

  it('default: every property has a test that names it, and every number named is a property', () => {
    const numbered = [...readFileSync(PROPERTIES, 'utf8').matchAll(/^\| (P\d+) \|/gm)].map(([, n = '']) => n);
    const named = new Set([...tests, story].flatMap((text) => text.match(/\bP\d+\b|(?<=_)P\d+(?=_)/g) ?? []));
    expect([...named].sort()).to.deep.equal([...numbered].sort());
  });
});
