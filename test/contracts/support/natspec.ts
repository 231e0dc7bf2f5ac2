import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What is read of the compiler's syntax tree. */
interface Node {
  readonly nodeType: string;
  readonly name?: string;
  readonly kind?: string;
  readonly visibility?: string;
  readonly documentation?: { readonly text: string } | null;
  readonly nodes?: readonly Node[];
  readonly members?: readonly Node[];
  readonly parameters?: { readonly parameters: readonly Node[] };
  readonly returnParameters?: { readonly parameters: readonly Node[] };
}

/** Path and text of every contract, interface, library and type. */
export function contractSources(): Map<string, string> {
  const files = readdirSync(join(ROOT, 'contracts'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sol'))
    .map((name) => `contracts/${name.replaceAll('\\', '/')}`);
  return new Map(files.sort().map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}

/**
 * Whatever can be called, watched or caught from outside and lacks a word: every external and public function,
 * constructor, public value, event, error and shared struct or enum needs a notice, and a word for each parameter, return value
 * and member; or says `@inheritdoc`, and the interface has them.
 */
export function undocumented(sources: ReadonlyMap<string, string>): string[] {
  return Object.entries(syntaxTrees(sources)).flatMap(([file, { ast }]) =>
    (ast.nodes ?? []).flatMap((node) =>
      node.nodeType === 'ContractDefinition'
        ? [node, ...(node.nodes ?? [])].flatMap((part) => missingOf(part, `${file} ${node.name}`, file))
        : missingOf(node, file, file),
    ),
  );
}

function missingOf(node: Node, where: string, file: string): string[] {
  if (!isSeen(node, file)) return [];
  const text = node.documentation?.text ?? '';
  if (/@inheritdoc \w/.test(text)) return [];
  const needed = [
    ...(node.kind === 'constructor' ? [] : ['@notice']),
    ...[...(node.parameters?.parameters ?? []), ...(node.members ?? [])]
      .filter(({ nodeType, name }) => nodeType === 'VariableDeclaration' && name)
      .map(({ name }) => `@param ${name}`),
    ...(node.returnParameters?.parameters ?? []).map(({ name }) => (name ? `@return ${name}` : '@return')),
  ];
  const label = `${where} ${node.kind === 'constructor' ? 'constructor' : node.name}`;
  return needed.filter((tag) => !new RegExp(`${tag}\\s+\\S`).test(text)).map((tag) => `${label}: ${tag}`);
}

function isSeen(node: Node, file: string): boolean {
  switch (node.nodeType) {
    case 'ContractDefinition':
    case 'EventDefinition':
    case 'ErrorDefinition':
      return true;
    case 'FunctionDefinition':
      return node.visibility === 'external' || node.visibility === 'public';
    case 'VariableDeclaration':
      return node.visibility === 'public';
    case 'StructDefinition':
    case 'EnumDefinition':
      // What a contract keeps for itself is told in its own words.
      return /contracts\/(types|interfaces)\//.test(file);
    default:
      return false;
  }
}

function syntaxTrees(sources: ReadonlyMap<string, string>): Record<string, { readonly ast: Node }> {
  const { compile } = createRequire(import.meta.url)('solc') as {
    readonly compile: (input: string, callbacks: object) => string;
  };
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([file, content]) => [file, { content }])),
    settings: { outputSelection: { '*': { '': ['ast'] } } },
  };
  const find = (file: string) => ({ contents: readFileSync(join(ROOT, 'node_modules', file), 'utf8') });
  const output = JSON.parse(compile(JSON.stringify(input), { import: find }));
  const wrong = (output.errors ?? []).filter(({ severity }: { severity: string }) => severity === 'error');
  if (wrong.length > 0) throw new Error(wrong[0].formattedMessage);
  return Object.fromEntries(
    Object.entries<{ ast: Node }>(output.sources).filter(([file]) => sources.has(file)),
  );
}
