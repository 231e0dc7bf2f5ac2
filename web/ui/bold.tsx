import type { ReactNode } from 'react';

/** For `<b>` in a text: `t.rich(key, { b: bold })`. */
export function bold(text: ReactNode): ReactNode {
  return <b>{text}</b>;
}
