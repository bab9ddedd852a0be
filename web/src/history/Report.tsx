/* What became of each row: what counts, what was left out and why, and who is not known. */
import { useEffect, useRef } from 'react';

import type { Import } from '@/api/types';
import { useWords } from '@/text/context';
import { FORMAT_NAMES, historyText } from '@/text/history';

/** The rows of each service together: one service may have sent several shapes. */
function byService(formats: Import['report']['formats']): [name: string, rows: number][] {
  const sums = new Map<string, number>();
  for (const { format, rows } of formats) {
    const name = FORMAT_NAMES[format] ?? format;
    sums.set(name, (sums.get(name) ?? 0) + rows);
  }
  return [...sums];
}

export function Report({ answer, onGo }: { answer: Import; onGo: () => void }) {
  const { t, format } = useWords();
  const words = historyText[t.lang].report;
  const { report, history, notes, unknown_artists: unknown } = answer;
  const number = (n: number) => format.number(n, 0);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const skipped = Object.entries(report.skipped).sort(([, a], [, b]) => b - a);

  return (
    <div className="grid gap-4">
      <div>
        <h3 ref={title} tabIndex={-1} className="text-caption text-ink-soft">
          {words.heading}
        </h3>
        <p className="text-title tabular-nums">{words.plays(number(report.plays))}</p>
        <p className="text-caption text-ink-soft">
          {report.first && report.last && `${words.span(format.day(report.first), format.day(report.last))} `}
          {words.coverage(format.percent(history.matched_share), number(history.matched_artists), number(history.artists))}
        </p>
      </div>
      <button type="button" className="button button-main justify-self-start" onClick={onGo}>
        {words.go}
      </button>
      <dl className="history-facts text-caption">
        <dt>{words.formatsLabel}</dt>
        {byService(report.formats).map(([name, rows]) => (
          <dd key={name}>{words.formats(name, number(rows))}</dd>
        ))}
        <dt>{words.skippedLabel}</dt>
        {skipped.length ? (
          skipped.map(([reason, rows]) => (
            <dd key={reason} className="tabular-nums">
              {number(rows)} · {words.skipped[reason] ?? reason}
            </dd>
          ))
        ) : (
          <dd>{words.skippedNone}</dd>
        )}
        {report.files_ignored > 0 && <dd>{words.ignored(report.files_ignored)}</dd>}
        {report.files_cut_short > 0 && <dd>{words.cut(report.files_cut_short)}</dd>}
        {notes.length > 0 && <dt>{words.notesLabel}</dt>}
        {notes.map((note) => (
          <dd key={note.id}>{note.text}</dd>
        ))}
      </dl>
      {unknown.length > 0 && (
        <details className="fold">
          <summary>{words.unknownLabel(unknown.length)}</summary>
          <p className="mb-2 text-caption text-ink-soft">{words.unknownText}</p>
          <ul className="grid gap-1 text-caption">
            {unknown.map(({ name, plays }) => (
              <li key={name} className="flex justify-between gap-3">
                <bdi className="min-w-0 truncate">{name}</bdi>
                <span className="shrink-0 text-ink-soft tabular-nums">{words.unknownPlays(number(plays))}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
