import ts from 'typescript';

export type Literal = { readonly line: number; readonly text: string };

/** Names that are the same in every language. */
const NAMES = new Set(['Chartkey', 'age1…']);
/** Attributes and properties whose value people read, or hear from a screen reader. */
const READ = new Set([
  ...['alt', 'aria-label', 'aria-description', 'aria-valuetext', 'closeButtonLabel', 'description'],
  ...['detail', 'error', 'label', 'lead', 'placeholder', 'signs', 'text', 'thumbLabel', 'title', 'what'],
]);

/**
 * Words in a component's source that a page would show in one language only: text between tags, and
 * literals in attributes and properties that people read. Kept apart from keys by a capital or a space.
 */
export function literalsIn(path: string, source: string): readonly Literal[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, kind);
  const found: Literal[] = [];
  const visit = (node: ts.Node) => {
    const text = textAt(node);
    if (text !== undefined && !NAMES.has(text)) {
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function textAt(node: ts.Node): string | undefined {
  if (ts.isJsxText(node)) return worded(node.text, /\p{L}{2}/u);
  if (!isTextLiteral(node) || !isShown(node)) return undefined;
  return worded(wordsOf(node), /^[^a-z]*\p{Lu}\p{Ll}|\p{L}\P{L}+\p{L}{2}/u);
}

function worded(text: string, pattern: RegExp): string | undefined {
  const trimmed = text.replace(/\s+/g, ' ').trim();
  return pattern.test(trimmed) ? trimmed : undefined;
}

type TextLiteral = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression;

function isTextLiteral(node: ts.Node): node is TextLiteral {
  return (
    ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)
  );
}

function wordsOf(node: TextLiteral): string {
  if (!ts.isTemplateExpression(node)) return node.text;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
}

/** Up through conditions to where the value goes; a call's argument is the callee's affair. */
function isShown(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isShown(parent);
  if (ts.isParenthesizedExpression(parent)) return isShown(parent);
  if (ts.isBinaryExpression(parent)) return isValueOf(parent, node) && isShown(parent);
  if (ts.isJsxExpression(parent)) return ts.isJsxAttribute(parent.parent) ? isRead(parent.parent) : true;
  if (ts.isJsxAttribute(parent)) return isRead(parent);
  return ts.isPropertyAssignment(parent) && parent.initializer === node && isRead(parent);
}

function isValueOf({ operatorToken, left }: ts.BinaryExpression, node: ts.Node): boolean {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return left !== node;
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.PlusToken:
      return true;
    default:
      return false;
  }
}

function isRead(named: ts.JsxAttribute | ts.PropertyAssignment): boolean {
  return READ.has(named.name.getText().replace(/^['"]|['"]$/g, ''));
}
