import ts from 'typescript';
import { argumentsOf, type Texts } from './texts-compare.ts';

/** `t('key', { … })` whose values are not those that the text of this key is filled with, one line each. */
export function wrongCallsIn(path: string, source: string, english: Texts): readonly string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const namespaces = namespacesIn(file);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node)) {
      for (const key of keysOf(node, namespaces)) {
        const text = english.get(key);
        const given = valuesOf(node);
        if (text === undefined || given === undefined) continue;
        const wanted = argumentsOf(text).replaceAll(/[<>]/g, '').split(', ').sort().join(', ');
        if (wanted === given) continue;
        const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push(`${path}:${line}: ${key} is given ${given}, and filled with ${wanted}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Names that translate in this file, each with its file of messages. */
function namespacesIn(file: ts.SourceFile): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', namespace = ''] of file.text.matchAll(
    /\b(\w+)(?: = useTranslations\(|: Translate<)'(\w+)'/g,
  )) {
    const kebab = namespace.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    // A name that stands for two of them is not looked at.
    found.set(name, found.has(name) && found.get(name) !== kebab ? '' : kebab);
  }
  return found;
}

function keysOf(
  { expression, arguments: [key] }: ts.CallExpression,
  namespaces: ReadonlyMap<string, string>,
) {
  const isRich = ts.isPropertyAccessExpression(expression) && expression.name.text === 'rich';
  const called = isRich ? expression.expression : expression;
  const namespace = ts.isIdentifier(called) ? namespaces.get(called.text) : undefined;
  return namespace && key ? literalsOf(key).map((name) => `${namespace}.${name}`) : [];
}

function literalsOf(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  if (!ts.isConditionalExpression(node)) return [];
  return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
}

/** As {@link argumentsOf} writes them; undefined for values that only the program knows. */
function valuesOf({ arguments: [, values] }: ts.CallExpression): string | undefined {
  if (values === undefined) return 'no argument';
  if (!ts.isObjectLiteralExpression(values)) return undefined;
  const names = values.properties.map((property) => property.name?.getText());
  return names.includes(undefined) ? undefined : names.sort().join(', ');
}
