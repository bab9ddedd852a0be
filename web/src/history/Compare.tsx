/* "Compare with a friend": a code to give away, and a field for theirs. */
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';

import { asFailure, type Failure } from '@/api/failure';
import type { Comparison } from '@/api/types';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { copyText } from '@/ui/copy';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { compareWith, shareNumbers } from './calls';
import { ComparisonView } from './ComparisonView';

const CODE = /^[A-Za-z0-9_-]{22,64}$/;

function MyCode({ session }: { session: string }) {
  const { t } = useWords();
  const words = overTimeText[t.lang].compare;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);

  const copy = async (text: string) => setSaid((await copyText(text)) ? words.copied : words.notCopied);
  const make = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const made = await shareNumbers(session);
      setCode(made.code);
      await copy(made.code);
    } catch (error) {
      setFailure(asFailure(error));
    }
    setBusy(false);
  };
  /* The button that had the focus gives way to the field. */
  useEffect(() => {
    if (code) field.current?.select();
  }, [code]);

  return (
    <div className="grid content-start justify-items-start gap-3">
      <h3 className="font-semibold" id={id}>
        {words.mine}
      </h3>
      <p className="max-w-text text-caption text-ink-soft">{words.holds}</p>
      {code ? (
        <div className="code-row">
          <input ref={field} className="field code-field" readOnly value={code} aria-labelledby={id} onFocus={(event) => event.target.select()} />
          <button type="button" className="button button-line" onClick={() => void copy(code)}>
            {words.copy}
          </button>
        </div>
      ) : (
        <button type="button" className="button button-line" disabled={busy} onClick={() => void make()}>
          {words.make}
        </button>
      )}
      <Live text={said} shown />
      {failure && <Notice failure={failure} />}
    </div>
  );
}

/** run: which profile the session has now; a code for an older one, and what was found of it, are shown no more. */
export function Compare({ session, run }: { session: string; run: string }) {
  const { t } = useWords();
  const words = overTimeText[t.lang].compare;
  const id = useId();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [sentence, setSentence] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [found, setFound] = useState<{ run: string; comparison: Comparison } | null>(null);

  const compare = async (event: FormEvent) => {
    event.preventDefault();
    const code = typed.trim();
    setFailure(null);
    setSentence('');
    if (!CODE.test(code)) {
      setSentence(words.bad);
      return;
    }
    setBusy(true);
    try {
      setFound({ run, comparison: await compareWith(session, code, t.lang) });
    } catch (error) {
      const failed = asFailure(error);
      if (failed.kind === 'gone') setSentence(words.nobody);
      else setFailure(failed);
    }
    setBusy(false);
  };

  return (
    <>
      <p className="mb-6 max-w-text text-ink-soft">{words.lede}</p>
      <div className="grid gap-10 md:grid-cols-2 md:gap-16">
        <MyCode key={run} session={session} />
        <form className="grid content-start gap-3" noValidate onSubmit={(event) => void compare(event)}>
          <label htmlFor={id} className="font-semibold">
            {words.theirs}
          </label>
          <div className="code-row">
            <input
              id={id}
              className="field code-field"
              value={typed}
              placeholder={words.placeholder}
              autoComplete="off"
              autoCapitalize="off"
              autoCorrect="off"
              spellCheck={false}
              maxLength={80}
              aria-invalid={sentence !== '' || undefined}
              aria-describedby={sentence ? `${id}-sentence` : undefined}
              onChange={(event) => setTyped(event.target.value)}
            />
            <button type="submit" className="button button-main" disabled={busy}>
              {busy ? words.comparing : words.go}
            </button>
          </div>
          {sentence && (
            <p id={`${id}-sentence`} role="alert" className="text-caption">
              {sentence}
            </p>
          )}
          {failure && <Notice failure={failure} />}
        </form>
      </div>
      {found?.run === run && <ComparisonView comparison={found.comparison} />}
    </>
  );
}
