import { useMemo } from 'react';

import { useWords } from '@/text/context';
import { Bar } from '@/ui/Bar';
import { Orb } from '@/ui/Orb';
import { cardFacts, type CardProfile } from './card-facts';

/** A dot that ends a line rather than begins one. */
const BETWEEN = '\u00a0· ';

export function Card({ profile, label }: { profile: CardProfile; label?: string }) {
  const words = useWords();
  const facts = useMemo(() => cardFacts(profile, words), [profile, words]);
  return (
    <article className="profile-card" aria-label={label ?? words.t.profile.card.label(facts.emotion)}>
      <Orb emotions={facts.colours} />
      <div className="card-glass">
        <p className="card-emotion">{facts.emotion}</p>
        {facts.then && <p className="card-small mt-1.5 card-soft">{facts.then}</p>}
        <dl className="mt-3 grid grid-cols-2 gap-4">
          {facts.figures.map(({ label, text, value }) => (
            <div key={label} className="flex flex-col">
              <dt className="card-small order-2 card-soft">{label}</dt>
              <dd className="order-1">
                <span className="card-figure">{text}</span>
                <Bar value={value} className="my-1 h-0.75" />
              </dd>
            </div>
          ))}
        </dl>
        {facts.genres.length > 0 && <p className="card-small mt-3 font-medium">{facts.genres.join(BETWEEN)}</p>}
        <p className={`card-small card-soft ${facts.genres.length ? 'mt-0.5' : 'mt-3'}`}>
          {facts.day}
          {BETWEEN}
          {facts.origin}
        </p>
      </div>
    </article>
  );
}
