/* A failure for people: what happened, what is kept, what to do. */
import type { ReactNode } from 'react';

import type { Failure } from '@/api/failure';
import { useWords } from '@/text/context';

export function Notice({
  failure,
  kept = false,
  children,
}: {
  failure: Failure;
  /** Whether there are choices, which are kept. */
  kept?: boolean;
  children?: ReactNode;
}) {
  const { t } = useWords();
  const { what, todo } = t.errors[failure.kind];
  return (
    <div role="alert" className="panel p-6">
      <p className="font-semibold">{what}</p>
      <p className="mt-1 text-ink-soft">
        {kept && <>{t.errors.kept} </>}
        {todo}
      </p>
      {failure.detail && (
        <details className="fold mt-1">
          <summary>{t.errors.detail}</summary>
          <p lang="en" className="text-caption">
            {failure.detail}
          </p>
        </details>
      )}
      {children && <div className="mt-4 flex flex-wrap gap-3">{children}</div>}
    </div>
  );
}
