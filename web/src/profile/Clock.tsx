/* The time that is left, and the way to end it now. */
import { useEffect, useRef, useState } from 'react';

import { asFailure, type Failure } from '@/api/failure';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import { Notice } from '@/ui/Notice';

const MINUTE_MS = 60_000;

function useTimeLeft(expiresAt: string, onExpire: () => void): number {
  const [left, setLeft] = useState(() => Date.parse(expiresAt) - Date.now());
  useEffect(() => {
    const look = () => {
      const now = Date.parse(expiresAt) - Date.now();
      setLeft(now);
      if (now <= 0) onExpire();
    };
    look();
    const timer = setInterval(look, 15_000);
    return () => clearInterval(timer);
  }, [expiresAt, onExpire]);
  return Math.max(0, left);
}

interface Props {
  expiresAt: string;
  onExpire: () => void;
  onErase: () => Promise<void>;
}

export function Clock({ expiresAt, onExpire, onErase }: Props) {
  const { format } = useWords();
  const words = useDetails().clock;
  const minutes = Math.floor(useTimeLeft(expiresAt, onExpire) / MINUTE_MS);
  const [asking, setAsking] = useState(false);
  const [erasing, setErasing] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const begin = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking) keep.current?.focus();
  }, [asking]);

  const erase = async () => {
    setErasing(true);
    setFailure(null);
    try {
      await onErase();
    } catch (error) {
      setFailure(asFailure(error));
      setErasing(false);
    }
  };
  const stay = () => {
    setAsking(false);
    setFailure(null);
    requestAnimationFrame(() => begin.current?.focus());
  };

  return (
    <div className="grid justify-items-start gap-4">
      <p>
        <span className="tabular-nums">{words.left(words.hours(Math.floor(minutes / 60), minutes % 60))}</span>
        <span className="text-ink-soft">
          , <time dateTime={expiresAt}>{words.at(format.weekday(expiresAt), format.time(expiresAt))}</time>.
        </span>
      </p>
      {asking ? (
        <div role="group" aria-labelledby="erase-sure" className="panel p-6">
          <p id="erase-sure">{words.sure}</p>
          <div className="mt-4 flex flex-wrap gap-3">
            <button type="button" className="button button-main" disabled={erasing} onClick={() => void erase()}>
              {erasing ? words.erasing : words.yes}
            </button>
            <button ref={keep} type="button" className="button button-line" disabled={erasing} onClick={stay}>
              {words.no}
            </button>
          </div>
        </div>
      ) : (
        <button ref={begin} type="button" className="button button-line" onClick={() => setAsking(true)}>
          {words.erase}
        </button>
      )}
      {failure && <Notice failure={failure} />}
    </div>
  );
}
