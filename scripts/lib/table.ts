/** Rows under a header, columns as wide as they need, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((count) => '─'.repeat(count)).join('  ');
  return `\n${[line(header), rule, ...rows.map(line)].join('\n')}\n`;
}

function pad(cell: string, to: number): string {
  const blanks = ' '.repeat(Math.max(0, to - width(cell)));
  return /^[\d,.]+( (B|kB|MB))?$/.test(cell) ? blanks + cell : cell + blanks;
}

/** Columns that a terminal gives to the text. */
function width(text: string): number {
  return [...new Intl.Segmenter('en').segment(text)].reduce(
    (sum, { segment }) => sum + (/\p{Extended_Pictographic}/u.test(segment) ? 2 : 1),
    0,
  );
}
