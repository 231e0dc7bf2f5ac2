/** A source file with one fault in it. */
export type Mutant = {
  /** `contracts/AccessLog.sol:87 flipped comparison` */
  readonly name: string;
  readonly operator: string;
  readonly file: string;
  /** The line as it was and as it became. */
  readonly was: string;
  readonly became: string;
  readonly original: string;
  readonly text: string;
};

type Operator = { readonly name: string; readonly find: RegExp; readonly become: string };

/** How many mutants of each operator a file gets at most, evenly over its places. */
const PER_OPERATOR = 5;

/** Up to the parenthesis that closes it, of whatever depth ours have; a check that reverts has an operator of its own. */
const CONDITION = /(?<=^ +)if \((?!.*revert)(?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)(?= )/gm;

const OPERATORS: readonly Operator[] = [
  { name: 'flipped comparison', find: / == /g, become: ' != ' },
  { name: 'flipped comparison', find: / != /g, become: ' == ' },
  { name: 'off by one in time', find: /block\.timestamp < /g, become: 'block.timestamp <= ' },
  { name: 'off by one in time', find: /block\.timestamp >= /g, become: 'block.timestamp > ' },
  { name: 'off by one in time', find: / <= block\.timestamp/g, become: ' < block.timestamp' },
  { name: 'off by one in time', find: / < block\.timestamp/g, become: ' <= block.timestamp' },
  { name: 'off by one in a limit', find: / > (?=[A-Z\d])/g, become: ' >= ' },
  { name: 'off by one in a limit', find: / < (?=[A-Z\d])/g, become: ' <= ' },
  { name: 'dropped check', find: /^ {8,12}if \(.*\) revert .*;$/gm, become: '' },
  { name: 'dropped check', find: /^ {8,12}_require\w+\(.*\);$/gm, become: '' },
  { name: 'a condition always holds', find: CONDITION, become: 'if (true)' },
  { name: 'a condition never holds', find: CONDITION, become: 'if (false)' },
  { name: 'and for or', find: / \|\| /g, become: ' && ' },
  { name: 'or for and', find: / && /g, become: ' || ' },
  { name: 'dropped change', find: /\.changedNow\(\)/g, become: '' },
  { name: 'dropped write', find: /^ {8,12}(_\w+\[.*\](\.\w+)? = |delete ).*;$/gm, become: '' },
  { name: 'dropped event', find: /^ {8,12}emit .*;$/gm, become: '' },
  { name: 'swapped argument', find: /\(patient, accessor/g, become: '(accessor, patient' },
  {
    name: 'swapped argument',
    find: /\(provider, application\.area/g,
    become: '(voucher.manager, application.area',
  },
  { name: 'swapped argument', find: /\(recordId, previous\b/g, become: '(previous, recordId' },
  { name: 'another number', find: /(?<=[\w)\]] )\+ 1\b/g, become: '+ 2' },
  { name: 'another number', find: /(?<=[\w)\]] )- 1\b/g, become: '- 0' },
  { name: 'another bit', find: / << (?=\d)/g, become: ' << 1 << ' },
  { name: 'another bit', find: / >> (?=\d)/g, become: ' >> 1 >> ' },
  { name: 'the other answer', find: /\breturn true;/g, become: 'return false;' },
  { name: 'the other answer', find: /\breturn false;/g, become: 'return true;' },
];

/** The faults that are planted in one file. */
export function mutantsOf(file: string, original: string): Mutant[] {
  return OPERATORS.flatMap(({ name, find, become }) => {
    const places = [...original.matchAll(find)].filter(({ index }) => isCode(lineAt(original, index)));
    const step = Math.max(1, places.length / PER_OPERATOR);
    const picked = places.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
    return picked.map(({ index, 0: found }) => {
      const text = original.slice(0, index) + become + original.slice(index + found.length);
      const line = original.slice(0, index).split('\n').length;
      return {
        name: `${file}:${line} ${name}`,
        operator: name,
        file,
        was: lineAt(original, index).trim(),
        became: lineAt(text, index).trim(),
        original,
        text,
      };
    });
  });
}

function lineAt(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.lastIndexOf('\n', index - 1) + 1, end < 0 ? undefined : end);
}

function isCode(line: string): boolean {
  return !/^\s*(\/\/|\/\*|\*|import|for \()/.test(line);
}
