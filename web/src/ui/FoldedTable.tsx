/* A picture's numbers as a table, folded away below it. */
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** Head and body of the table. */
  children: ReactNode;
  /** It may be wider than its place: then it moves sideways within that. */
  wide?: boolean;
  open?: boolean;
  /** Classes of the fold and of the table. */
  className?: string;
  tableClassName?: string;
}

export function FoldedTable({ title, children, wide = false, open, className = '', tableClassName = '' }: Props) {
  const table = (
    <table className={`data-table ${tableClassName}`}>
      <caption className="sr-only">{title}</caption>
      {children}
    </table>
  );
  return (
    <details className={`fold ${className}`} open={open}>
      <summary>{title}</summary>
      {wide ? (
        <div className="overflow-x-auto" role="region" aria-label={title} tabIndex={0}>
          {table}
        </div>
      ) : (
        table
      )}
    </details>
  );
}
