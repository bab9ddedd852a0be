/* A place for files on the page; over: something is held over the page and may be let go. */
import { useId, type ReactNode } from 'react';

export function Zone({ heading, over = false, children }: { heading: string; over?: boolean; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`drop-zone ${over ? 'drop-zone-over' : ''}`}>
      <h2 id={id} className="font-semibold">
        {heading}
      </h2>
      {children}
    </section>
  );
}
